# SPDX-License-Identifier: BSD-3-Clause
# A program of which a part is never executed.
        .globl  _start, called, not_called
        .text
_start: lghi    %r2,3
round:  brasl   %r14,called
        brctg   %r2,round
        ltgr    %r2,%r2
        jz      end
        lghi    %r3,1
        brasl   %r14,not_called
end:    larl    %r1,end_psw
        lpswe   0(%r1)

        .type   called,@function
called: aghi    %r4,1
        br      %r14

        .type   not_called,@function
not_called:
        aghi    %r4,2
        br      %r14

        .data
        .balign 16
end_psw:
        .quad   0x0002000180000000, 0xfff
