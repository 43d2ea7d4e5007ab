"""docs/troubleshooting.md and docs/upgrading.md quote messages: each is caused in the way
that the page describes."""
import contextlib
import json
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

DOCS = HERE.parent.parent / "docs"
PAGES = (DOCS / "troubleshooting.md", DOCS / "upgrading.md")
PORT = "4580"
DEFAULT = f"127.0.0.1:{PORT}"


def quoted():
    """The commands in the pages' console blocks, and their output."""
    text = "".join(page.read_text() for page in PAGES)
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
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


def change_database(path, sql):
    """A database without content, which another program then changes."""
    Server(db=path).stop()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(sql)
        database.commit()


def write_files(home, typed):
    """The files that the command names."""
    (home / "notes.txt").write_text("no database\n")
    (home / "broken.json").write_text('{"calls": [\n')
    (home / "list.json").write_text("[]\n")
    (home / "seed.json").write_text(json.dumps(
        {"calls": [{"operation": "CreateChannel", "input": {"name": "my lobby"}}]}))
    with contextlib.closing(sqlite3.connect(home / "other.db")) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
    if "edited.db" in typed:
        edit_database(str(home / "edited.db"))
    if "altered.db" in typed:
        change_database(str(home / "altered.db"), "DROP INDEX channel_by_name")
    if "newer.db" in typed:
        change_database(str(home / "newer.db"), "PRAGMA user_version = 999")


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
    write_files(Path(home), typed)
    if "Signature" in expected or "security token" in expected:
        options = ("--auth", "sigv4")
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


def without_version(said):
    """The text without the schema version of the program, which often changes."""
    return re.sub(r"(newer than this program's) \d+", r"\1 N", said)


class TestMessages(unittest.TestCase):
    """The pages' console blocks."""

    def test_every_quoted_message_is_printed(self):
        found = list(quoted())

        self.assertGreater(len(found), 30)
        for typed, expected in found:
            with self.subTest(typed), tempfile.TemporaryDirectory() as home:
                self.assertEqual(without_version(say(typed, expected, home)),
                                 without_version(expected))
