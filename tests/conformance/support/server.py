"""The program as a process: started on a free port, stopped at the end of a test."""
import json
import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

BUILD = Path(os.environ["CONFORMANCE_BUILD"])


class Server:
    """A running ivs-local. `options` go to its command line."""

    def __init__(self, *options, db=":memory:"):
        command = [BUILD / "ivs-local", "--port", "0", "--db", db,
                   "--log-level", "warn", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline()
        found = re.match(r"ivs-local ready on (http://\S+) ", ready)
        if found is None:
            self.process.kill()
            self.process.communicate()
            raise AssertionError(f"no ready line but {ready!r}")
        self.url = found.group(1)

    def stop(self):
        """Ends the server, which must do so by itself and without an error."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()
        if self.process.returncode != 0:
            raise AssertionError(f"the server ended with {self.process.returncode}")

    def endpoints(self):
        """The variables by which SDKs find the server."""
        return {"AWS_ENDPOINT_URL_IVS": self.url, "AWS_ENDPOINT_URL_IVSCHAT": self.url}

    def control(self, operation, /, **members):
        """
        Calls the control API, unsigned: unless an ARN is given, it acts in the default
        account and region. None if the response has no body.
        """
        request = urllib.request.Request(
            f"{self.url}/_ivs-local/{operation}", json.dumps(members).encode(),
            {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def requests(self):
        """The logged requests with their results."""
        return self.control("ListRequests")["requests"]

    def succeeded(self):
        """The names of the operations that were called with success."""
        return {entry["operation"] for entry in self.requests() if "error" not in entry}


def tables():
    """The program's own tables: service -> operation -> its row."""
    printed = subprocess.run([BUILD / "tables", "model"], stdout=subprocess.PIPE,
                             check=True).stdout
    return json.loads(printed)


def implemented_operations():
    """The names of all operations of `ivs` that the program implements."""
    return {name for name, operation in tables()["ivs"].items()
            if operation["implemented"]}
