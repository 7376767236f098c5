/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest 2 starts here with DAT off, at its real address. All code and data are addressed relative to the instruction, so the */
/* same code runs real now and virtual as soon as the tables are there. */
        .section .text.start, "ax"
        .globl  start
start:
        larl    %r15, stack_end - 160
        brasl   %r14, switch_to_virtual
        larl    %r1, virtual_psw
        lpswe   0(%r1)
at_virtual:
        larl    %r15, stack_end - 160
        brasl   %r14, guest2
        larl    %r1, quiesced_psw
        lpswe   0(%r1)

        .section .data
        .balign 8
virtual_psw:
        .quad   0x0400000180000000, at_virtual
quiesced_psw:
        .quad   0x0002000180000000, 0xfff

        .section .bss
        .balign 8
        .space  2048
stack_end:
        .section .note.GNU-stack, "", @progbits
