"""How programs in each language are run with what `install` put into CLIENTS_DIR."""
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent.parent
RECIPES_HOME = HERE.parent.parent / "docs" / "recipes"
JOURNEY_HOME = HERE / "journey"


class Toolchain(NamedTuple):
    """The requirements of a language."""
    clients: str  # the set of `install`
    tool: str  # the command that must be installed


TOOLCHAINS = {
    "python": Toolchain("recipes-python", "python3"),
    "js": Toolchain("recipes-js", "node"),
    "go": Toolchain("go", "go"),
    "java": Toolchain("java", "mvn"),
    "rust": Toolchain("rust", "cargo"),
}

# The command that runs the journey in each language.
JOURNEYS = {
    "python": ["python", "journey.py"],
    "js": ["node", "journey.mjs"],
    "go": ["go", "run", "."],
    "java": ["mvn", "test"],
    "rust": ["cargo", "run", "--quiet", "--locked"],
}


class Recipe(NamedTuple):
    """How a recipe is run."""
    language: str
    command: list
    lock: str  # the file that names the versions
    packages: tuple  # those of them that are named in the README
    function: str = ""  # the Lambda function that the recipe serves itself


RECIPES = {
    "aws-cli": Recipe("python", ["./recipe.sh"], "requirements.txt", ("awscli",)),
    "python": Recipe("python", ["python", "-B", "-m", "pytest", "-p", "no:cacheprovider"],
                     "requirements.txt", ("boto3", "pytest")),
    "control-api": Recipe(
        "python", ["bash", "-ec", "./recipe.sh; python -B -m pytest -p no:cacheprovider"],
        "requirements.txt", ("awscli", "boto3", "pytest")),
    "javascript": Recipe("js", ["node", "node_modules/vitest/vitest.mjs", "run"],
                         "package.json", ("@aws-sdk/client-ivs", "vitest")),
    "chat-frontend": Recipe(
        "js", ["node", "node_modules/vitest/vitest.mjs", "run"], "package.json",
        ("amazon-ivs-chat-messaging", "@aws-sdk/client-ivschat", "vitest")),
    "chat-moderation": Recipe(
        "python", ["python", "-B", "-m", "pytest", "-p", "no:cacheprovider"],
        "requirements.txt", ("boto3", "pytest", "websocket-client"), function="review"),
    "go": Recipe("go", ["go", "test", "-v", "-count=1", "./..."], "go.mod",
                 ("github.com/aws/aws-sdk-go-v2/service/ivs",)),
    "java": Recipe("java", ["mvn", "test"], "pom.xml", ("bom", "junit-jupiter")),
    "rust": Recipe("rust", ["cargo", "test", "--locked"], "Cargo.lock", ("aws-sdk-ivs",)),
    # Only compiled, or as close to it as possible, so that their versions are known:
    # running them requires the image, see tests/image.
    "testcontainers/python": Recipe(
        "python", ["python", "-B", "-m", "pytest", "-p", "no:cacheprovider",
                   "--collect-only"], "requirements.txt", ("testcontainers",)),
    "testcontainers/javascript": Recipe(
        "js", ["node", "node_modules/vitest/vitest.mjs", "list"], "package.json",
        ("testcontainers",)),
    "testcontainers/go": Recipe(
        "go", ["go", "vet", "./..."], "go.mod",
        ("github.com/testcontainers/testcontainers-go",)),
    "testcontainers/java": Recipe(
        "java", ["mvn", "test-compile"], "pom.xml", ("testcontainers",)),
}


def journey_record(build, language):
    """The file with the result of the journey."""
    return build / "conformance" / f"journey-{language}.txt"


def missing(language, clients):
    """Why nothing in this language can run, or None."""
    toolchain = TOOLCHAINS[language]
    if shutil.which(toolchain.tool) is None:
        return f"there is no {toolchain.tool}"
    if not (clients / toolchain.clients / "installed").exists():
        return f"no {toolchain.clients} in {clients}"
    return None


def variables(language, clients):
    """The environment of a program. Nothing is downloaded: only what is installed is
    used."""
    home = clients / TOOLCHAINS[language].clients
    if language == "python":
        return {"PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    if language == "go":
        return {"GOPATH": str(home / "path"), "GOCACHE": str(home / "cache"),
                "GOFLAGS": "-modcacherw -buildvcs=false", "GOPROXY": "off"}
    if language == "rust":
        return {"CARGO_HOME": str(home / "home"), "CARGO_TARGET_DIR": str(home / "target"),
                "CARGO_INCREMENTAL": "0", "CARGO_NET_OFFLINE": "true"}
    return {}


def start(language, command, clients, project, scratch, modules=None, **more):
    """
    Starts the command in a copy of the project, since some tools write next to the files
    that they run, and waits for its end. `modules` is the recipe, or "journey", whose
    node_modules a program in JavaScript gets.
    """
    home = clients / TOOLCHAINS[language].clients
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(project, scratch)
    if language == "js":
        (scratch / "node_modules").symlink_to(home / modules / "node_modules")
    if language == "java":
        command = [command[0], "--offline", "--quiet", "--batch-mode",
                   f"-Dmaven.repo.local={home / 'repository'}", *command[1:]]
    return subprocess.run(
        command, cwd=scratch, check=False, stdout=more.pop("stdout", None), text=True,
        env={**os.environ, **variables(language, clients), **more})
