#!/usr/bin/env python3
"""Finds functions and words that must not be in the code.

usage: banned.py ROOT
"""

import re
import sys

from common import code_only, files, finding, line_of, read, report

# Calls in code: the names, the files in which they are allowed (a regular expression, or
# None), what to use instead. A member of that name, x.y() or x->y(), is something else.
CALLS = [
    (r"strcpy|strcat|sprintf|vsprintf", None, "use arena_printf() or struct buf"),
    (r"gets|strtok", None, "use the lengths: strcspn(), memchr()"),
    (r"atoi|atol|atof", None, "use strtoll() and its like, and check"),
    (r"gmtime|localtime", None, "use timestamp_text() or gmtime_r()"),
    (r"rand|srand|random", None, "use base/ids.h"),
    (r"system|popen", None, "a shell is never needed"),
    (r"sleep|usleep|nanosleep", r"src/client/wait\.c", "wait for what must happen, not for time"),
    (
        r"getenv",
        r"src/app/config\.c|tests/.*",
        "options come from the table in src/app/config.c",
    ),
    (
        r"cJSON_GetObjectItem|cJSON_HasObjectItem",
        None,
        "it ignores case: use cJSON_GetObjectItemCaseSensitive()",
    ),
    (r"__attribute__", r"include/base/attrs\.h", "use the names of base/attrs.h"),
]

# Markers of unfinished work, anywhere: open work belongs in an issue.
UNDONE = re.compile(r"\b(TODO|FIXME|XXX)\b")


def check_calls(root, path):
    findings = []
    text = code_only(read(root, path))
    for names, home, instead in CALLS:
        if home and re.fullmatch(home, path):
            continue
        for match in re.finditer(rf"(?<![\w.])(?<!->)({names})\s*\(", text):
            what = f"{match[1]}() is banned: {instead}"
            findings.append(finding(path, line_of(text, match.start()), what))
    return findings


def check_undone(root, path):
    text = read(root, path)
    return [
        finding(path, line_of(text, match.start()), f"{match[1]}: do it, or open an issue")
        for match in UNDONE.finditer(text)
    ]


def check(root):
    findings = []
    for path in files(root, "src", "include", "tests", endings=(".c", ".h", ".def")):
        findings += check_calls(root, path)
    for path in files(root, "src", "include", "schema", "scripts", "docker"):
        # OP_TODO, in the tables of operations, is one word and is not found.
        findings += check_undone(root, path)
    return findings


if __name__ == "__main__":
    sys.exit(report(check(sys.argv[1])))
