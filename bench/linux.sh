# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=dash
# The work of bench/compare --linux, run in the guest. The host looks at the emulator's processor time when it sees a mark; the guest
# sleeps meanwhile, so that it does not matter how soon that is.
mark() {
    echo "SIENA-MARK $1 $2"
    sleep 0.3
}

timed() { # NAME COMMAND...
    name=$1
    shift
    mark "$name" begin
    "$@" >/tmp/out || echo "SIENA-MARK $name failed"
    mark "$name" end
    echo "SIENA-SUM $name $(sha256sum </tmp/out)"
}

compile() {
    s390x-linux-gnu-gcc-14 -O2 -ffreestanding -S -o /tmp/kernels.s /source/kernels.c &&
        s390x-linux-gnu-as -o /tmp/kernels.o /tmp/kernels.s && cat /tmp/kernels.s
}

python() {
    for n in 1 2 3 4 5; do python3.13 -I -c "print($n)" || return 1; done
}

head -c 16777216 /usr/libexec/gcc/s390x-linux-gnu/14/cc1 >/tmp/data
head -c 4194304 /tmp/data >/tmp/small
# Neither KIMD nor KM, and no vector instructions, wherever there are some.
export OPENSSL_s390xcap=z900
[ "$(wc -c </tmp/small)" = 4194304 ] || echo 'SIENA-MARK data failed'
timed nothing true
timed getpid loops getpid 100000
timed pipe loops pipe 5000
timed faults loops faults 25000
timed execs /bin/loops execs 200
timed compile compile
timed sha256 openssl dgst -sha256 /tmp/data
timed aes openssl enc -aes-128-cbc -nosalt -K 000102030405060708090a0b0c0d0e0f -iv 000102030405060708090a0b0c0d0e0f -in /tmp/data
timed python python
timed gzip /usr/bin/gzip -nc /tmp/small
