"""
What scripts/package/hardening.cmake switches on is in the program:

  test_hardening.py PROGRAM
"""
import re
import subprocess
import sys
import unittest

# Instructions at the beginning of functions: endbr64; and bti c, paciasp. Debian's own
# start files do not have them on x86, so the linker does not mark the program for them.
LANDING_PADS = {"X86-64": (b"\xf3\x0f\x1e\xfa",),
                "AArch64": (b"\x5f\x24\x03\xd5", b"\x3f\x23\x03\xd5")}
PROGRAM = ""


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, PROGRAM], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def imports():
    return set(re.findall(r"UND (\w+)", readelf("--dyn-syms")))


class Hardening(unittest.TestCase):
    def test_its_addresses_differ_at_each_start(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN ")
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS_1\).*\bPIE\b")

    def test_its_tables_of_addresses_are_read_only(self):
        self.assertIn("GNU_RELRO", readelf("--program-headers"))
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS\).*\bBIND_NOW\b")

    def test_its_stack_is_not_executable(self):
        [flags] = re.findall(r"GNU_STACK( +0x\w+)+ +([RWE ]+?) +0x", readelf("--program-headers"))
        self.assertEqual("RW", flags[1])

    def test_its_stack_and_its_library_calls_are_checked(self):
        self.assertIn("__stack_chk_fail", imports())
        checked = {name for name in imports() if name.endswith("_chk")}
        self.assertTrue({"__memcpy_chk", "__snprintf_chk", "__vsnprintf_chk"} & checked, checked)

    def test_jumps_can_be_restricted(self):
        machine = re.search(r"Machine: .*?([\w-]+)$", readelf("--file-header"), re.MULTILINE)[1]
        pads = LANDING_PADS.get(machine)
        if pads is None:
            self.skipTest(f"nothing is known for {machine}")
        with open(PROGRAM, "rb") as file:
            code = file.read()
        self.assertGreater(sum(code.count(pad) for pad in pads), 500)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop()
    unittest.main(verbosity=2)
