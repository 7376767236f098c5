/* SPDX-License-Identifier: BSD-3-Clause */
/* Start of a SIE host, its interruptions, SIE in unusual places. The host runs in the home space, which is real storage (CR13 holds a */
/* real-space designation), so that CR1 is free for the guest's storage. Offsets 400-4FF of each CPU's prefix area are the */
/* record of interruptions (runtime/host.h). */
#define SAVED           0x400
#define PROGRAM_COUNT   0x480
#define PROGRAM_CODE    0x488
#define PROGRAM_TEID    0x490
#define PROGRAM_OLD     0x498
#define PROGRAM_ACCESS  0x4a8
#define RESUME          0x4b0
#define EXTERNAL_COUNT  0x4b8
#define EXTERNAL_CODE   0x4c0
#define EXTERNAL_OLD    0x4c8
#define STACK           0x4d8
#define CPU_MAIN        0x4e0
#define SCRATCH         0x4e8

        .section .text.start, "ax"
        .globl  start
start:
        larl    %r1, stack_end - 160
        stg     %r1, STACK
        larl    %r1, host_main
        stg     %r1, CPU_MAIN
        lghi    %r2, 0
        larl    %r15, stack_end - 160
        brasl   %r14, prepare_prefix_area
        j       cpu_start

/* Each CPU begins here with DAT off, its prefix area ready. */
        .globl  cpu_start
cpu_start:
        larl    %r1, control_registers
        lctlg   %c0, %c15, 0(%r1)
        larl    %r1, home_psw
        lpswe   0(%r1)
in_home_space:
        lg      %r15, STACK
        lg      %r1, CPU_MAIN
        basr    %r14, %r1
        j       .

        .globl  program_entry
program_entry:
        stmg    %r0, %r15, SAVED
        lghi    %r1, 1
        ag      %r1, PROGRAM_COUNT
        stg     %r1, PROGRAM_COUNT
        mvc     PROGRAM_CODE(4), 0x8c
        mvc     PROGRAM_TEID(8), 0xa8
        mvc     PROGRAM_OLD(16), 0x150
        mvc     PROGRAM_ACCESS(1), 0xa0
        lg      %r1, 0x158
        larl    %r2, sie_instruction
        slgr    %r1, %r2
        clgfi   %r1, 4
        jh      1f
        larl    %r1, sie_done
        j       2f
1:      lg      %r1, RESUME
        xc      RESUME(8), RESUME
        ltgr    %r1, %r1
        jz      3f
        ni      0x151, 0xfe                     /* whoever is probed in the problem state comes back in the supervisor state */
2:      stg     %r1, 0x158
        lmg     %r0, %r15, SAVED
        lpswe   0x150
3:      larl    %r15, emergency_stack_end - 160
        larl    %r1, stopped_psw
        mvc     SCRATCH(16), 0(%r1)             /* a program interruption in the report of one ends the program at once */
        mvc     0x1d0(16), SCRATCH
        brasl   %r14, unexpected_program_interruption

        .globl  external_entry
external_entry:
        stmg    %r0, %r15, SAVED
        lghi    %r1, 1
        ag      %r1, EXTERNAL_COUNT
        stg     %r1, EXTERNAL_COUNT
        mvc     EXTERNAL_CODE(4), 0x84
        mvc     EXTERNAL_OLD(16), 0x130
        ni      0x131, 0xfd                     /* whoever waited goes on, and takes no second one */
        ni      0x130, 0xfe
        lg      %r1, 0x138
        larl    %r2, sie_instruction
        slgr    %r1, %r2
        clgfi   %r1, 4
        jh      1f
        larl    %r1, sie_done
        stg     %r1, 0x138
1:      lmg     %r0, %r15, SAVED
        lpswe   0x130

/* u64 execute_sie(state description) */
        .globl  execute_sie
execute_sie:
        stmg    %r6, %r15, 48(%r15)
        lgr     %r14, %r2
        exrl    %r0, 1f
        lghi    %r2, 1
        j       2f
1:      sie     0(%r14)
        lghi    %r2, 2
2:      lmg     %r6, %r15, 48(%r15)
        br      %r14

/* void probe_sie(operand): a SIE whose program interruption is looked at afterwards. */
        .globl  probe_sie, probe_sie_in_problem_state
probe_sie:
        stmg    %r6, %r15, 48(%r15)
        larl    %r1, probed
        stg     %r1, RESUME
        .globl  probed_sie
probed_sie:
        sie     0(%r2)
        .globl  probed
probed: lmg     %r6, %r15, 48(%r15)
        xc      RESUME(8), RESUME
        br      %r14
probe_sie_in_problem_state:
        stmg    %r6, %r15, 48(%r15)
        larl    %r1, probed
        stg     %r1, RESUME
        larl    %r1, problem_psw
        lpswe   0(%r1)

        .section .data
        .balign 8
        .globl  control_registers
control_registers:
        .quad   0x400e0                         /* 0: additional floating-point registers */
        .quad   0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        .quad   0x20                            /* 13: the home space is real storage */
        .quad   0, 0
home_psw:
        .quad   0x0400c00180000000, in_home_space
problem_psw:
        .quad   0x0401c00180000000, probed_sie
stopped_psw:
        .quad   0x0002000180000000, 0xbad1

        .section .bss
        .balign 8
        .space  16384
stack_end:
        .space  16384
emergency_stack_end:
        .section .note.GNU-stack, "", @progbits
