// SPDX-License-Identifier: BSD-3-Clause
// Runs in the guest: loads an s390x kernel image and its initial RAM disk with kexec_load and starts it.
//
//   kexec KERNEL INITRD COMMAND-LINE
//
// The image is entered at 0x10000; its parameters lie behind: initial RAM disk's start at 0x10408, size at 0x10410, command line at
// 0x10480 (Linux, Documentation/s390 and arch/s390/include/asm/setup.h).
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kEntry = 0x10000, kInitrdStart = 0x408, kInitrdSize = 0x410, kCommandLine = 0x480, kCommandLineSize = 896 };
static const uint64_t kInitrdAddress = 0x10000000; // 256 MiB: above what the kernel needs to unpack itself

static struct kexec_segment read_segment(const char* name, uint64_t skip, uint64_t address) {
  struct kexec_segment segment = {0};
  struct stat status;
  const int file = open(name, O_RDONLY);
  if (file < 0 || fstat(file, &status) != 0 || (uint64_t)status.st_size <= skip) {
    perror(name);
    exit(1);
  }
  segment.bufsz = (size_t)status.st_size - skip;
  segment.memsz = (segment.bufsz + 4095) & ~4095UL;
  segment.mem = (const void*)address;
  char* buffer = calloc(1, segment.memsz);
  for (size_t have = 0; buffer && have < segment.bufsz;) {
    const ssize_t n = pread(file, buffer + have, segment.bufsz - have, (off_t)(skip + have));
    if (n <= 0) {
      perror(name);
      exit(1);
    }
    have += (size_t)n;
  }
  segment.buf = buffer;
  return segment;
}

int main(int argc, char** argv) {
  if (argc != 4 || strlen(argv[3]) >= kCommandLineSize) {
    fputs("usage: kexec KERNEL INITRD COMMAND-LINE\n", stderr);
    return 2;
  }
  struct kexec_segment segments[2] = {read_segment(argv[1], kEntry, kEntry), read_segment(argv[2], 0, kInitrdAddress)};
  char* parameters = (char*)segments[0].buf;
  const uint64_t initrd_size = segments[1].bufsz;
  memcpy(parameters + kInitrdStart, &kInitrdAddress, 8);
  memcpy(parameters + kInitrdSize, &initrd_size, 8);
  memset(parameters + kCommandLine, 0, kCommandLineSize);
  strcpy(parameters + kCommandLine, argv[3]);
  if (syscall(SYS_kexec_load, (unsigned long)kEntry, 2UL, segments, (unsigned long)KEXEC_ARCH_S390) != 0) {
    perror("kexec_load");
    return 1;
  }
  puts("kexec: starting the loaded kernel");
  fflush(stdout);
  sync();
  reboot(RB_KEXEC);
  perror("kexec: reboot");
  return 1;
}
