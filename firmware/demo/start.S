/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest 1's prefix area as it lies in the image, its entry, and what C cannot say: interruptions, SERVICE CALL, SIE. */
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

/* GR2: address of the PSW that ends it all. */
        .globl  load_psw
load_psw:
        lpswe   0(%r2)

/* Comes with DAT off; guest 1's own storage has the same addresses then. Interrupted is guest 1 itself, or SIE: then general */
/* registers 0-13 are guest 2's, and the old PSW designates SIE, so that loading it lets guest 2 go on. */
program_interruption_entry:
        stmg    %r0, %r15, 0x400
        aghi    %r15, -160
        brasl   %r14, program_interruption
        lmg     %r0, %r15, 0x400
        lpswe   0x150

/* u64 service_call(command, sccb address): the condition code. Waits for the service signal of a command that was accepted. */
        .globl  service_call
service_call:
        .insn   rre, 0xb2200000, %r2, %r3       /* SERVC */
        ipm     %r2
        srl     %r2, 28
        llgfr   %r2, %r2
        ltgr    %r2, %r2
        bnzr    %r14
        epsw    %r0, %r1                        /* the interruption keeps DAT as it is now */
        nilh    %r0, 0x0400
        iilf    %r1, 0x80000000
        oill    %r0, 1
        larl    %r4, service_signal
        st      %r0, 0x1b0
        st      %r1, 0x1b4
        stg     %r4, 0x1b8
        oilh    %r0, 0x0102                     /* external interruptions, wait */
        st      %r0, 0x500
        st      %r1, 0x504
        stg     %r4, 0x508
        stctg   %c0, %c0, 0x510
        mvc     0x518(8), 0x510
        oi      0x51e, 0x02                     /* the service signal's subclass */
        lctlg   %c0, %c0, 0x518
        lpswe   0x500
service_signal:
        lctlg   %c0, %c0, 0x510
        br      %r14

/* void interpret(state description, general registers 0-13 of the guest) */
        .globl  interpret, sie_instruction
interpret:
        stmg    %r6, %r15, 48(%r15)
        stg     %r3, 24(%r15)
        lgr     %r14, %r2
        lmg     %r0, %r13, 0(%r3)
sie_instruction:
        sie     0(%r14)
        lg      %r14, 24(%r15)                  /* SIE brings back the SIE host's general registers 14 and 15 alone */
        stmg    %r0, %r13, 0(%r14)
        lmg     %r6, %r15, 48(%r15)
        br      %r14

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
