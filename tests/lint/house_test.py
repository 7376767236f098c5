#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Each rule of house.py finds what it is there to find, and lets the rest pass."""

import pathlib
import tempfile
import unittest

import house

HEAD = '// SPDX-License-Identifier: BSD-3-Clause\n'
CMAKE = '''siena_library(base)
siena_library(mmu  DEPENDS base)
siena_library(cpu/ports  DEPENDS base)
siena_library(cpu  DEPENDS mmu cpu/ports)
siena_library(devices  DEPENDS mmu)
siena_library(machine  DEPENDS devices PUBLIC_LIBRARIES fmt::fmt)
'''


class Rules(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.directory.name)
        self.write('CMakeLists.txt', CMAKE)
        self.write('base/types.h', HEAD)
        self.write('mmu/storage.h', HEAD + '#include "base/types.h"\n')
        self.write('devices/device.h', HEAD + '#include "mmu/storage.h"\n#include <span>\n')

    def tearDown(self):
        self.directory.cleanup()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def violations(self, rule):
        return list(rule(str(self.root)))

    def assert_finds(self, rule, *parts):
        found = self.violations(rule)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_includes_along_the_arrows_are_fine(self):
        self.assertEqual(self.violations(house.include_direction), [])

    def test_an_include_against_the_arrows(self):
        self.write('mmu/dat.cpp', HEAD + '#include "devices/device.h"\n')
        self.assert_finds(house.include_direction, 'mmu/dat.cpp', 'may not include devices/device.h')

    def test_an_include_that_the_picture_allows_and_the_build_does_not_know(self):
        self.write('cpu/ports/port.h', HEAD)
        self.write('devices/disk.cpp', HEAD + '#include "cpu/ports/port.h"\n')
        self.assert_finds(house.include_direction, 'devices does not depend on cpu/ports')

    def test_an_arrow_of_the_build_that_the_picture_does_not_have(self):
        self.write('CMakeLists.txt', CMAKE + 'siena_library(sie  DEPENDS devices)\n')
        self.assert_finds(house.include_direction, 'sie may not depend on devices')

    def test_a_folder_outside_the_picture(self):
        self.write('CMakeLists.txt', CMAKE + 'siena_library(misc)\n')
        self.assert_finds(house.include_direction, 'misc is not in the picture')

    def test_a_path_that_does_not_start_at_the_root(self):
        self.write('mmu/dat.cpp', HEAD + '#include "storage.h"\n')
        self.assert_finds(house.include_direction, '"storage.h" is not a file of the project')

    def test_a_third_partys_type_that_leaves_its_folder(self):
        self.write('mmu/show.h', HEAD + '#include <fmt/format.h>\n')
        self.write('mmu/own.cpp', HEAD + '#include "mmu/show.h"\n')
        self.assertEqual(self.violations(house.third_party_headers), [])
        self.write('devices/other.cpp', HEAD + '#include "mmu/show.h"\n')
        self.assert_finds(house.third_party_headers, 'devices/other.cpp', '<fmt/')

    def test_a_long_file(self):
        self.write('mmu/long.cpp', HEAD + '\n' * (house.LONGEST_FILE - 1))
        self.assertEqual(self.violations(house.file_length), [])
        self.write('mmu/long.cpp', HEAD + '\n' * house.LONGEST_FILE)
        self.assert_finds(house.file_length, 'mmu/long.cpp', '601')

    def test_a_file_without_the_licence(self):
        self.write('CMakeLists.txt', '# SPDX-License-Identifier: BSD-3-Clause\n')
        self.write('scripts/one', '#!/bin/sh\n# SPDX-License-Identifier: BSD-3-Clause\n')
        self.assertEqual(self.violations(house.licence_line), [])
        self.write('scripts/two', '#!/bin/sh\necho\n')
        self.assert_finds(house.licence_line, 'scripts/two')

    def test_text_about_somebodys_computer(self):
        self.write('docs/a.md', 'see /' + 'work/shared for more\n')
        self.assert_finds(house.workplace_text, 'docs/a.md:1')

    def test_scripts_that_do_not_parse(self):
        self.write('scripts/a.sh', 'if true; then\n')
        self.write('scripts/b.py', 'def f(:\n')
        self.write('scripts/c', '#!/bin/bash\necho "fine"\n')
        self.assertEqual(len(self.violations(house.script_syntax)), 2)

    def test_layout(self):
        self.write('.clang-format', 'BasedOnStyle: LLVM\n')
        self.assertEqual(self.violations(house.format), [])
        self.write('mmu/dat.cpp', HEAD + 'int   a;\nint   b;\n')
        self.assert_finds(house.format, 'mmu/dat.cpp:2')

    def test_a_file_that_the_documentation_names_is_there(self):
        self.write('docs/guide.md', 'See `base/types.h`, `guide.md` and the folder `sie/to_come`.\n')
        self.assertEqual(self.violations(house.named_files), [])
        self.write('docs/guide.md', 'See `base/gone.h`.\n')
        self.assertEqual(self.violations(house.named_files), ['docs/guide.md:1: there is no base/gone.h'])


if __name__ == '__main__':
    unittest.main()
