#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Build the pieces of an initramfs: library closure, modules, cpio archive.

  image.py libs ROOT ELF...             print "soname path" of all libraries that the ELF files need
  image.py modules TREE OUT NAME...     copy modules and what they depend on, with a modules.dep
  image.py cpio SPEC OUT                write a newc archive from lines of the form
                                        dir PATH MODE | file PATH MODE SOURCE |
                                        tree PATH SOURCE | link PATH TARGET |
                                        node PATH MODE MAJOR MINOR

The archive belongs to root and its bytes depend on names, modes and contents only.
"""
import lzma
import os
import stat
import struct
import subprocess
import sys

SHT_DYNAMIC = 6
DT_NULL, DT_NEEDED = 0, 1


def fail(text):
    sys.exit(f"guest: {text}")


class Elf:
    """The sections of a 64-bit big-endian ELF file."""

    def __init__(self, data, name):
        if data[:6] != b"\x7fELF\x02\x02":
            fail(f"{name}: not a 64-bit big-endian ELF file")
        self.data = data
        offset, = struct.unpack_from(">Q", data, 0x28)
        size, count, names = struct.unpack_from(">HHH", data, 0x3A)
        self.headers = [struct.unpack_from(">IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        self.names = names

    def content(self, header):
        return self.data[header[4]:header[4] + header[5]]

    def section(self, name):
        strings = self.content(self.headers[self.names])
        for header in self.headers:
            if string_at(strings, header[0]) == name:
                return self.content(header)
        return b""

    def needed(self):
        for header in self.headers:
            if header[1] != SHT_DYNAMIC:
                continue
            strings = self.content(self.headers[header[6]])
            for tag, value in struct.iter_unpack(">QQ", self.content(header)):
                if tag == DT_NULL:
                    break
                if tag == DT_NEEDED:
                    yield string_at(strings, value)


def string_at(table, offset):
    return table[offset:table.index(b"\0", offset)].decode()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def libs(root, *elves):
    folders = [os.path.join(root, folder) for folder in
               ("usr/lib/s390x-linux-gnu", "lib/s390x-linux-gnu", "usr/lib", "lib")]
    found = {}
    todo = list(elves)
    while todo:
        elf = todo.pop()
        for soname in Elf(read(elf), elf).needed():
            if soname in found:
                continue
            paths = [os.path.join(folder, soname) for folder in folders]
            path = next((p for p in paths if os.path.isfile(p)), None)
            if path is None:
                fail(f"{os.path.basename(elf)} needs {soname}, which no fetched package holds")
            found[soname] = path
            todo.append(path)
    for soname in sorted(found):
        print(soname, os.path.realpath(found[soname]))


def read_module(path):
    if path.endswith(".xz"):
        return lzma.decompress(read(path))
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    return read(path)


def modules(tree, out, *wanted):
    files = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            if ".ko" in name:
                files[name.split(".ko")[0].replace("-", "_")] = os.path.join(folder, name)
    depends = {}

    def add(name):
        if name in depends:
            return
        data = read_module(files[name])
        info = [entry.decode() for entry in Elf(data, name).section(".modinfo").split(b"\0")]
        direct = [d.replace("-", "_") for entry in info if entry.startswith("depends=")
                  for d in entry[len("depends="):].split(",") if d]
        # An algorithm wanted by name has a generic module, unless it is built in.
        direct += [d for entry in info if entry.startswith("softdep=pre: crypto-")
                   for d in [entry[len("softdep=pre: crypto-"):].replace("-", "_") + "_generic"] if d in files]
        for other in direct:
            if other not in files:
                fail(f"module {name} needs {other}, which does not exist")
            add(other)
        chain = [d for other in direct for d in [other] + depends[other]]
        # modules.dep is loaded from the right: of several mentions the last one counts.
        depends[name] = list(dict.fromkeys(reversed(chain)))[::-1]
        with open(os.path.join(out, name + ".ko"), "wb") as file:
            file.write(data)

    os.makedirs(out)
    for name in wanted:
        # A driver that is built into this kernel has no file.
        if name in files:
            add(name)
    with open(os.path.join(out, "modules.dep"), "w", encoding="ascii") as file:
        for name in sorted(depends):
            file.write(" ".join([name + ".ko:"] + [d + ".ko" for d in depends[name]]) + "\n")


def entries(spec):
    """Yield (path, mode, content, major, minor) of every entry of a spec file."""
    with open(spec, encoding="utf-8") as lines:
        for line in lines:
            word = line.split()
            if not word:
                continue
            kind, path = word[0], word[1].strip("/")
            if kind == "dir":
                yield path, stat.S_IFDIR | int(word[2], 8), b"", 0, 0
            elif kind == "file":
                yield path, stat.S_IFREG | int(word[2], 8), read(word[3]), 0, 0
            elif kind == "link":
                yield path, stat.S_IFLNK | 0o777, word[2].encode(), 0, 0
            elif kind == "node":
                yield path, stat.S_IFCHR | int(word[2], 8), b"", int(word[3]), int(word[4])
            elif kind == "tree":
                for folder, _, names in os.walk(word[2]):
                    for name in names:
                        source = os.path.join(folder, name)
                        inside = os.path.join(path, os.path.relpath(source, word[2]))
                        mode = 0o755 if os.stat(source).st_mode & 0o100 else 0o644
                        yield inside, stat.S_IFREG | mode, read(source), 0, 0
            else:
                fail(f"{spec}: unknown kind {kind}")


def cpio(spec, out):
    table = {}
    for path, mode, content, major, minor in entries(spec):
        table[path] = (mode, content, major, minor)
        while path := os.path.dirname(path):
            table.setdefault(path, (stat.S_IFDIR | 0o755, b"", 0, 0))
    with open(out, "wb") as file:
        for inode, path in enumerate(sorted(table), 1):
            record(file, inode, path, *table[path])
        record(file, 0, "TRAILER!!!", 0, b"", 0, 0)
        file.write(bytes(-file.tell() % 512))


def record(file, inode, path, mode, content, major, minor):
    name = path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (inode, mode, 0, 0, links, 0, len(content), 0, 0, major, minor, len(name), 0)
    file.write(b"070701" + b"".join(b"%08X" % field for field in fields) + name)
    file.write(bytes(-file.tell() % 4))
    file.write(content)
    file.write(bytes(-file.tell() % 4))


def main():
    commands = {"libs": libs, "modules": modules, "cpio": cpio}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])


main()
