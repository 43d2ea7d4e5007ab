"""docs/troubleshooting.md quotes messages: each is caused in the way that the page
describes."""
import contextlib
import os
import re
import socket
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.programs import HERE
from support.server import BUILD, Server

PAGE = HERE.parent.parent / "docs" / "troubleshooting.md"
PORT = "4580"
DEFAULT = f"127.0.0.1:{PORT}"


def quoted():
    """The commands in the page's console blocks, and their output."""
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE.read_text(), re.M | re.S):
        for typed, said in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", block, re.M):
            yield typed, said.strip()


def run(typed, home, server, **variables):
    """The output of a command with an empty home, where the server has the default
    address."""
    address = server.url.removeprefix("http://")
    # An address without http:// is refused before it is called, so it is kept.
    typed = typed.replace(f"http://{DEFAULT}", server.url)
    typed = re.sub(r"^curl ", "curl --silent ", typed)
    ended = subprocess.run(
        ["bash", "-c", typed], cwd=home, capture_output=True, text=True, timeout=60,
        check=False, env={
            "PATH": f"{BUILD}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": home,
            "AWS_ENDPOINT_URL_IVS": server.url, "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            **variables})
    said = (ended.stdout + ended.stderr).strip()
    return said.replace(address, DEFAULT).replace(home, "~")


def edit_database(path):
    """A database with one channel, whose stored tags are then edited to be no JSON."""
    server = Server(db=path)
    server.control("Seed", calls=[{"operation": "CreateChannel", "input": {}}])
    server.stop()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE channel SET id = 'AbCdEf123456', tags = 'none'")
        database.execute("UPDATE stream_key SET channel_id = 'AbCdEf123456'")
        database.commit()


def with_port_taken(typed, home, server):
    """The same, while another program uses the port."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = run(f"{typed} --db :memory: --port {port}", home, server)
    return said.replace(f"port {port}", f"port {PORT}")


def say(typed, expected, home):
    """Causes the message."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    options, database = (), ":memory:"
    (Path(home) / "notes.txt").write_text("no database\n")
    if "Signature" in expected or "security token" in expected:
        options = ("--auth", "sigv4")
    if "edited.db" in typed:
        edit_database(str(Path(home) / "edited.db"))
    if "in use by another process" in expected:
        place = Path(home) / ".local" / "share" / "ivs-local"
        place.mkdir(parents=True)
        database = str(place / "ivs.db")
    server = Server(*options, db=database)
    try:
        if "Address already in use" in expected:
            return with_port_taken(typed, home, server)
        if "credentials" in expected:
            keys = {}
        return run(typed, home, server, **keys)
    finally:
        server.stop()


class TestMessages(unittest.TestCase):
    """The page's console blocks."""

    def test_every_quoted_message_is_printed(self):
        found = list(quoted())

        self.assertGreater(len(found), 10)
        for typed, expected in found:
            with self.subTest(typed), tempfile.TemporaryDirectory() as home:
                self.assertEqual(say(typed, expected, home), expected)
