# SPDX-License-Identifier: BSD-3-Clause
"""The programs of this folder: their names, how one is run, what its lines say, the lists of exceptions."""

import collections
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

Results = collections.namedtuple('Results', 'cases done')
Entry = collections.namedtuple('Entry', 'case reason')


def names():
    return sorted(path.stem for path in HERE.glob('*.c'))


def run(siena, program):
    """One program on Siena's own SIE. The limit only catches a machine that hangs."""
    return subprocess.run([siena, '-nographic', '-m', '128M', '-smp', '2', '-rtc', 'base=2026-01-01T00:00:00', '-seed', '1',
                           '-kernel', program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False)


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
