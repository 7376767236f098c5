#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""clang-tidy over the sources of a build.

A source that was clean once is not looked at again before it, a header of the project that it includes, .clang-tidy or its
compiler flags change: a stamp named by a hash of all these lies in the cache. With --budget, sources that are left when the
seconds are over wait for the next run (they are counted, not failed); changed ones come first."""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

TIDY = 'clang-tidy-14'
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
STAMP_LIFETIME = 60 * 24 * 3600


def cache_folder():
    base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    folder = pathlib.Path(base) / 'siena' / 'tidy'
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Stamps:
    """Which sources are known to be clean."""

    def __init__(self, root):
        self.root = root
        self.folder = cache_folder()
        self.contents = {}
        version = subprocess.run([TIDY, '--version'], capture_output=True, check=True).stdout
        self.common = version + (root / '.clang-tidy').read_bytes()
        for stamp in self.folder.iterdir():
            if time.time() - stamp.stat().st_mtime > STAMP_LIFETIME:
                stamp.unlink(missing_ok=True)

    def content(self, path):
        if path not in self.contents:
            self.contents[path] = path.read_bytes() if path.is_file() else b''
        return self.contents[path]

    def with_headers(self, source):
        """The source and every file of the project that it includes, at any depth."""
        seen, todo = {source}, [source]
        while todo:
            for name in INCLUDE.findall(self.content(todo.pop())):
                header = self.root / name.decode()
                if header not in seen and header.is_file():
                    seen.add(header)
                    todo.append(header)
        return sorted(seen)

    def path(self, source, flags):
        digest = hashlib.sha256(self.common + repr(flags).encode())
        for file in self.with_headers(source):
            digest.update(str(file.relative_to(self.root)).encode() + b'\0' + self.content(file) + b'\0')
        return self.folder / digest.hexdigest()


def flags_of(entry, root):
    """The compiler's flags that matter to what clang-tidy says, without the places of this build."""
    words = entry['command'].split()
    return [word.replace(str(root), '.') for word in words if re.match(r'-(I|D|W|std|f(?!sanitize))', word)]


def sources_of(build, root):
    entries = json.loads((build / 'compile_commands.json').read_text())
    found = {}
    for entry in entries:
        file = pathlib.Path(entry['directory'], entry['file']).resolve()
        if root in file.parents and build not in file.parents:
            found.setdefault(file, entry)
    return found


def changed_files(root):
    """What differs from the last commit, and what the last commit changed."""
    names = set()
    for arguments in (['diff', '--name-only', 'HEAD'], ['diff', '--name-only', 'HEAD~1', 'HEAD']):
        answer = subprocess.run(['git', '-C', root, *arguments], capture_output=True, check=False, text=True)
        names |= set(answer.stdout.split())
    return {root / name for name in names}


def tidy(source, build):
    command = [TIDY, '--quiet', '-p', str(build), '--extra-arg=-Wno-unknown-warning-option',
               '--extra-arg=-Wno-error', str(source)]
    answer = subprocess.run(command, capture_output=True, check=False, text=True)
    return answer.returncode == 0, answer.stdout + ('' if answer.returncode == 0 else answer.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('root', type=pathlib.Path)
    parser.add_argument('build', type=pathlib.Path, help='folder with compile_commands.json')
    parser.add_argument('--budget', type=float, default=0, metavar='SECONDS', help='0: no limit')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    root, build = arguments.root.resolve(), arguments.build.resolve()

    try:
        stamps = Stamps(root)
    except FileNotFoundError as error:
        print(f'{error.filename}: not found (scripts/packages)')
        return 1
    todo, clean = [], 0
    for source, entry in sources_of(build, root).items():
        stamp = stamps.path(source, flags_of(entry, root))
        if stamp.exists():
            stamp.touch()
            clean += 1
        else:
            todo.append((source, stamp))
    changed = changed_files(root)
    todo.sort(key=lambda item: (item[0] not in changed, item[0]))

    end = time.monotonic() + arguments.budget if arguments.budget else float('inf')
    wrong, left = [], 0

    def check(item):
        source, stamp = item
        if time.monotonic() > end:
            return source, None, ''
        fine, text = tidy(source, build)
        if fine:
            stamp.touch()
        return source, fine, text

    with concurrent.futures.ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        for source, fine, text in pool.map(check, todo):
            if fine is None:
                left += 1
            elif fine:
                clean += 1
            else:
                wrong.append(source)
                print(f'{source.relative_to(root)}:\n{text}', flush=True)
    print(f'{clean} sources clean, {len(wrong)} not, {left} left for the next run')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
