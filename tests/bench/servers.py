"""The servers that are measured, and how to call them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

ACCOUNT, REGION = "123456789012", "us-east-1"
# Not really signed: the verification of signatures is not measured.
AUTHORIZATION = (f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/ivs/aws4_request, "
                 "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64)
HEADERS = {"Content-Type": "application/json", "Authorization": AUTHORIZATION}
PATIENCE_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on its own port; a context manager."""

    def __init__(self, name, command, log):
        self.name, self.log = name, log
        self.port = free_port()
        self.command = [str(word).replace("{port}", str(self.port)) for word in command]
        self.process = None

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise SystemExit(f"{self.name} does not start, see {self.log}")
                time.sleep(0.01)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def resident_kib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def cpu_s(self):
        """The CPU time of the process on all cores so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Client:
    """One connection, for preparing a measurement."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def raw(self, operation, body):
        self.connection.request("POST", "/" + operation, json.dumps(body), HEADERS)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def call(self, operation, body):
        answer, text = self.raw(operation, body)
        if answer.status != 200:
            raise SystemExit(f"{operation}: {answer.status} {text[:200]}")
        return json.loads(text)


def ivs_local(build, work, database, *options, wrapper=()):
    return Server("IVS Local",
                  [*wrapper, build / "ivs-local", "--port", "{port}", "--db", database,
                   "--quotas", "off", "--log-level", "warn", *options], work / "ivs-local.log")


def moto(clients, work):
    """The emulator of the moto project, or None where it is not installed."""
    program = clients / "moto" / "bin" / "moto_server"
    if not program.exists():
        return None
    return Server("moto", [program, "-H", "127.0.0.1", "-p", "{port}"], work / "moto.log")


def constant(build, work, operation, answer, text):
    """The server that repeats the response bytes of another one."""
    path = work / f"{operation}.answer"
    lines = [f"{name}: {value}\r\n" for name, value in answer.getheaders()
             if name not in ("Date", "Content-Length", "Connection")]
    path.write_bytes("".join(lines).encode() + b"\r\n" + text)
    return Server("constant", [build / "constant", "{port}", path], work / "constant.log")
