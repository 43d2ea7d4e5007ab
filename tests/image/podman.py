"""Helpers for podman and buildah."""
import contextlib
import ctypes
import http.client
import json
import os
import subprocess
import threading
import uuid

STORE = os.environ["IMAGE_STORE"]
ARCH = subprocess.run(["dpkg", "--print-architecture"], stdout=subprocess.PIPE, text=True,
                      check=True).stdout.strip()
IMAGE = f"localhost/ivs-local:{ARCH}"
CLONE_NEWNET = 0x40000000


def command(tool, *arguments):
    return [tool, "--root", f"{STORE}/store", "--runroot", f"{STORE}/run", *arguments]


def output(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout


def podman(*arguments):
    # crun cannot set limits in every sandbox.
    return output(*command("podman", "--runtime", "runc", *arguments))


def buildah(*arguments):
    return output(*command("buildah", *arguments)).strip()


@contextlib.contextmanager
def files_of(image, arch):
    """The folder with the files of an image."""
    container = buildah("from", "--pull-never", "--arch", arch, image)
    try:
        yield buildah("mount", container)
    finally:
        buildah("umount", container)
        buildah("rm", container)


class Network:
    """A separate network for containers: no foreign ports, no route to the outside."""

    def __init__(self):
        self.name = f"ivs-image-{uuid.uuid4().hex[:8]}"
        self.path = f"/run/netns/{self.name}"
        output("ip", "netns", "add", self.name)
        output("ip", "-n", self.name, "link", "set", "lo", "up")
        # An address outside the loopback range.
        output("ip", "-n", self.name, "address", "add", "192.0.2.1/32", "dev", "lo")

    def remove(self):
        output("ip", "netns", "delete", self.name)

    def inside(self, function):
        """Calls the function, whose sockets then belong to this network."""
        result = []

        def enter():
            with open(self.path, "rb") as namespace:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            result.append(function())

        thread = threading.Thread(target=enter)  # only this thread switches
        thread.start()
        thread.join()
        return result[0]

    def call(self, path, body=None, address="127.0.0.1", host=None):
        """Status and JSON of a call to a container in this network."""
        def send():
            connection = http.client.HTTPConnection(address, 4580, timeout=60)
            headers = {"Host": host} if host else {}
            connection.request("GET" if body is None else "POST", path,
                               None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            return answer.status, json.loads(text) if text else None
        return self.inside(send)


class Container:
    """
    A container of the image with the strictest options, started up to its ready line.
    Without a network of the test it is in podman's own.
    """

    def __init__(self, network, *options, arguments=(), ready=True,
                 health="--no-healthcheck"):
        self.name = f"ivs-image-{uuid.uuid4().hex[:8]}"
        self.process = subprocess.Popen(
            command("podman", "--runtime", "runc", "run", "--rm", "--name", self.name,
                    "--network", f"ns:{network.path}" if network else "bridge", "--read-only",
                    "--read-only-tmpfs=false", "--cap-drop", "ALL",
                    "--security-opt", "no-new-privileges", health,
                    "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
                    *options, IMAGE, *arguments),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ready = self.process.stdout.readline() if ready else None
        if ready and not self.ready.startswith("ivs-local ready on "):
            raise AssertionError(f"not ready: {self.ready} {self.process.stderr.read()}")

    def pid(self):
        return int(podman("inspect", "--format", "{{.State.Pid}}", self.name))

    def status(self):
        """/proc/PID/status of the program, as the kernel names it there."""
        with open(f"/proc/{self.pid()}/status", encoding="utf-8") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file)

    def end(self):
        """Waits until the program ends by itself. Returns its exit status and its output."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    def terminate(self):
        """The same after stopping it in the same way as container engines."""
        podman("kill", "--signal", "TERM", self.name)
        return self.end()

    def remove(self):
        if self.process.poll() is None:
            podman("rm", "--force", "--time", "0", self.name)
            self.process.communicate()
