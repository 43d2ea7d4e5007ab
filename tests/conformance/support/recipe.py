"""
Runs a recipe of docs/recipes against a server: python3 -m support.recipe NAME

Runs the folder of the recipe, with the versions that it locks. They are printed, and
docs/recipes/README.md must name the same ones.
"""
import os
import re
import socket
import sys
from pathlib import Path

from support import programs
from support.server import BUILD, Server

CLIENTS = Path(os.environ["CONFORMANCE_CLIENTS"])

# The notation of a version in each kind of lock file.
VERSIONS = {
    "requirements.txt": r"^{}==(\S+)$",
    "package.json": r'"{}": "([^"]+)"',
    "go.mod": r"^\s*{} (v\S+)",
    "pom.xml": r"<artifactId>{}</artifactId>\s*<version>([^<]+)<",
    "Cargo.lock": r'^name = "{}"\nversion = "([^"]+)"',
}


def versions(name):
    """Each package that the README names and its version, in the README's notation."""
    recipe = programs.RECIPES[name]
    locked = (programs.RECIPES_HOME / name / recipe.lock).read_text()
    for package in recipe.packages:
        wanted = VERSIONS[recipe.lock].format(re.escape(package))
        yield f"{package} {re.search(wanted, locked, re.MULTILINE).group(1)}"


def rows():
    """The row of each recipe in docs/recipes/README.md, by the link to it."""
    readme = (programs.RECIPES_HOME / "README.md").read_text()
    found = re.findall(r"^(\| \[[^]]*\]\(([^)]*)\) \|.*)$", readme, re.MULTILINE)
    return {link: row for row, link in found}


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def run(name):
    """Whether the recipe works, with the versions that the README names."""
    recipe = programs.RECIPES[name]
    port = free_port()
    server = Server(*(["--lambda", f"{recipe.function}=http://127.0.0.1:{port}"]
                      if recipe.function else []))
    ended = programs.start(
        recipe.language, recipe.command, CLIENTS, programs.RECIPES_HOME / name,
        BUILD / "conformance" / f"recipe-{name}", modules=name,
        REVIEW_PORT=str(port), **server.endpoints())
    server.stop()
    print(f"recipe {name}: {', '.join(versions(name))}")

    row = rows().get(f"{name}/", "")
    stale = [version for version in versions(name) if version not in row]
    if stale:
        print(f"FAILED: docs/recipes/README.md does not name {stale} for {name}")
    return ended.returncode == 0 and not stale


if __name__ == "__main__":
    sys.exit(0 if run(sys.argv[1]) else 1)
