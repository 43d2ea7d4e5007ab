#!/usr/bin/env python3
"""Checks that documents agree with the program: printed pages are up to date, links have
a target, the rows of docs/fidelity/*.md, the code and the tests name each other, and the
table of modules in docs/architecture.md is the one that layers.py enforces. The
development container installs lists that scripts/packages.sh has.

usage: docs.py ROOT TABLES    (TABLES is the program `tables` of a build)
"""

import json
import os
import re
import subprocess
import sys

from common import code_only, files, finding, line_of, read, report
from layers import ALL, MAY_INCLUDE, module_of

PRINTED = ["operations", "configuration", "control-api"]
MODULES = "docs/architecture.md"
CONTAINER = ".devcontainer/devcontainer.json"
PACKAGES = "scripts/packages.sh"
FIDELITY = "docs/fidelity"
# The pages of docs/fidelity, and the prefixes of the ids of their rows. README.md has no
# rows.
SERVICES = ("common", "ivs", "ivschat", "ivs-realtime")

ROW_ID = r"[a-z]+(?:-[a-z]+)*-[0-9]+"
MENTION = re.compile(r"Fidelity:")
MENTIONED = re.compile(rf"\s*({ROW_ID}(?:,\s*{ROW_ID})*)(?![\w-])")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s+<?([^\s>]+)", re.MULTILINE)
SEPARATOR = re.compile(r"\|[\s:|-]*-[\s:|-]*\|\s*")
TEST = re.compile(r"([^\s,`:]+):([A-Za-z_][\w.]*)")


def check_printed(root, tables):
    findings = []
    for name in PRINTED:
        path = f"docs/{name}.md"
        wanted = subprocess.run([tables, name], stdout=subprocess.PIPE, check=True).stdout
        try:
            with open(os.path.join(root, path), "rb") as file:
                fault = None if file.read() == wanted else "is stale"
        except FileNotFoundError:
            fault = "is missing"
        if fault:
            what = f"{fault}; refresh it with: {tables} {name} > {path}"
            findings.append(finding(path, 1, what))
    return findings


