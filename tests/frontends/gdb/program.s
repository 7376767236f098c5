# SPDX-License-Identifier: BSD-3-Clause
# A program to be debugged: goes round for ever, with a call, a supervisor call, a clock, a floating-point sum and a table of words.
        .globl  _start, round, twice, handler, words, count
        .text
_start: larl    %r1,svc_psw
        mvc     0x1c0(16),0(%r1)
        larl    %r1,cr0
        lctlg   %c0,%c0,0(%r1)
        lghi    %r2,1
        lghi    %r5,0
        lzdr    %f0
round:  brasl   %r14,twice
        stgrl   %r2,count
        svc     7
        larl    %r3,words
        llgcr   %r4,%r5
        nill    %r4,0x38
        stg     %r2,0(%r4,%r3)
        xg      %r2,8(%r3)
        stck    0(%r3)
        lg      %r7,0(%r3)
        stidp   8(%r3)
        lg      %r8,8(%r3)
        lghi    %r0,1
        stfle   16(%r3)
        stpt    32(%r3)
        mvc     40(24,%r3),0(%r3)
        cdgbr   %f2,%r5
        adbr    %f0,%f2
        lgdr    %r11,%f0
        aghi    %r5,8
        clgfi   %r5,0x1000
        ipm     %r9
        j       round

twice:  lgr     %r6,%r2
        agr     %r2,%r6
        aghi    %r2,1
        br      %r14

handler:
        lgr     %r10,%r2
        tm      0x8b,7
        lpswe   0x140

        .data
        .balign 16
svc_psw:
        .quad   0x0000000180000000, handler
cr0:    .quad   0x00000000000400e0
count:  .quad   0
words:  .fill   16,8,0
