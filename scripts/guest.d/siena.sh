# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=dash
# Functions for /init, the scripts and the interactive shell (". /lib/siena.sh").

# modprobe asks for the kernel release as a folder name; a kernel without one has no modules here.
load_drivers() {
    [ -d "/lib/modules/$(uname -r)" ] || return 0
    for driver in virtio_console virtio_blk virtio_net virtio_rng; do
        modprobe -q $driver 2>/dev/null
    done
    return 0
}

# exit_port: the device of the virtio-console port through which the host wants a status, if any.
exit_port() {
    for entry in /sys/class/virtio-ports/*; do
        if [ "$(cat "$entry/name" 2>/dev/null)" = siena.exit ]; then
            echo "/dev/${entry##*/}"
            return 0
        fi
    done
    return 1
}

# siena_exit STATUS: tell the host a decimal status, then power off.
siena_exit() {
    echo "SIENA-EXIT ${1:-0}"
    if port=$(exit_port); then
        # A host that does not listen must not keep the guest from powering off.
        STATUS=${1:-0} PORT=$port timeout 5 sh -c 'echo "$STATUS" >"$PORT"'
    fi
    sync
    poweroff -f
}

run_script() {
    if [ ! -f "/scripts/$1" ]; then
        echo "SIENA-SCRIPT $1 does not exist"
        return 127
    fi
    sh "/scripts/$1"
    result=$?
    echo "SIENA-SCRIPT $1 status $result"
    return $result
}
