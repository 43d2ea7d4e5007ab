"""Shared by the lint checks: findings, the files to read, C without its comments."""

import os
import re
import sys

# A comment, a string or a character, whichever begins first.
_TOKENS = re.compile(
    r"/\*.*?\*/|//[^\n]*|" r'"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'", re.DOTALL
)


def files(root, *folders, endings=("",)):
    """The files below some folders of the project, as paths from its root, sorted."""
    found = []
    for folder in folders:
        for where, below, names in os.walk(os.path.join(root, folder)):
            below[:] = [name for name in below if name != "__pycache__"]
            found += [
                os.path.relpath(os.path.join(where, name), root)
                for name in names
                if name.endswith(endings)
            ]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """C with its comments blanked out. Lines and columns stay where they are."""
    return _TOKENS.sub(lambda m: _blank(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """C with its comments, strings and characters blanked out, likewise."""
    return _TOKENS.sub(lambda m: _blank(m[0]), text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def finding(path, line, what):
    return f"{path}:{line}: {what}"


def report(findings):
    """Prints the findings and returns the exit status."""
    for line in findings:
        print(line)
    if findings:
        print(f"{len(findings)} finding(s)", file=sys.stderr)
    return 1 if findings else 0
