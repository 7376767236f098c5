#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""demo_guest_test.py SIENA: runs the built-in guest the way a user does and looks at what its two programs print."""

import re
import subprocess
import sys
import unittest

SIENA = ''
PAGE = 4096
MEBIBYTE = 1 << 20
PREFIX_AREA = 2 * PAGE


def run(*arguments):
    return subprocess.run([SIENA, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          check=False)


def apply_prefix(real, prefix):
    """PoP, Storage, *Prefixing*."""
    if real < PREFIX_AREA:
        return real + prefix
    return real - prefix if prefix <= real < prefix + PREFIX_AREA else real


class Chain:
    """The table that follows one address, and the two prefixes and the origin that it names."""

    def __init__(self, output):
        steps = dict(re.findall(r'^ +(guest-[12] \w+) +([0-9A-F]{16}) ', output, re.MULTILINE))
        self.virtual2, self.real2, self.absolute2 = (int(steps[f'guest-2 {kind}'], 16) for kind in
                                                     ('virtual', 'real', 'absolute'))
        self.virtual1, self.real1, self.absolute1 = (int(steps[f'guest-1 {kind}'], 16) for kind in
                                                     ('virtual', 'real', 'absolute'))
        self.prefix2 = int(re.search(r'its prefix is ([0-9A-F]+)', output).group(1), 16)
        self.prefix1 = int(re.search(r'my prefix is ([0-9A-F]+)', output).group(1), 16)
        self.origin = int(re.search(r'its storage begins at my ([0-9A-F]+)', output).group(1), 16)


class BuiltInGuest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = run()
        cls.output = cls.result.stdout

    def line(self, pattern):
        found = re.search(pattern, self.output, re.MULTILINE)
        self.assertIsNotNone(found, f'no line has {pattern!r} in:\n{self.output}{self.result.stderr}')
        return found

    def test_siena_without_arguments_ends_with_status_0_and_complains_of_nothing(self):
        self.assertEqual((self.result.returncode, self.result.stderr), (0, ''))

    def test_it_says_how_to_run_something_else(self):
        self.line(r'^This is Siena\'s built-in guest\. .*-kernel FILE.*-help')

    def test_guest_1_finds_the_default_machine(self):
        self.line(r'^\[guest 1\] There are 128 MiB of storage and 1 CPU ')

    def test_the_machine_type_is_the_one_in_the_cpu_identification(self):
        machine_type, identification = self.line(r'machine type (\w{4}), identification (\w{16})').groups()
        self.assertEqual(identification[8:12], machine_type)

    def test_the_facilities_include_z_architecture_and_store_facility_list(self):
        facilities = set()
        for first, last in re.findall(r'(\d+)(?:-(\d+))?', self.line(r'facilities ([-\d ]+) \(STFLE\)').group(1)):
            facilities |= set(range(int(first), int(last or first) + 1))
        self.assertLessEqual({1, 2, 7}, facilities)

    def test_guest_2_runs_and_prints_through_guest_1(self):
        started = self.line(r'^\[guest 1\] .*START INTERPRETIVE EXECUTION').start()
        self.assertLess(started, self.line(r'^\[guest 2\] I run with my own DAT on').start())

    def test_a_page_that_guest_2_touches_first_interrupts_guest_1_and_guest_2_goes_on(self):
        asked = self.line(r'^\[guest 2\] Now I store').start()
        mapped = self.line(r'^\[guest 1\] SIE was interrupted: no page at my virtual \w+\. It gets frame').start()
        done = self.line(r'^\[guest 2\] The store is done').start()
        self.assertTrue(asked < mapped < done)

    def test_every_step_keeps_the_offset_in_the_page(self):
        c = Chain(self.output)
        steps = (c.virtual2, c.real2, c.absolute2, c.virtual1, c.real1, c.absolute1)
        self.assertEqual({step % PAGE for step in steps}, {c.virtual2 % PAGE})

    def test_guest_2_real_becomes_absolute_by_its_prefix(self):
        c = Chain(self.output)
        self.assertEqual(c.absolute2, apply_prefix(c.real2, c.prefix2))

    def test_guest_2_absolute_becomes_guest_1_virtual_by_the_origin(self):
        c = Chain(self.output)
        self.assertEqual(c.virtual1, c.origin + c.absolute2)

    def test_guest_1_real_becomes_absolute_by_its_prefix(self):
        c = Chain(self.output)
        self.assertEqual(c.absolute1, apply_prefix(c.real1, c.prefix1))
        self.assertLess(c.absolute1, 128 * MEBIBYTE)

    def test_no_translation_on_the_way_is_trivial(self):
        c = Chain(self.output)
        steps = (c.virtual2, c.real2, c.absolute2, c.virtual1, c.real1)
        self.assertEqual(len(set(steps)), len(steps))

    def test_each_guest_reads_at_its_own_address_what_the_other_one_stored(self):
        c = Chain(self.output)
        place, text = self.line(r'^\[guest 1\] At my real (\w+) I read "(.*)" and store "guest 1!"').groups()
        self.assertEqual((int(place, 16), text), (c.real1, 'guest 2!'))
        place, text = self.line(r'^\[guest 2\] At (\w+) I now read "(.*)"').groups()
        self.assertEqual((int(place, 16), text), (c.virtual2, 'guest 1!'))


class BuiltInGuestOnOtherMachines(unittest.TestCase):
    def test_the_trace_shows_the_exits_that_guest_1_counts(self):
        result = run('-d', 'sie')
        codes = re.findall(r' sie +exit .*?code=(0x\w\w)', result.stderr)
        interceptions, interruptions = map(int, re.search(r'SIE ended (\d+) times? by interception and (\d+) times? by',
                                                          result.stdout).groups())
        self.assertEqual(codes.count('0x00'), interruptions)
        self.assertEqual(len(codes), interceptions + interruptions)
        self.assertEqual(codes[-1], '0x1c')

    def test_it_counts_the_cpus_and_runs_as_well_beside_stopped_ones(self):
        result = run('-smp', '2')
        self.assertEqual(result.returncode, 0)
        self.assertIn(' and 2 CPUs ', result.stdout)
        self.assertIn('[guest 1] Guest 2 is in its last wait.', result.stdout)

    def test_the_smallest_machine_is_large_enough(self):
        result = run('-m', '1')
        self.assertEqual(result.returncode, 0)
        self.assertIn('There are 1 MiB of storage', result.stdout)

    def test_without_a_console_it_runs_all_the_same(self):
        result = run('-nodefaults')
        self.assertEqual((result.returncode, result.stdout), (0, ''))

    def test_the_same_run_twice_prints_the_same(self):
        self.assertEqual(run().stdout, run().stdout)


if __name__ == '__main__':
    SIENA = sys.argv.pop(1)
    unittest.main()
