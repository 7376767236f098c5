/* SPDX-License-Identifier: BSD-3-Clause */
/* /bin/loops getpid|pipe|faults|execs NUMBER: what a Linux guest does most, so many times. It executes itself by the name it was given. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int good, const char* what) {
  if (good) return;
  perror(what);
  exit(1);
}

static void getpid_loop(long number) {
  for (; number > 0; --number) check(syscall(SYS_getpid) > 0, "getpid");
}

/* One byte to another process and back. */
static void pipe_loop(long number) {
  int there[2], back[2];
  char byte = 0;
  check(pipe(there) == 0 && pipe(back) == 0, "pipe");
  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    for (; number > 0; --number) check(read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1, "child");
    _exit(0);
  }
  for (; number > 0; --number) check(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1, "parent");
  int status = 1;
  check(waitpid(child, &status, 0) == child && status == 0, "waitpid");
}

/* Pages touched for the first time, 256 of a mapping. */
static void fault_loop(long number) {
  enum { kPages = 256, kPage = 4096 };
  for (; number > 0; number -= kPages) {
    char* pages = mmap(0, kPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(pages != MAP_FAILED, "mmap");
    for (long i = 0; i < kPages; ++i) pages[i * kPage] = 1;
    check(munmap(pages, kPages * kPage) == 0, "munmap");
  }
}

static void exec_loop(char* self, long number) {
  for (; number > 0; --number) {
    const pid_t child = fork();
    check(child >= 0, "fork");
    if (child == 0) {
      execl(self, self, "getpid", "1", (char*)0);
      _exit(1);
    }
    int status = 1;
    check(waitpid(child, &status, 0) == child && status == 0, "waitpid");
  }
}

int main(int count, char** words) {
  if (count != 3) return 2;
  const long number = atol(words[2]);
  if (strcmp(words[1], "getpid") == 0)
    getpid_loop(number);
  else if (strcmp(words[1], "pipe") == 0)
    pipe_loop(number);
  else if (strcmp(words[1], "faults") == 0)
    fault_loop(number);
  else if (strcmp(words[1], "execs") == 0)
    exec_loop(words[0], number);
  else
    return 2;
  return 0;
}
