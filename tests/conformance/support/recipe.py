"""
Runs a recipe of docs/recipes against a server: python3 -m support.recipe NAME

The folder of the recipe is what runs. The versions that it locks are what it runs with;
they are printed, and docs/recipes/README.md has to say the same.
"""
import os
import re
import sys
from pathlib import Path

from support import programs
from support.server import BUILD, Server

CLIENTS = Path(os.environ["CONFORMANCE_CLIENTS"])

# How each kind of lock file says a version.
VERSIONS = {
    "requirements.txt": r"^{}==(\S+)$",
    "package.json": r'"{}": "([^"]+)"',
    "go.mod": r"^\s*{} (v\S+)",
    "pom.xml": r"<artifactId>{}</artifactId>\s*<version>([^<]+)<",
    "Cargo.lock": r'^name = "{}"\nversion = "([^"]+)"',
}


def versions(name):
    """Each package to speak of and its version, as the README writes it."""
    recipe = programs.RECIPES[name]
    locked = (programs.RECIPES_HOME / name / recipe.lock).read_text()
    for package in recipe.packages:
        wanted = VERSIONS[recipe.lock].format(re.escape(package))
        yield f"{package} {re.search(wanted, locked, re.MULTILINE).group(1)}"


def rows():
    """What docs/recipes/README.md says of each recipe, by the link to it."""
    readme = (programs.RECIPES_HOME / "README.md").read_text()
    found = re.findall(r"^(\| \[[^]]*\]\(([^)]*)\) \|.*)$", readme, re.MULTILINE)
    return {link: row for row, link in found}


def run(name):
    """Whether the recipe works, and with the versions that it is said to."""
    recipe = programs.RECIPES[name]
    server = Server()
    ended = programs.start(
        recipe.language, recipe.command, CLIENTS, programs.RECIPES_HOME / name,
        BUILD / "conformance" / f"recipe-{name}", modules=name,
        AWS_ENDPOINT_URL_IVS=server.url)
    server.stop()
    print(f"recipe {name}: {', '.join(versions(name))}")

    row = rows().get(f"{name}/", "")
    stale = [version for version in versions(name) if version not in row]
    if stale:
        print(f"FAILED: docs/recipes/README.md does not name {stale} for {name}")
    return ended.returncode == 0 and not stale


if __name__ == "__main__":
    sys.exit(0 if run(sys.argv[1]) else 1)
