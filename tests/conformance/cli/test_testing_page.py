"""
docs/testing.md: every command is run, in order, and prints what the page shows. Its Python
is run by ../docs, which has pytest.
"""
import os
import re
import subprocess
import unittest
from pathlib import Path

from support.server import Server

PAGE = Path(__file__).resolve().parents[3] / "docs" / "testing.md"
URL = "http://localhost:4580"
# Separates the outputs of two commands.
MARK = "---- next command ----"


def blocks():
    """The contents of the page's console blocks."""
    return re.findall(r"^```console\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)


def commands():
    """The page's commands, each with the output that is shown after it."""
    for block in blocks():
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            lines = part.splitlines(keepends=True)
            # A command continues while bash would ask for more of it.
            length = next(n for n in range(1, len(lines) + 1)
                          if not lines[n - 1].rstrip("\n").endswith("\\")
                          and is_complete("".join(lines[:n])))
            yield "".join(lines[:length]), "".join(lines[length:])


def is_complete(command):
    """Whether bash accepts this as a complete command."""
    return subprocess.run(["bash", "-n"], input=command, text=True,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def looks_like(shown, printed):
    """Whether a command printed what is shown, where … matches anything."""
    pattern = ".*?".join(re.escape(piece) for piece in shown.split("…"))
    return re.fullmatch(pattern, printed, re.S) is not None


class TestPage(unittest.TestCase):
    """The page on one server."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def test_commands_print_the_output_that_is_shown(self):
        told = list(commands())
        script = "".join(f"{command.replace(URL, self.server.url)}echo '{MARK}'\n"
                         for command, _ in told)
        path = os.pathsep.join([str(Path(os.environ["CONFORMANCE_AWS"]).parent),
                                os.environ["PATH"]])

        done = subprocess.run(["bash", "-c", script], text=True, check=True,
                              env={**os.environ, "PATH": path}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

        printed = done.stdout.split(f"{MARK}\n")[:-1]
        self.assertGreater(len(told), 20)
        self.assertEqual(len(printed), len(told), done.stdout)
        for (command, shown), output in zip(told, printed):
            with self.subTest(command):
                self.assertTrue(looks_like(shown, output), f"{shown}\nbut:\n{output}")


if __name__ == "__main__":
    unittest.main()
