#!/usr/bin/env python3
"""Who may include whom: every #include of src/ and include/ against the table.

usage: layers.py ROOT
"""

import os
import re
import sys

from common import files, finding, line_of, read, report, without_comments

# What a module may include besides itself and base. ALL: anything.
ALL = "everything"
SERVICE = {"common", "api", "engine", "events", "data", "store"}
SERVER = {"engine", "events", "data", "store", "http", "faults"}
MAY_INCLUDE = {
    "base": set(),
    "http": set(),
    "store": set(),
    "data": {"store"},
    "faults": {"data", "store"},
    "objects": {"http"},
    "events": {"data", "store", "http", "faults"},
    "engine": {"events", "objects", "data", "store"},
    "api": {"data", "store", "faults"},
    "common": {"api", "engine", "events", "data", "store"},
    "ivs": SERVICE,
    "ivschat": SERVICE,
    "ivsrealtime": SERVICE,
    "media": SERVER,
    "chat": SERVER,
    "control": SERVER | {"common", "api"},
    "console": {"http"},
    "app": ALL,
    "tools": ALL,
}

# Nothing but these and the tests may include app.
ABOVE_ALL = {"app", "tools"}

# Libraries that only one folder may know.
ONLY_IN = {
    "microhttpd.h": "src/http",
    "sqlite3.h": "src/store",
    "uuid/uuid.h": "src/base",
    "unistr.h": "src/base",
    "unictype.h": "src/base",
    "unicase.h": "src/base",
    "uniconv.h": "src/base",
    "unigbrk.h": "src/base",
    "unilbrk.h": "src/base",
    "uniname.h": "src/base",
    "uninorm.h": "src/base",
    "unistdio.h": "src/base",
    "unitypes.h": "src/base",
    "uniwbrk.h": "src/base",
    "uniwidth.h": "src/base",
}

# Headers that some modules must never know.
NEVER_IN = {
    "cjson/cJSON.h": {"store", "data"},
    "cJSON.h": {"store", "data"},
    "base/json.h": {"store", "data"},
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def module_of(path):
    """The module that a path such as src/api/call.c belongs to."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


def resolve(root, path, name):
    """The file that a quoted include means, or None."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    for candidate in (beside, os.path.join("include", name)):
        if os.path.isfile(os.path.join(root, candidate)):
            return candidate
    return None


def check_module(path, name, target):
    """What is wrong with the file at `path` including `target`, or None."""
    own, other = module_of(path), module_of(target)
    if os.path.basename(target).endswith("_internal.h") and os.path.dirname(
        target
    ) != os.path.dirname(path):
        return f'"{name}" is private to {os.path.dirname(target)}'
    if other in (own, "base"):
        return None
    if other in ABOVE_ALL and own not in ABOVE_ALL:
        return f'"{name}": nothing but app includes {other}'
    allowed = MAY_INCLUDE.get(own, ALL)  # an unknown module has a finding already
    if allowed is not ALL and other not in allowed:
        return f'"{name}": {own} may not include {other}'
    return None


def check_library(path, name):
    if name in ONLY_IN and os.path.dirname(path) != ONLY_IN[name]:
        return f"{name} belongs into {ONLY_IN[name]} only"
    if module_of(path) in NEVER_IN.get(name, ()):
        return f"{name} is not for {module_of(path)}"
    return None


def check_own_header(root, path, first):
    """Whether a .c file includes its own header before all others."""
    module, name = module_of(path), os.path.basename(path)[: -len(".c")]
    own = f"{module}/{name}.h"
    if not os.path.isfile(os.path.join(root, "include", own)) or first == own:
        return None
    return f'its own header "{own}" is not the first include'


def check_file(root, path):
    findings = []
    text = without_comments(read(root, path))
    includes = list(INCLUDE.finditer(text))
    for match in includes:
        name, line = match[2], line_of(text, match.start(1))
        faults = [check_library(path, name)]
        if match[1] == '"':
            target = resolve(root, path, name)
            if target is None:
                faults.append(f'"{name}" is neither beside this file nor in include')
            else:
                faults.append(check_module(path, name, target))
        findings += [finding(path, line, fault) for fault in faults if fault]
    if path.startswith("src/") and path.endswith(".c"):
        fault = check_own_header(root, path, includes[0][2] if includes else None)
        if fault:
            line = line_of(text, includes[0].start(1)) if includes else 1
            findings.append(finding(path, line, fault))
    if path.startswith("src/") and path.endswith(".h"):
        if not path.endswith("_internal.h"):
            findings.append(finding(path, 1, "a private header's name ends in _internal.h"))
    return findings


def check(root):
    findings = []
    for path in files(root, "src", "include"):
        if module_of(path) not in MAY_INCLUDE and path != "src/CMakeLists.txt":
            findings.append(finding(path, 1, "this folder is not in the table of layers"))
        if path.endswith((".c", ".h", ".def")):
            findings += check_file(root, path)
    return findings


if __name__ == "__main__":
    sys.exit(report(check(sys.argv[1])))
