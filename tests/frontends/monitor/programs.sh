# SPDX-License-Identifier: BSD-3-Clause
# Sourced with a directory as argument: puts three programs there as ELF kernels. `loop` runs for ever, `off` powers off, `panic` ends
# in a disabled wait at 0xdead.
program() {
    local name=$1
    shift
    printf '%s\n' '.globl _start' '_start:' "$@" | s390x-linux-gnu-as -march=z13 -o "$work/$name.o" - &&
        s390x-linux-gnu-ld -Ttext=0x10000 -o "$work/$name" "$work/$name.o"
}
work=$1
program loop 'j .' &&
    program off 'larl %r1,0f' 'lpswe 0(%r1)' '.balign 8' '0: .quad 0x0002000180000000, 0xfff' &&
    program panic 'larl %r1,0f' 'lpswe 0(%r1)' '.balign 8' '0: .quad 0x0002000180000000, 0xdead'
