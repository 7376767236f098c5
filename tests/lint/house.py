#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The house's rules. house.py RULE [ROOT] prints every violation of one rule and fails if there is any."""

import pathlib
import re
import subprocess
import sys

# Who may include whom: docs/architecture.md, section 2. A folder that is not listed here follows the rule of the nearest
# folder above it that is. What a folder may include, it may include at any depth below the arrows.
PICTURE = {
    'base': [],
    'mmu': ['base'],
    'cpu': ['cpu/state', 'cpu/interruption', 'cpu/timing', 'cpu/ports', 'mmu', 'base'],
    'cpu/state': ['mmu', 'base'],
    'cpu/interruption': ['cpu/state', 'mmu', 'base'],
    'cpu/timing': ['base'],
    'cpu/ports': ['mmu', 'base'],
    'cpu/isa': ['cpu', 'cpu/isa/bfp'],
    'cpu/isa/bfp': ['base'],
    'cpu/interpreter': ['cpu/isa'],
    'cpu/jit': ['cpu/interpreter'],
    'sie': ['cpu/interpreter', 'cpu/jit', 'sie/shadow_gmap'],
    'sie/shadow_gmap': ['mmu', 'base'],
    'devices': ['cpu/ports', 'cpu/timing', 'mmu', 'base', 'devices'],
    'host': ['base'],
    'machine': ['sie', 'cpu/jit', 'devices', 'host'],
    'firmware': ['base'],
    'frontends': ['machine', 'host', 'firmware', 'frontends'],
}
# Types of these libraries stay inside one folder: no header that another folder includes may show them.
THIRD_PARTY = re.compile(r'<(fmt|boost|xbyak|capstone|SDL2|nlohmann|toml\+\+|openssl|slirp|rapidcheck|gtest|gmock)/')
LONGEST_FILE = 600
LICENCE = 'SPDX-License-Identifier: BSD-3-Clause'
# Where somebody's computer keeps things is not the project's business. (Written so that this line does not match itself.)
WORKPLACE = re.compile(r'/(?:work|farm)/|/root/(?:wt|land)|https?://[a-z0-9.-]+/debian\b|[.]library/')
NAMED_FILE = re.compile(r'`([a-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_./-]+\.(?:h|cpp|md|py|sh|cmake|txt|c|S))`')
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.MULTILINE)


