"""
Starts the unit as a user does, with a separate systemd:

unshare --mount --cgroup --net user_systemd.py USR_OF_THE_PACKAGE
"""
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

SECONDS = 60
REGION = "eu-west-1"
WEBHOOK_PORT = 9000  # in a network of its own


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          timeout=SECONDS).stdout


def make_a_place(usr):
    """Prepares an environment in which systemd runs and finds the unit and the program."""
    run("ip", "link", "set", "lo", "up")
    run("mount", "--bind", usr, "/usr/local")
    run("mount", "-t", "tmpfs", "none", "/run")
    for folder in ("/run/systemd/system", "/run/user", "/run/home/.config/ivs-local"):
        Path(folder).mkdir(parents=True)
    Path("/run/home/.config/ivs-local/environment").write_text(
        f"IVS_LOCAL_REGION={REGION}\n"
        f"IVS_LOCAL_EVENTS_TO=https://localhost:1/,http://localhost:{WEBHOOK_PORT}/\n", "utf-8")
    os.environ.update(HOME="/run/home", XDG_RUNTIME_DIR="/run/user",
                      NOTIFY_SOCKET="/run/notify")
    for name in [name for name in os.environ if name.startswith(("XDG_CONFIG", "XDG_DATA"))]:
        del os.environ[name]


def start_systemd():
    """A systemd that is ready for systemctl."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(os.environ["NOTIFY_SOCKET"])
        told.settimeout(SECONDS)
        systemd = subprocess.Popen(["/lib/systemd/systemd", "--user"])
        while b"READY=1" not in told.recv(4096).split(b"\n"):
            pass
    return systemd


def wait_until_healthy():
    """systemd does not know when the server is ready."""
    give_up = time.monotonic() + SECONDS
    while subprocess.run(["/usr/local/bin/ivs-local", "health"], check=False).returncode != 0:
        assert time.monotonic() < give_up, "the server does not answer"
        time.sleep(0.02)


def call(operation, body):
    with urllib.request.urlopen(f"http://127.0.0.1:4580/{operation}", body) as answer:
        return answer.read().decode()


def wait_for_event():
    """libcurl and GnuTLS work under the restrictions: an event arrives at a webhook."""
    with socket.create_server(("127.0.0.1", WEBHOOK_PORT)) as webhook:
        webhook.settimeout(SECONDS)
        arn = json.loads(call("CreateChannel", b"{}"))["channel"]["arn"]
        call("_ivs-local/StartStream", json.dumps({"channelArn": arn}).encode())
        connection, _ = webhook.accept()
        with connection:
            connection.settimeout(SECONDS)
            assert connection.recv(5) == b"POST ", "no event"
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def check_restrictions():
    """systemd applied them: it ignores some where it cannot."""
    process = run("systemctl", "--user", "show", "--value", "--property=MainPID", "ivs-local")
    status = Path(f"/proc/{process.strip()}/status").read_text("utf-8")
    for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "Umask:\t0077"):
        assert line in status.splitlines(), f"{line} is not in {status}"


def main():
    make_a_place(sys.argv[1])
    systemd = start_systemd()
    try:
        run("systemctl", "--user", "enable", "--now", "ivs-local")
        wait_until_healthy()
        database = Path("/run/home/.local/share/ivs-local/ivs.db")
        assert database.is_file(), database
        created = call("CreateChannel", b"{}")
        assert f":{REGION}:" in created, created
        call("_ivs-local/SaveSnapshot", b'{"name": "kept"}')
        wait_for_event()
        check_restrictions()
        run("systemctl", "--user", "stop", "ivs-local")
        shown = run("systemctl", "--user", "show", "--property=Result,ExecMainStatus",
                    "ivs-local")
        assert sorted(shown.split()) == ["ExecMainStatus=0", "Result=success"], shown
    finally:
        systemd.terminate()
        systemd.wait()


if __name__ == "__main__":
    main()
