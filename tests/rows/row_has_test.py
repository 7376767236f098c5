#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every row has a test: each mnemonic of cpu/isa/rows was executed by some instruction test.

    row_has_test.py SIENA_ROWS FOLDER ALLOWED

The instruction tests write what they executed into files of FOLDER (tests/executed.h: they note a row when its handler has
run, so a mnemonic in a comment or a string that nobody runs does not count, nor does an instruction that was refused). ALLOWED names the rows that have no test yet, one a
line; it may only become shorter: a row in it that has a test, or that is no row, fails too.
"""

import pathlib
import subprocess
import sys


def lines_of(text):
    return {line.strip() for line in text.splitlines() if line.strip() and not line.startswith('#')}


def main(program, folder, allowed_file):
    rows = lines_of(subprocess.run([program, 'mnemonics'], capture_output=True, text=True, check=True).stdout)
    files = sorted(pathlib.Path(folder).glob('*'))
    executed = set()
    for path in files:
        executed |= lines_of(path.read_text(encoding='ascii'))
    allowed = lines_of(pathlib.Path(allowed_file).read_text(encoding='ascii'))
    wrong = [f'{name}: no instruction test executes it' for name in sorted(rows - executed - allowed)]
    wrong += [f'{name}: has a test now, take it out of {allowed_file}' for name in sorted(allowed & executed)]
    wrong += [f'{name}: in {allowed_file}, but no row' for name in sorted(allowed - rows)]
    for line in wrong:
        print(line)
    print(f'{len(rows & executed)} of {len(rows)} rows are executed by the tests ({", ".join(p.name for p in files)})')
    return 1 if wrong else 0


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