def prose(text):
    """Markdown with its code blocks and code spans blanked out."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    text = re.sub(r"^ *```.*?^ *```", blank, text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", blank, text)


def anchors(text):
    """The anchors of a page's headings, made as GitHub makes them."""
    found = set()
    code = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    for heading in re.findall(r"^#+ +(.*?) *#*$", code, re.MULTILINE):
        heading = re.sub(r"\]\([^)]*\)", "]", heading)
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = sum(1 for known in found if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", known))
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


def leads_somewhere(root, path, link):
    target, _, anchor = link.partition("#")
    file = path
    if target:
        file = os.path.normpath(os.path.join(os.path.dirname(path), target))
    if file.startswith("..") or not os.path.exists(os.path.join(root, file)):
        return False
    return not anchor or not file.endswith(".md") or anchor in anchors(read(root, file))


def check_links(root, path):
    findings = []
    text = prose(read(root, path))
    for match in LINK.finditer(text):
        link = match[1] or match[2]
        if not re.match(r"[a-z][a-z0-9+.-]*:", link) and not leads_somewhere(root, path, link):
            what = f"the link to {link} leads nowhere"
            findings.append(finding(path, line_of(text, match.start()), what))
    return findings


def mentions(root):
    """The mentions of fidelity in the code: ({id: (path, line)}, findings)."""
    found, findings = {}, []
    for path in files(root, "src", "include"):
        text = read(root, path)
        for match in MENTION.finditer(text):
            line = line_of(text, match.start())
            ids = MENTIONED.match(text, match.end())
            if ids is None:
                findings.append(finding(path, line, "Fidelity: without the id of a row"))
                continue
            for row_id in re.split(r",\s*", ids[1]):
                found.setdefault(row_id, (path, line))
    return found, findings


def cells_of(line):
    cells = re.split(r"(?<!\\)\|", line.strip())
    return [cell.strip() for cell in cells[1:-1]]


def rows(text):
    """The rows of the tables whose first column is the id: (line, id, test cell). The
    cell is None if the table has no column of tests."""
    found, test_at, with_ids = [], None, False
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.startswith("|"):
            test_at, with_ids = None, False
            continue
        cells = cells_of(line)
        below = lines[number] if number < len(lines) else ""
        if SEPARATOR.fullmatch(below):
            heads = [cell.lower() for cell in cells]
            at = [i for i, head in enumerate(heads) if head in ("test", "tests")]
            test_at = at[0] if at else None
            with_ids = heads[0] == "id"
        elif not SEPARATOR.fullmatch(line) and (
            with_ids or re.fullmatch(ROW_ID, cells[0])
        ):
            has_cell = test_at is not None and test_at < len(cells)
            found.append((number, cells[0], cells[test_at] if has_cell else None))
    return found


def test_fault(root, path, name):
    """Why a test that a row names is invalid, or None."""
    if not path.startswith("tests/") or not os.path.isfile(os.path.join(root, path)):
        return f"there is no file of tests {path}"
    text = read(root, path)
    if path.endswith(".c"):
        text = code_only(text)
        defined = rf"^[\w \t*]*\b{re.escape(name)}\s*\([^;{{]*\)\s*\{{"
    else:
        defined = rf"^\s*(?:async\s+)?def\s+{re.escape(name.split('.')[-1])}\s*\("
    if not re.search(defined, text, re.MULTILINE):
        return f"{path} has no test {name}"
    return None


def service_of(row_id):
    """The service in an id such as ivs-realtime-stage-1, or None. An area must follow it."""
    fits = [name for name in SERVICES if re.match(rf"{name}-[a-z]", row_id)]
    return max(fits, key=len, default=None)


def check_tests(root, page, line, row_id, cell):
    faults = []
    named = TEST.findall(cell or "")
    if not named:
        faults.append(f"{row_id} names no test (path:function)")
    elif re.sub(r"[\s,`]|<br>|and", "", TEST.sub("", cell)):
        faults.append(f"{row_id}: the test column is not path:function, ...: {cell}")
    for path, name in named:
        fault = test_fault(root, path, name)
        if fault:
            faults.append(f"{row_id}: {fault}")
    return [finding(page, line, fault) for fault in faults]


def check_row(page, line, row_id, known, mentioned):
    """Why the id of a row is invalid, or None."""
    service = os.path.basename(page)[: -len(".md")]
    if row_id in known:
        return "{} is a row already, in {}:{}".format(row_id, *known[row_id])
    if not re.fullmatch(ROW_ID, row_id):
        return f"{row_id} is no id such as {service}-tags-1"
    if service_of(row_id) != service:
        return f"{row_id} does not begin with the service of its page, {service}"
    if row_id not in mentioned:
        return f"no code in src or include says Fidelity: {row_id}"
    return None


def check_fidelity(root):
    mentioned, findings = mentions(root)
    known = {}
    for page in files(root, FIDELITY, endings=(".md",)):
        service = os.path.basename(page)[: -len(".md")]
        found = rows(read(root, page))
        if service not in SERVICES:
            if service != "README":
                findings.append(finding(page, 1, "is the page of no service"))
            elif found:
                findings.append(finding(page, found[0][0], "rows belong on a service's page"))
            continue
        for line, row_id, cell in found:
            fault = check_row(page, line, row_id, known, mentioned)
            if fault:
                findings.append(finding(page, line, fault))
            known.setdefault(row_id, (page, line))
            findings += check_tests(root, page, line, row_id, cell)
    for row_id, (path, line) in mentioned.items():
        if row_id not in known:
            findings.append(finding(path, line, f"{row_id} is no row of {FIDELITY}"))
    return findings


def modules_described(text):
    """The rows of the table of modules: {module: (line, what it may include)}"""
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        cells = cells_of(line) if line.startswith("|") else []
        if len(cells) == 3 and re.fullmatch(r"(?:`[a-z]+`(?:, )?)+", cells[0]):
            allowed = ALL if cells[2] == ALL else set(re.findall(r"`([a-z]+)`", cells[2]))
            for module in re.findall(r"`([a-z]+)`", cells[0]):
                found[module] = (number, allowed)
    return found


def check_modules(root):
    if not os.path.isfile(os.path.join(root, MODULES)):
        return [finding(MODULES, 1, "is missing")]
    described = modules_described(read(root, MODULES))
    findings = []
    for module, (line, allowed) in described.items():
        if module not in MAY_INCLUDE:
            findings.append(finding(MODULES, line, f"{module} is no module of layers.py"))
        elif allowed != MAY_INCLUDE[module]:
            what = f"layers.py says otherwise of what {module} may include"
            findings.append(finding(MODULES, line, what))
    there = {module_of(path) for path in files(root, "src", "include")} & set(MAY_INCLUDE)
    for module in sorted(there - set(described)):
        findings.append(finding(MODULES, 1, f"the table of modules lacks {module}"))
    return findings


def check_container(root):
    """Checks that its command installs lists of packages by name, and names no package."""
    try:
        command = json.loads(read(root, CONTAINER))["postCreateCommand"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [finding(CONTAINER, 1, f"cannot be read: {error!r}")]
    lists = re.findall(r"^(\w+_PACKAGES)=\(", read(root, PACKAGES), re.MULTILINE)
    names = re.fullmatch(r'\. scripts/packages\.sh && need_packages((?: "\$\{\w+\[@\]\}")+)',
                         command[-1] if isinstance(command, list) else "")
    if names is None or command[:-1] != ["bash", "-c"]:
        return [finding(CONTAINER, 1, f"does not install the lists of {PACKAGES}")]
    return [finding(CONTAINER, 1, f"{PACKAGES} has no list {name}")
            for name in re.findall(r"\w+", names[1]) if name not in lists]


def check(root, tables):
    findings = check_printed(root, tables)
    pages = sorted(name for name in os.listdir(root) if name.endswith(".md"))
    for path in pages + files(root, "docs", "docker", "tests", endings=(".md",)):
        findings += check_links(root, path)
    return findings + check_modules(root) + check_container(root) + check_fidelity(root)


if __name__ == "__main__":
    sys.exit(report(check(sys.argv[1], sys.argv[2])))
