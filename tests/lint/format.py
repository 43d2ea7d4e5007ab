#!/usr/bin/env python3
"""Checks that clang-format leaves every C file unchanged. Requires version 14: others
differ.

usage: format.py ROOT [CLANG_FORMAT]
"""

import os
import re
import shutil
import subprocess
import sys

from common import files, finding, report

VERSION = 14
SKIPPED = 77  # CTest's exit status for a skip


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
    paths = files(root, "src", "include", "tests", endings=(".c", ".h"))
    if not paths:
        return []
    # All at once: one process per file takes ten times as long.
    command = [program, "--style=file", "--dry-run", "-Werror", *paths]
    done = subprocess.run(command, cwd=root, stderr=subprocess.PIPE, text=True)
    lines = {}
    for path, line in re.findall(r"^(.+?):(\d+):\d+: error:", done.stderr, re.MULTILINE):
        lines.setdefault(path, line)
    if done.returncode != 0 and not lines:
        return [finding(".clang-format", 1, f"{os.path.basename(program)}: {done.stderr}")]
    run = f"not formatted; run: {os.path.basename(program)} -i"
    return [finding(path, line, f"{run} {path}") for path, line in lines.items()]


def main(root, program=None):
    program = program or find_program()
    if program is None:
        print(f"SKIPPED: there is no clang-format {VERSION}; formatting is NOT checked")
        return 1 if os.environ.get("IVS_LOCAL_NO_SKIPS") == "1" else SKIPPED
    return report(check(root, program))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
