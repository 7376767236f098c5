# SPDX-License-Identifier: BSD-3-Clause
# In and out of a case with all registers its own. Offsets are those of struct random_state.
        .set    EXIT, 0x5A400000

        .text
        .globl  enter
        .type   enter, @function
enter:  larl    %r1,host
        stmg    %r6,%r15,0(%r1)
        stam    %a0,%a15,80(%r1)
        std     %f8,144(%r1)
        std     %f9,152(%r1)
        std     %f10,160(%r1)
        std     %f11,168(%r1)
        std     %f12,176(%r1)
        std     %f13,184(%r1)
        std     %f14,192(%r1)
        std     %f15,200(%r1)
        lfpc    320(%r2)
        .irp    n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        ld      %f\n,128+8*\n(%r2)
        .endr
        lam     %a0,%a15,256(%r2)
        br      %r3

# The last steps in each addressing mode: neither changes the condition code.
        .macro  go name
        .globl  \name
        .type   \name, @function
\name:  l       %r1,324(%r2)
        spm     %r1
        lmg     %r0,%r15,0(%r2)
        .endm
        go      go_64
        jg      random_code
        go      go_31
        sam31
        jg      random_code

# Placed at EXIT by the linker.
        .section .exit,"ax",@progbits
        sam64
        .irp    n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        stgrl   %r\n,after+8*\n
        .endr
        larl    %r2,after
        lghi    %r1,0
        ipm     %r1
        st      %r1,324(%r2)
        .irp    n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        std     %f\n,128+8*\n(%r2)
        .endr
        stam    %a0,%a15,256(%r2)
        stfpc   320(%r2)
        lgfi    %r1,EXIT
        stg     %r1,328(%r2)
        jg      leave

        .text
        .globl  leave
        .type   leave, @function
leave:  larl    %r1,host
        lam     %a0,%a15,80(%r1)
        ld      %f8,144(%r1)
        ld      %f9,152(%r1)
        ld      %f10,160(%r1)
        ld      %f11,168(%r1)
        ld      %f12,176(%r1)
        ld      %f13,184(%r1)
        ld      %f14,192(%r1)
        ld      %f15,200(%r1)
        lghi    %r0,0
        sfpc    %r0
        lmg     %r6,%r15,0(%r1)
        br      %r14

        .bss
        .balign 16
host:   .skip   208
        .globl  after
after:  .skip   344
        .section .note.GNU-stack,"",@progbits
