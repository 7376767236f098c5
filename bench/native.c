/* SPDX-License-Identifier: BSD-3-Clause */
/* native KERNEL [ROUNDS]: the kernels as a program of the host. */
#include "kernels.h"

#include <stdio.h>

int main(int count, char** words) {
  char text[128], line[64];
  if (count < 2) return 2;
  snprintf(text, sizeof text, count > 2 ? "%s %s" : "%s", words[1], count > 2 ? words[2] : "");
  const unsigned length = run_kernel(kernels, text, line);
  fwrite(line, 1, length, stdout);
  return length == 0;
}
