# SPDX-License-Identifier: BSD-3-Clause
"""Debian's kernel and programs under Siena and under QEMU: the rows of bench/compare --linux."""

import pathlib
import re
import subprocess
import time

import programs

ROWS = {'boot': 'boot to init', 'getpid': 'getpid, 100,000', 'pipe': 'byte through a pipe and back, 5,000',
        'faults': 'page touched for the first time, 25,000', 'execs': 'fork, exec and wait, 200', 'compile': 'gcc -O2 of kernels.c',
        'sha256': 'openssl sha256, 16 MiB', 'aes': 'openssl AES-128-CBC, 16 MiB', 'python': 'python3 start-up, 5',
        'gzip': 'gzip, 4 MiB'}
PACKAGES = ['gcc', 'gzip', 'openssl', 'python3-minimal']
COMPILER = 'usr/libexec/gcc/s390x-linux-gnu/14/cc1'
PROGRAMS = ['usr/bin/s390x-linux-gnu-gcc-14', 'usr/bin/s390x-linux-gnu-as', 'usr/bin/gzip', 'usr/bin/openssl', 'usr/bin/python3.13', COMPILER]
PROCESS_CLOCK = 2  # clock_getcpuclockid(3): ~pid << 3 | this


def guest(*words):
    return subprocess.run([programs.ROOT / 'scripts/guest', *words], check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def image(work):
    """The image min and, behind it, an archive with the programs and the script."""
    guest('image', 'min', '--kernel', 'trixie')
    guest('fetch', 'programs', *PACKAGES)
    root = pathlib.Path(guest('path', 'programs', *PACKAGES))
    tool = programs.ROOT / 'scripts/guest.d/image.py'
    libraries = subprocess.run([tool, 'libs', root, *(root / p for p in PROGRAMS)], check=True, stdout=subprocess.PIPE).stdout.decode()
    loops = work / 'loops'
    subprocess.run(['s390x-linux-gnu-gcc', '-O2', '-static', programs.HERE / 'loops.c', '-o', loops], check=True)
    lines = [f'file /{p} 755 {root / p}' for p in PROGRAMS]
    lines += ['file /usr/lib/s390x-linux-gnu/{} 755 {}'.format(*line.split()) for line in libraries.splitlines()]
    lines += [f'file /lib/ld64.so.1 755 {(root / "usr/lib/ld64.so.1").resolve()}',
              f'tree /usr/lib/gcc/s390x-linux-gnu/14/include {root / "usr/lib/gcc/s390x-linux-gnu/14/include"}',
              f'file /bin/loops 755 {loops}', f'file /scripts/bench 644 {programs.HERE / "linux.sh"}',
              *(f'file /source/{name} 644 {programs.HERE / name}' for name in ('kernels.c', 'kernels.h'))]
    # Not a tree: some of its links lead into /etc.
    lines += [f'file /{p.relative_to(root)} 644 {p}' for p in (root / 'usr/lib/python3.13').rglob('*') if p.is_file()]
    (work / 'spec').write_text('\n'.join(lines) + '\n', encoding='utf-8')
    subprocess.run([tool, 'cpio', work / 'spec', work / 'programs.cpio'], check=True)
    both = work / 'image.cpio'
    both.write_bytes(pathlib.Path(guest('path', 'image', 'min', '--kernel', 'trixie')).read_bytes() + (work / 'programs.cpio').read_bytes())
    return both


def watch(command):
    """Runs an emulator to its end: its processor seconds at each mark, and the sums that the guest printed."""
    marks, sums, seen = {}, {}, []
    with subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        marks['boot', 'begin'] = 0.0
        for line in process.stdout:
            seconds = time.clock_gettime(~process.pid << 3 | PROCESS_CLOCK)
            text = line.decode(errors='replace')
            seen.append(text)
            if found := re.search(r'SIENA-MARK (\w+) (\w+)', text):
                marks[found.groups()] = seconds
            elif 'SIENA-INIT ready' in text:
                marks['boot', 'end'] = seconds
            elif found := re.search(r'SIENA-SUM (\w+) (.*)', text):
                sums[found.group(1)] = found.group(2).strip()
    failed = [name for name, what in marks if what == 'failed']
    if process.returncode != 0 or failed:
        programs.fail(f'{command[0]}: status {process.returncode}, failed {failed}:\n{"".join(seen[-20:])}')
    return marks, sums


def rows(siena, engine, times, work):
    """Yields (row, seconds by runner) when all turns are done: each turn boots each emulator twice, once with the image min alone."""
    with_programs, bare = image(work), guest('path', 'image', 'min', '--kernel', 'trixie')
    # Both with the host's clock, so that the guest's timer ticks as often in either.
    runners = {'siena': [siena, '-nographic', '-time', 'wall', '-engine', engine], 'qemu': [programs.QEMU, '-nographic']}
    seconds = {row: {who: [] for who in runners} for row in ROWS}
    answers = {}
    for _ in range(times):
        for who, start in runners.items():
            boot = [*start, '-m', '2G', '-kernel', guest('path', 'kernel', 'trixie')]
            marks, _ = watch([*boot, '-initrd', bare, '-append', 'console=ttysclp0 siena.run=poweroff'])
            seconds['boot'][who].append(marks['boot', 'end'])
            marks, sums = watch([*boot, '-initrd', with_programs, '-append', 'console=ttysclp0 siena.script=bench siena.run=poweroff'])
            if answers.setdefault('sums', sums) != sums:
                programs.fail(f'the guests answer differently: {answers["sums"]}, {who}: {sums}')
            idle = marks['nothing', 'end'] - marks['nothing', 'begin']
            for row in list(ROWS)[1:]:
                seconds[row][who].append(max(marks[row, 'end'] - marks[row, 'begin'] - idle, 0.001))
    for row, text in ROWS.items():
        yield text, seconds[row]
