#!/usr/bin/env python3
"""Every C file is as clang-format leaves it. Needs version 14: others differ.

usage: format.py ROOT [CLANG_FORMAT]
"""

import os
import re
import shutil
import subprocess
import sys

from common import files, finding, report

VERSION = 14
SKIPPED = 77  # what CTest takes for a skip


def version_of(program):
    text = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
    match = re.search(r"version (\d+)\.", text)
    return int(match[1]) if match else None


def find_program():
    """A clang-format of the right version, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if program and version_of(program) == VERSION:
            return program
    return None


def check(root, program):
    findings = []
    for path in files(root, "src", "include", "tests", endings=(".c", ".h")):
        command = [program, "--style=file", "--dry-run", "-Werror", path]
        done = subprocess.run(command, cwd=root, stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            continue
        match = re.search(r":(\d+):\d+: error:", done.stderr)
        what = f"not formatted; run: {os.path.basename(program)} -i {path}"
        findings.append(finding(path, match[1] if match else 1, what))
    return findings


def main(root, program=None):
    program = program or find_program()
    if program is None:
        print(f"SKIPPED: there is no clang-format {VERSION}; formatting is NOT checked")
        return 1 if os.environ.get("IVS_LOCAL_NO_SKIPS") == "1" else SKIPPED
    return report(check(root, program))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
