/* SPDX-License-Identifier: BSD-3-Clause */
/* The oracle: a static s390x program, run by qemu-s390x, which executes each case of a file and writes down how it ended.
   oracle FILE FIRST COUNT */
#include "record.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* oracle_entry.s */
void enter(const struct random_state* before, void (*go)(void));
void go_31(void);
void go_64(void);
void leave(void) __attribute__((noreturn));
extern struct random_state after;

/* Access registers 0 and 1 are the case's, not the thread pointer: nothing here may use thread-local data. */
static void handler(int signal, siginfo_t* info, void* context) {
  const ucontext_t* uc = context;
  const mcontext_t* m = &uc->uc_mcontext;
  after.address = m->psw.addr;
  after.cc = (uint32_t)((m->psw.mask >> 40) & 0x3F) << 24;
  for (int i = 0; i < 16; ++i) {
    after.gr[i] = m->gregs[i];
    after.ar[i] = m->aregs[i];
    memcpy(&after.fpr[i], &m->fpregs.fprs[i], 8);
  }
  after.fpc = m->fpregs.fpc;
  after.signal = (uint32_t)signal;
  after.signal_code = (uint32_t)info->si_code;
  leave();
}

static void* map(uint64_t address, uint64_t length, int protection) {
  void* p = mmap((void*)address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (p != (void*)address) exit(3);
  return p;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long first = atol(argv[2]), count = atol(argv[3]);
  const int file = open(argv[1], O_RDWR);
  struct random_record* records =
      mmap(NULL, (size_t)count * sizeof *records, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (records == MAP_FAILED) return 3;
  uint8_t* code = map(RANDOM_CODE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
  uint8_t* read_only = map(RANDOM_READ_ONLY, 4096, PROT_READ | PROT_WRITE);
  for (int i = 0; i < 4096; ++i) read_only[i] = RANDOM_READ_ONLY_BYTE(i);
  mprotect(read_only, 4096, PROT_READ);
  uint8_t* data = map(RANDOM_DATA, RANDOM_DATA_SIZE, PROT_READ | PROT_WRITE);

  static uint8_t stack[1 << 16];
  const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  static const int signals[] = {SIGILL, SIGSEGV, SIGFPE, SIGTRAP, SIGBUS};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; ++i) sigaction(signals[i], &action, NULL);

  for (long i = first; i < count; ++i) {
    struct random_record* r = &records[i];
    memcpy(code, r->code, RANDOM_CODE_SIZE);
    memcpy(data, r->data_before, RANDOM_DATA_SIZE);
    after.signal = after.signal_code = 0;
    enter(&r->before, r->addressing == 31 ? go_31 : go_64);
    r->after = after;
    memcpy(r->data_after, data, RANDOM_DATA_SIZE);
    r->done = 1;
  }
  return 0;
}
