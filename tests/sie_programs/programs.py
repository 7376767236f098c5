# SPDX-License-Identifier: BSD-3-Clause
"""The programs of this folder: their runs, how one is run, what its lines say, the lists of exceptions."""

import collections
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

# A program on a CPU model from which features are taken away.
Run = collections.namedtuple('Run', 'name program features')
WITHOUT_CONTROLS = 'gpereh=off,siif=off,sigpif=off,cei=off,gsls=off,esop=off,kss=off,ibs=off'
MORE_RUNS = [Run('controls-off', 'controls', WITHOUT_CONTROLS), Run('signals-off', 'signals', 'sigpif=off')]
ONLY_RUN = {'without_sie': 'sief2=off'}

# KVM does not offer what this run is about to its guests: they see the same as in the run beside it.
NOT_UNDER_KVM = {'signals': 'SIGP interpretation: signals-off'}

# Each run has as many CPUs as its program may start; those that it does not start stay stopped.
CPUS, FULL_CPUS = 3, 5

Results = collections.namedtuple('Results', 'cases done')
Entry = collections.namedtuple('Entry', 'case reason')


def names():
    return sorted(path.stem for path in HERE.glob('*.c'))


def runs(chosen=()):
    """All runs, or those of the chosen names, which may be programs or runs."""
    everything = [Run(name, name, ONLY_RUN.get(name, '')) for name in names()] + MORE_RUNS
    return [run for run in everything if not chosen or run.name in chosen or run.program in chosen]


def command(siena, built, run, full):
    """One run on Siena's own SIE."""
    return [siena, '-nographic', '-machine', 's390-ccw-virtio' + (',loadparm=FULL' if full else ''),
            '-cpu', 'max' + (f',{run.features}' if run.features else ''), '-m', '128M', '-smp', str(FULL_CPUS if full else CPUS),
            '-rtc', 'base=2026-01-01T00:00:00', '-seed', '1', '-kernel', built / run.program]


def start(siena, built, run, full=False):
    """The limit only catches a machine that hangs."""
    return subprocess.run(command(siena, built, run, full), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=7200 if full else 900, check=False)


def parse(text):
    """Case name -> 'ok' or what failed; and whether the program came to its end."""
    cases = {}
    for line in text.replace('\r', '').split('\n'):
        if line.startswith('ok '):
            cases[line[3:]] = 'ok'
        elif line.startswith('FAIL '):
            name, _, what = line[5:].partition(': ')
            cases[name] = what
    return Results(cases, re.search(r'^DONE \d+ ok, \d+ failed', text.replace('\r', ''), re.MULTILINE) is not None)


def read_list(path):
    """A list of exceptions: each line `beginning of a case's name: reason`; # begins a comment."""
    entries = []
    for line in path.read_text(encoding='utf-8').split('\n'):
        if line.strip() and not line.startswith('#'):
            case, _, reason = line.partition(': ')
            entries.append(Entry(case, reason))
    return entries
