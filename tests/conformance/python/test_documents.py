"""The examples in the pages of docs/ run."""
import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from support.boto import Journey
from support.caller import Caller
from support.report import skip

DOCS = Path(__file__).resolve().parents[3] / "docs"
DEFAULT_URL = re.compile(r"http://(localhost|127\.0\.0\.1):4580\b")


class Examples(Journey):
    """A page's examples, in order, on one server."""

    def run_page(self, name, languages="python|sh", port="9000"):
        """Runs the examples of a page, where a webhook has this port. Returns their
        output."""
        if shutil.which("curl") is None:
            skip("there is no curl to run what the pages show")
        text = DEFAULT_URL.sub(self.server.url, (DOCS / name).read_text("utf-8"))
        text = text.replace("9000", port)
        examples = re.findall(rf"^```({languages})\n(.*?)^```$", text, re.M | re.S)
        self.assertTrue(examples, "there are examples")
        return [self.run_example(*example) for example in examples]

    def run_example(self, language, code):
        """Runs one example, which must not fail. Returns its output."""
        command = {"python": [sys.executable, "-c", code],
                   "sh": ["bash", "-euc", code]}[language]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, f"{code}\n{done.stdout}")
        return done.stdout


class TestDocuments(Examples):
    """Pages whose examples need nothing but a server."""

    def test_parallel_suites(self):
        suite = Caller(self.server, "000000000001", "us-east-1")

        self.run_page("parallel-suites.md")

        # The last example deletes what the first one created.
        self.assertEqual(suite.control("ListRequests")["requests"], [])
        self.assertEqual(suite.call("list_channels")["channels"], [])

    def test_web_pages(self):
        call = urllib.request.Request(f"{self.server.url}/CreateChannel", b"{}",
                                      {"Origin": "https://elsewhere.example"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(call)
        refused.exception.close()

        (answer,) = self.run_page("web-pages.md")

        (request,) = json.loads(answer)["requests"]
        self.assertEqual((request["path"], request["error"]),
                         ("/CreateChannel", "OriginRefusedException"))


class TestEvents(Examples):
    """The examples of a page that receive events."""

    def setUp(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        self.options = ("--events-to", f"http://127.0.0.1:{self.port}/")
        super().setUp()

    def test_events(self):
        self.run_page("events.md", "python", self.port)
