/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest 1's prefix area as it lies in the image, its entry, and its program interruptions. */
        .section .lowcore, "a"
        .org    0
        .long   0x00080000, 0x80000000 + start  /* IPL PSW, short form, 64-bit addressing is set by the loader */
        .org    0x1a0
        .quad   0x0002000180000000, 0x1a0       /* restart: not expected */
        .quad   0, 0                            /* external: set while a service call is waited for */
        .quad   0x0002000180000000, 0x1c0       /* supervisor call: not expected */
        .quad   0x0000000180000000, program_interruption_entry
        .quad   0x0002000180000000, 0x1e0       /* machine check: not expected */
        .quad   0x0002000180000000, 0x1f0       /* input/output: not expected */
        .org    0x2000

        .section .text.start, "ax"
        .globl  start
start:
        larl    %r15, stack_end - 160
        brasl   %r14, guest1
        j       .

/* Comes with DAT off; guest 1's own storage has the same addresses then. Interrupted is guest 1 itself, or SIE: then general */
/* registers 0-13 are guest 2's, and the old PSW designates SIE, so that loading it lets guest 2 go on. */
program_interruption_entry:
        stmg    %r0, %r15, 0x400
        aghi    %r15, -160
        brasl   %r14, program_interruption
        lmg     %r0, %r15, 0x400
        lpswe   0x150

        .section .rodata
        .balign 8
        .globl  guest2_image, guest2_image_end
guest2_image:
        .incbin "guest2.bin"
guest2_image_end:

        .section .bss
        .balign 8
        .space  4096
stack_end:
        .section .note.GNU-stack, "", @progbits
