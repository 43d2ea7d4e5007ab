"""docs/testing.md: a test suite that consists of what the page shows passes."""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support.programs import HERE, RECIPES_HOME
from support.server import Server

PAGE = HERE.parent.parent / "docs" / "testing.md"


def blocks():
    """The contents of the page's Python blocks: the fixtures, then the tests."""
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)


class TestPage(unittest.TestCase):
    """The page's suite for pytest."""

    def test_the_fixtures_are_those_of_the_recipe(self):
        self.assertEqual(blocks()[0],
                         (RECIPES_HOME / "python" / "conftest.py").read_text("utf-8"))

    def test_the_suite_passes(self):
        fixtures, tests = blocks()
        server = Server()
        self.addCleanup(server.stop)
        with tempfile.TemporaryDirectory() as home:
            (Path(home) / "conftest.py").write_text(fixtures, "utf-8")
            (Path(home) / "test_lobby.py").write_text(tests, "utf-8")

            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], cwd=home,
                env={**os.environ, "AWS_ENDPOINT_URL_IVS": server.url},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("4 passed", done.stdout)


if __name__ == "__main__":
    unittest.main()