def tracked(root, *suffixes):
    """Paths of the project's files, relative to root: what git has or would add, or simply all of a tree without git."""
    listing = subprocess.run(
        ['git', '-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
        capture_output=True, check=False)
    if listing.returncode == 0:
        paths = [pathlib.PurePosixPath(p) for p in listing.stdout.decode().split('\0') if p]
    else:
        paths = [pathlib.PurePosixPath(p.relative_to(root)) for p in pathlib.Path(root).rglob('*') if p.is_file()]
    return sorted(p for p in set(paths)
                  if (not suffixes or p.name.endswith(suffixes)) and (pathlib.Path(root) / p).is_file())


def text_of(root, path):
    return (pathlib.Path(root) / path).read_text(encoding='utf-8', errors='replace')


def nearest(folder, known):
    """The entry of `known` that is `folder` or the longest one above it; None if there is none."""
    while folder and folder not in known:
        folder = folder.rpartition('/')[0]
    return folder or None


def closure(picture):
    """For each folder of the picture, everything below its arrows, itself included."""
    reach = {}

    def visit(folder):
        if folder not in reach:
            reach[folder] = {folder}
            for below in picture.get(folder, []):
                reach[folder] |= visit(below)
        return reach[folder]

    for folder in picture:
        visit(folder)
    return reach


def libraries(root):
    """folder -> folders, from the siena_library lines of CMakeLists.txt."""
    found = {}
    for folder, arguments in re.findall(r'^ *siena_library\(([^\s)]+)([^)]*)\)', text_of(root, 'CMakeLists.txt'), re.MULTILINE):
        match = re.search(r'DEPENDS((?:\s+[a-z][a-z0-9_/]*)+)', arguments)
        found[folder] = match.group(1).split() if match else []
    return found


def include_direction(root):
    allowed = closure(PICTURE)
    built = libraries(root)
    linked = closure(built)

    for folder, depends in built.items():
        rule = nearest(folder, PICTURE)
        if rule is None:
            yield f'CMakeLists.txt: {folder} is not in the picture of who may include whom'
            continue
        for below in depends:
            if nearest(below, PICTURE) not in allowed[rule]:
                yield f'CMakeLists.txt: {folder} may not depend on {below}'

    for path in tracked(root, '.h', '.cpp'):
        rule = nearest(str(path.parent), PICTURE)
        if rule is None:
            continue  # tests include what they like
        library = nearest(str(path.parent), built)
        for quoted, _ in INCLUDE.findall(text_of(root, path)):
            if not quoted:
                continue
            target = str(pathlib.PurePosixPath(quoted).parent)
            if not (pathlib.Path(root) / quoted).is_file():
                yield f'{path}: "{quoted}" is not a file of the project (paths start at its root)'
            elif nearest(target, PICTURE) not in allowed[rule]:
                yield f'{path}: {rule} may not include {quoted}'
            elif library and nearest(target, built) not in linked[library]:
                yield f'{path}: {library} does not depend on {nearest(target, built)} in CMakeLists.txt, but includes {quoted}'


def third_party_headers(root):
    shown = {}
    for path in tracked(root, '.h'):
        for _, system in INCLUDE.findall(text_of(root, path)):
            if THIRD_PARTY.match(system):
                shown[str(path)] = system
    for path in tracked(root, '.h', '.cpp'):
        if path.parts[0] == 'tests':
            continue
        for quoted, _ in INCLUDE.findall(text_of(root, path)):
            if quoted in shown and pathlib.PurePosixPath(quoted).parent != path.parent:
                yield f'{path}: includes {quoted}, which shows {shown[quoted]} outside its folder'


def file_length(root):
    for path in tracked(root, '.h', '.cpp', '.py'):
        lines = text_of(root, path).count('\n')
        if lines > LONGEST_FILE:
            yield f'{path}: {lines} lines; the house stops at {LONGEST_FILE}'


def is_script(root, path):
    with open(pathlib.Path(root) / path, 'rb') as file:
        return file.read(2) == b'#!'


def licence_line(root):
    suffixes = ('.h', '.cpp', '.c', '.s', '.S', '.py', '.sh', '.cmake', '.ld')
    for path in tracked(root):
        if not (path.name.endswith(suffixes) or path.name == 'CMakeLists.txt' or is_script(root, path)):
            continue
        head = text_of(root, path).split('\n', 2)
        line = head[1] if head[0].startswith('#!') and len(head) > 1 else head[0]
        if LICENCE not in line:
            yield f'{path}: the first line (after #!) must hold "{LICENCE}"'


def workplace_text(root):
    for path in tracked(root):
        if b'\0' in (pathlib.Path(root) / path).read_bytes()[:4096]:
            continue
        for number, line in enumerate(text_of(root, path).split('\n'), 1):
            if WORKPLACE.search(line) and 'WORKPLACE = ' not in line:
                yield f'{path}:{number}: {line.strip()[:100]}'


def named_files(root):
    """A file that the documentation names is there; folders may be plans."""
    for path in tracked(root, '.md'):
        for number, line in enumerate(text_of(root, path).split('\n'), 1):
            for name in NAMED_FILE.findall(line):
                if not any((base / name).exists() for base in (pathlib.Path(root), (pathlib.Path(root) / path).parent)):
                    yield f'{path}:{number}: there is no {name}'


def script_syntax(root):
    for path in tracked(root):
        full = pathlib.Path(root) / path
        first = text_of(root, path).split('\n', 1)[0] if path.suffix in ('.sh', '.py') or is_script(root, path) else ''
        if path.suffix == '.py' or 'python' in first:
            try:
                compile(full.read_bytes(), str(path), 'exec')
            except SyntaxError as error:
                yield f'{path}:{error.lineno}: {error.msg}'
        elif path.suffix == '.sh' or re.search(r'\b(ba|da)?sh\b', first):
            shell = 'bash' if 'bash' in first or path.suffix == '.sh' and not first.startswith('#!') else 'sh'
            check = subprocess.run([shell, '-n', full], capture_output=True, check=False)
            if check.returncode != 0:
                yield f'{path}: {check.stderr.decode().strip()}'


def format(root):
    files = [str(p) for p in tracked(root, '.h', '.cpp')]
    try:
        for at in range(0, len(files), 50):
            check = subprocess.run(['clang-format-14', '--dry-run', '-Werror', *files[at:at + 50]],
                                   cwd=root, capture_output=True, check=False)
            found = re.findall(r'^(.+?):(\d+):\d+: error', check.stderr.decode(), re.MULTILINE)
            for name, line in sorted({name: line for name, line in reversed(found)}.items()):
                yield f'{name}:{line}: not as clang-format-14 would have it'
            if check.returncode != 0 and b': error' not in check.stderr:
                yield check.stderr.decode().strip()
    except FileNotFoundError:
        yield 'clang-format-14 is not installed (scripts/packages)'


RULES = {rule.__name__: rule for rule in (include_direction, third_party_headers, file_length, licence_line,
                                          workplace_text, named_files, script_syntax, format)}


def main(arguments):
    if not arguments or arguments[0] not in RULES:
        print(f'usage: house.py {"|".join(RULES)} [ROOT]', file=sys.stderr)
        return 2
    root = arguments[1] if len(arguments) > 1 else str(pathlib.Path(__file__).resolve().parents[2])
    violations = list(RULES[arguments[0]](root))
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
