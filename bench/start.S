/* SPDX-License-Identifier: BSD-3-Clause */
/* Entry at 0x10000 in the 64-bit mode, command line at 0x10480: the place where loaders put a Linux kernel and its words. */
        .section .head, "ax"
        .globl  start
start:  j       begin
        .org    0x430
        .quad   0x380                   # longest command line
        .org    0x480
words:  .fill   0x380, 1, 0
begin:  larl    %r15, stack_end - 160
        larl    %r1, failed
        mvc     0x1D0(16), 0(%r1)       # program new PSW
        larl    %r1, continue
        mvc     0x1B0(16), 0(%r1)       # external new PSW
        stctg   %c0, %c0, 0xE00(0)
        oi      0xE05(0), 0x04          # all floating-point registers: the compiler keeps general ones in them
        lctlg   %c0, %c0, 0xE00(0)
        larl    %r2, words
        brasl   %r14, guest_main
        larl    %r1, quiesce
        lpswe   0(%r1)

        .globl  service_call
service_call:
        oi      0xE06(0), 0x02          # let service signals in
        lctlg   %c0, %c0, 0xE00(0)
        .insn   rre, 0xB2200000, %r2, %r3
        larl    %r1, wait
        lpswe   0(%r1)
return: br      %r14

        .balign 16
continue: .quad 0x0000000180000000, return
wait:     .quad 0x0102000180000000, 0
quiesce:  .quad 0x0002000180000000, 0xFFF
failed:   .quad 0x0002000180000000, 0xBAD

        .bss
        .balign 16
        .space  65536
stack_end:
        .section .note.GNU-stack, "", @progbits
