#!/usr/bin/env python3
"""Finds circles: headers that include each other, and files of one module that call each
other.

usage: circles.py ROOT
"""

import re
import sys

from common import code_only, files, finding, read, report, without_comments
from layers import INCLUDE, module_of, resolve

# The name of a function with external linkage, in its definition.
DEFINED = re.compile(
    r"^(?!static\b|typedef\b)[A-Za-z_][\w\s*]*?\b(\w+)\s*\([^;{}]*\)\s*\{", re.MULTILINE
)
DEFINED_STATIC = re.compile(r"^static\b[\w\s*]*?\b(\w+)\s*\([^;{}]*\)\s*[{;]", re.MULTILINE)
# Where a name may be a function: not a member, not a tag.
NAMED = re.compile(r"(?<![\w.])(?<!->)(?<!struct )(?<!enum )(?<!union )([A-Za-z_]\w*)")


def circles(graph):
    """The strongly connected parts of {node: nodes} that have more than one node, or one
    that leads to itself. Each is sorted, and so are they."""

    def reachable(start):
        found, todo = set(), [start]
        while todo:
            for node in graph.get(todo.pop(), ()):
                if node not in found:
                    found.add(node)
                    todo.append(node)
        return found

    reach = {node: reachable(node) for node in graph}
    parts = {
        tuple(sorted(other for other in reach[node] if node in reach.get(other, ())))
        for node in graph
        if node in reach[node]
    }
    return sorted(parts)


def headers_included(root):
    """{header: the headers of ours that it includes}"""
    graph = {}
    for path in files(root, "src", "include", endings=(".h", ".def")):
        names = [m[2] for m in INCLUDE.finditer(without_comments(read(root, path))) if m[1] == '"']
        targets = [resolve(root, path, name) for name in names]
        graph[path] = {target for target in targets if target is not None}
    return graph


def files_called(root):
    """{file: the other files of its module whose functions it names}"""
    texts = {path: code_only(read(root, path)) for path in files(root, "src", endings=(".c",))}
    home = {name: path for path, text in texts.items() for name in DEFINED.findall(text)}
    graph = {}
    for path, text in texts.items():
        names = set(NAMED.findall(text)) - set(DEFINED_STATIC.findall(text))
        targets = {home[name] for name in names if name in home} - {path}
        graph[path] = {to for to in targets if module_of(to) == module_of(path)}
    return graph


def check(root):
    found = [(part, "headers include each other") for part in circles(headers_included(root))]
    found += [(part, "files call each other") for part in circles(files_called(root))]
    return [finding(part[0], 1, f"{what}: {', '.join(part)}") for part, what in found]


if __name__ == "__main__":
    sys.exit(report(check(sys.argv[1])))
