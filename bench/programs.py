# SPDX-License-Identifier: BSD-3-Clause
"""What the benchmarks share: building the programs, running one and taking its processor time, and describing the host."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
KERNELS = {'alu': 20, 'sieve': 2, 'stride': 2, 'chase': 20, 'calls': 5, 'indirect': 20, 'sha256': 1, 'floating': 20, 'copy': 20,
           'copy_variable': 20, 'compare': 20, 'compare_variable': 20, 'atomic': 20}  # and rounds that are enough for a check
QEMU = 'qemu-system-s390x'
# Without contraction: the guest's fused multiplication would round once where the host's two instructions round twice.
FLAGS = ['-O2', '-ffp-contract=off']
GUEST_FLAGS = ['-march=zEC12', '-ffreestanding', '-fno-pic', '-no-pie', '-fno-tree-loop-distribute-patterns', '-nostdlib',
               '-static', '-Wl,--build-id=none', f'-Wl,-T,{HERE}/guest.ld', '-Wl,--no-warn-rwx-segments']
LIMIT = 900  # seconds: only a run that hangs takes longer


def fail(text):
    sys.exit(f'bench/{pathlib.Path(sys.argv[0]).name}: {text}')


def need(program, package):
    """Installs what is missing, as scripts/test does."""
    if shutil.which(program) is None:
        sudo = [] if os.geteuid() == 0 else ['sudo']
        subprocess.run([*sudo, 'apt-get', 'install', '-y', '--no-install-recommends', package],
                       check=True, stdout=subprocess.DEVNULL)


def build(work):
    """The kernels as a program of the host and as one for a machine without an operating system."""
    need('s390x-linux-gnu-gcc', 'gcc-s390x-linux-gnu')
    need('gcc', 'gcc')
    native, guest = work / 'native', work / 'guest'
    subprocess.run(['gcc', *FLAGS, HERE / 'native.c', HERE / 'kernels.c', '-o', native], check=True)
    subprocess.run(['s390x-linux-gnu-gcc', *FLAGS, *GUEST_FLAGS, HERE / 'start.S', HERE / 'guest.c', HERE / 'kernels.c',
                    HERE / 'interpretive.c', '-o', guest],
                   check=True)
    return native, guest


class Ran:
    """One run of a command, which must end with status 0: its processor seconds and what it wrote."""

    def __init__(self, command):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            started = time.monotonic()
            process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - started > LIMIT:
                    process.kill()
                    fail(f'{command[0]} did not end in {LIMIT} s')
                time.sleep(0.01)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = usage.ru_utime + usage.ru_stime
            out.seek(0)
            errors.seek(0)
            self.output = out.read().decode(errors='replace')
            self.errors = errors.read().decode(errors='replace')
        if process.returncode != 0:
            fail(f'{command[0]} ended with status {process.returncode}:\n{self.output[-2000:]}{self.errors[-2000:]}')

    def checksum(self, kernel):
        found = re.search(rf'\b{kernel} ([0-9a-f]{{16}})', self.output)
        return found.group(1) if found else fail(f'{kernel} gave no checksum:\n{self.output[-2000:]}')


def siena_command(siena, words):
    return [siena, '-nographic', '-time', 'warp', '-rtc', 'base=2026-01-01T00:00:00', '-seed', '1', *words]


def alternate(runs, commands, look=lambda *_: None):
    """Runs the commands in turn; each one's seconds by name. `look(name, ran)` sees every run."""
    seconds = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            ran = Ran(command)
            look(name, ran)
            seconds[name].append(ran.seconds)
    return seconds


def load():
    return f'{os.getloadavg()[0]:.1f}'


def heading():
    with open('/proc/cpuinfo', encoding='ascii', errors='replace') as f:
        model = next((line.split(':', 1)[1].strip() for line in f if line.startswith('model name')), 'unknown processor')
    version = subprocess.run([QEMU, '--version'], capture_output=True, check=True).stdout.decode().split()[3]
    return f'{time.strftime("%Y-%m-%d", time.gmtime())}, {model} x {os.cpu_count()}, QEMU {version}'
