/* SPDX-License-Identifier: BSD-3-Clause */
/* What a SIE host needs and C cannot say: SERVICE CALL with its interruption, SIE with the guest's registers, the end. Guest 1 has */
/* it, and so do the programs of tests/sie_programs. 500-52F of the prefix area are used here. */
        .text

/* GR2: address of the PSW that ends it all. */
        .globl  load_psw
load_psw:
        lpswe   0(%r2)

/* u64 service_call(command, sccb address): the condition code. Waits for the service signal of a command that was accepted. */
        .globl  service_call
service_call:
        .insn   rre, 0xb2200000, %r2, %r3       /* SERVC */
        ipm     %r2
        srl     %r2, 28
        llgfr   %r2, %r2
        ltgr    %r2, %r2
        bnzr    %r14
        mvc     0x510(16), 0x1b0
        epsw    %r0, %r1                        /* the interruption keeps DAT and address space as they are now */
        nilh    %r0, 0x0400
        nill    %r0, 0xc000
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
        stctg   %c0, %c0, 0x520
        lg      %r4, 0x520
        oill    %r4, 0x0200                     /* the service signal's subclass */
        stg     %r4, 0x528
        lctlg   %c0, %c0, 0x528
        lpswe   0x500
service_signal:
        lctlg   %c0, %c0, 0x520
        mvc     0x1b0(16), 0x510
        br      %r14

/* void interpret(state description, general registers 0-13 of the guest) */
        .globl  interpret, sie_instruction, sie_done
interpret:
        stmg    %r6, %r15, 48(%r15)
        stg     %r3, 24(%r15)
        lgr     %r14, %r2
        lmg     %r0, %r13, 0(%r3)
sie_instruction:
        sie     0(%r14)
sie_done:
        lg      %r14, 24(%r15)                  /* SIE brings back the SIE host's general registers 14 and 15 alone */
        stmg    %r0, %r13, 0(%r14)
        lmg     %r6, %r15, 48(%r15)
        br      %r14
        .section .note.GNU-stack, "", @progbits
