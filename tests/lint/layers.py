#!/usr/bin/env python3
"""Checks every #include of src/ and include/ against the table of modules.

usage: layers.py ROOT
"""

import os
import re
import sys

from common import files, finding, line_of, read, report, without_comments

# What a module may include in addition to itself and base. ALL: anything. A folder need
# not exist.
ALL = "everything"
SERVICE = {"common", "api", "engine", "events", "data", "store"}
ROOM = {"engine", "objects", "aws", "events", "data", "store", "http", "faults"}
MAY_INCLUDE = {
    "base": set(),
    "http": set(),
    "store": set(),
    "media": set(),
    "data": {"store"},
    "faults": {"data", "store"},
    "aws": {"http"},
    "objects": {"http", "aws"},
    "events": {"data", "store", "http", "aws", "faults"},
    "engine": {"events", "objects", "data", "store"},
    "watch": {"http"},
    "chat": {"aws", "objects", "data", "store", "http", "faults"},
    "api": {"data", "store", "faults", "watch", "chat"},
    "common": {"api", "engine", "events", "data", "store"},
    "ivs": SERVICE,
    "ivschat": SERVICE | {"chat"},
    "ivsrealtime": SERVICE,
    "live": ROOM | {"media"},
    "stages": ROOM | {"media", "live"},
    "control": SERVICE | {"http", "faults", "watch", "chat"},
    "console": {"http"},
    "client": {"api", "http"},
    "app": ALL,
    "tools": ALL,
}

# Only these and the tests may include app.
ABOVE_ALL = {"app", "tools"}

# Libraries that only one folder (and its subfolders) may include: the folder, and a
# pattern of their headers. The pattern matches with and without the library's folder,
# because pkg-config offers both.
ONLY_IN = [
    ("src/http", re.compile(r"microhttpd\w*\.h")),
    ("src/http", re.compile(r"curl/.*|(?:curl|curlver|easy|multi|urlapi|websockets)\.h")),
    ("src/store", re.compile(r"sqlite3\w*\.h")),
    ("src/base", re.compile(r"gnutls/.*|gnutls\w*\.h")),
    ("src/base", re.compile(r"(?:uuid/)?uuid\.h")),
    ("src/base", re.compile(r"zlib\.h|zconf\.h")),
    # libunistring; unistd.h is the system's.
    ("src/base", re.compile(r"unistring/.*|uni(?!std\.h)\w+\.h")),
]

# Headers that some modules must not include.
NEVER_IN = [
    ({"store", "data"}, re.compile(r"(?:cjson/)?cJSON\w*\.h|base/json\.h")),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
DIRECTIVE = re.compile(r"^[ \t]*(#|%:)[ \t]*(include|include_next|import|embed)\b", re.MULTILINE)


def module_of(path):
    """The module that a path such as src/api/call.c belongs to."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


def resolve(root, path, name):
    """The file of ours that a quoted include means, or None."""
    for folder in (os.path.dirname(path), "include"):
        candidate = os.path.normpath(os.path.join(folder, name))
        if candidate.startswith(("src/", "include/")) and os.path.isfile(
            os.path.join(root, candidate)
        ):
            return candidate
    return None


def check_module(path, name, target):
    """Why the file at `path` must not include `target`, or None."""
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


def within(path, folder):
    return path.startswith(folder + "/")


def check_library(path, name):
    for folder, headers in ONLY_IN:
        if headers.fullmatch(name) and not within(path, folder):
            return f"{name} belongs into {folder} only"
    for modules, headers in NEVER_IN:
        if headers.fullmatch(name) and module_of(path) in modules:
            return f"{name} is not for {module_of(path)}"
    return None


def check_angle(root, name):
    """Names in angle brackets that find a header of the project under another name."""
    if name.startswith("/") or os.path.normpath(name) != name or name.startswith(".."):
        return f"<{name}> is not the plain name of a header"
    if os.path.isfile(os.path.join(root, "include", name)):
        return f'<{name}> is ours, which is "{name}"'
    return None


def check_quoted(root, path, name):
    target = resolve(root, path, name)
    if target is None:
        return f'"{name}" is neither beside this file nor in include'
    if not name.endswith((".h", ".def")):
        return f'"{name}" is neither a header nor a table (.def)'
    return check_module(path, name, target)


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
    read_as_such = {match.start() for match in includes}
    for match in DIRECTIVE.finditer(text):
        if match.start() not in read_as_such:
            line = line_of(text, match.start(1))
            findings.append(finding(path, line, "not an #include of a name as it stands"))
    for match in includes:
        name, line = match[2], line_of(text, match.start(1))
        beyond = check_quoted(root, path, name) if match[1] == '"' else check_angle(root, name)
        faults = [check_library(path, name), beyond]
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
