"""
The recipes for Testcontainers, with the image. podman replaces Docker: it has the same
API.
"""
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import podman as engine

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Path(os.environ.get("IMAGE_CLIENTS", ROOT / "build" / "clients"))
NAME = "docker.io/library/ivs-local:latest"  # the full name of ivs-local in Docker
SECONDS = 60

sys.path.append(str(ROOT / "tests" / "conformance"))
from support import programs  # pylint: disable=wrong-import-position

# What the API of containers cannot request, and what sandboxes refuse.
CONTAINERS_CONF = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
"""


def wait_for(path):
    """Waits until something listens there."""
    give_up = time.monotonic() + SECONDS
    with socket.socket(socket.AF_UNIX) as client:
        while client.connect_ex(path) != 0:
            if time.monotonic() > give_up:
                raise AssertionError(f"nothing listens on {path}")
            time.sleep(0.02)


class Testcontainers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / "containers.conf").write_text(CONTAINERS_CONF, "utf-8")
        engine.podman("tag", engine.IMAGE, NAME)
        cls.addClassCleanup(engine.podman, "untag", NAME, NAME)
        path = str(cls.folder / "podman.sock")
        service = subprocess.Popen(
            engine.command("podman", "system", "service", "--time", "0", f"unix://{path}"),
            env={**os.environ, "CONTAINERS_CONF": str(cls.folder / "containers.conf")},
            stderr=subprocess.DEVNULL)
        cls.addClassCleanup(service.wait)
        cls.addClassCleanup(service.terminate)
        wait_for(path)
        cls.variables = {
            "DOCKER_HOST": f"unix://{path}",
            "TESTCONTAINERS_RYUK_DISABLED": "true",  # its image would have to be downloaded
            "TESTCONTAINERS_HOST_OVERRIDE": "localhost",
            "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
        }

    def run_recipe(self, language, name, *command):
        why_not = programs.missing(language, CLIENTS)
        if why_not and os.environ.get("IVS_LOCAL_NO_SKIPS") != "1":
            self.skipTest(why_not)
        self.assertIsNone(why_not)
        recipe = f"testcontainers/{name}"
        done = programs.start(language, command, CLIENTS, programs.RECIPES_HOME / recipe,
                              self.folder / name, modules=recipe, **self.variables)
        self.assertEqual(0, done.returncode)

    def test_python(self):
        self.run_recipe("python", "python", "python", "-B", "-m", "pytest", "-q")

    def test_javascript(self):
        self.run_recipe("js", "javascript", "node", "node_modules/vitest/vitest.mjs", "run")

    def test_go(self):
        self.run_recipe("go", "go", "go", "test", "-count=1", "./...")

    def test_java(self):
        self.run_recipe("java", "java", "mvn", "test")
