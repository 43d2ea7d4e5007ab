"""
The image of docker/Dockerfile, as tests/image/run built it: what is in it, and how it runs.
"""
import gzip
import http.server
import json
import os
import queue
import re
import signal
import ssl
import statistics
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path

import yaml

import podman as engine
from podman import ARCH, IMAGE, Container, Network, buildah, files_of, podman

ROOT = Path(__file__).resolve().parents[2]
VERSION = os.environ["IMAGE_VERSION"]
SIZE_LIMIT = 25_000_000  # bytes, compressed
HEALTH = ["/usr/bin/ivs-local", "health"]
ARCHS = ("amd64", "arm64")
STARTS = 20

# Every file in the image matches one of these.
MAY_BE_THERE = re.compile(
    r"usr/bin/ivs-local"
    r"|lib64/ld-linux-x86-64\.so\.2|lib/ld-linux-aarch64\.so\.1"
    r"|(usr/)?lib/[a-z0-9_]+-linux-gnu/lib[a-z0-9_+.-]+\.so\.\d+"
    r"|usr/share/doc/[a-z0-9.+-]+/copyright|var/lib/dpkg/status\.d/[a-z0-9.+-]+"
    r"|etc/(passwd|group|nsswitch\.conf|ssl/certs/ca-certificates\.crt)")


def image_config(arch=ARCH):
    return json.loads(podman("inspect", f"localhost/ivs-local:{arch}"))[0]


def compressed_size(arch):
    """Bytes of the layers, compressed as in a registry."""
    with tempfile.TemporaryDirectory() as folder:
        podman("save", "--quiet", "--format", "docker-dir", "--output", f"{folder}/image",
               f"localhost/ivs-local:{arch}")
        manifest = json.loads(Path(folder, "image", "manifest.json").read_text("utf-8"))
        size = 0
        for layer in manifest["layers"]:
            blob = Path(folder, "image", layer["digest"].split(":")[1]).read_bytes()
            size += len(blob if blob[:2] == b"\x1f\x8b" else gzip.compress(blob))
        return size


class Contents(unittest.TestCase):
    def test_the_image_is_small(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                size = compressed_size(arch)
                print(f"\nimage {arch}: {size / 1e6:.1f} MB compressed, "
                      f"{image_config(arch)['Size'] / 1e6:.1f} MB not", flush=True)
                self.assertLessEqual(size, SIZE_LIMIT)

    def test_the_image_contains_no_other_files(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                with files_of(f"localhost/ivs-local:{arch}", arch) as root:
                    paths = [path for path in Path(root).rglob("*") if not path.is_dir()]
                    names = [str(path.relative_to(root)) for path in paths]
                    self.assertEqual([], [n for n in names if not MAY_BE_THERE.fullmatch(n)])
                    self.assertIn("usr/bin/ivs-local", names)
                    special = [n for n, p in zip(names, paths)
                               if p.is_symlink() or p.stat().st_mode & 0o6022]
                    self.assertEqual([], special)

    def test_every_library_comes_with_its_licence_and_its_version(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                with files_of(f"localhost/ivs-local:{arch}", arch) as root:
                    packages = sorted(p.name for p in Path(root, "var/lib/dpkg/status.d").iterdir())
                    licences = sorted(p.name for p in Path(root, "usr/share/doc").iterdir())
                    self.assertIn("libsqlite3-0", packages)
                    self.assertIn("libcurl3-gnutls", packages)
                    self.assertEqual(sorted(packages + ["ivs-local"]), licences)

    def test_the_metadata_describes_the_image(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                config = image_config(arch)
                labels = config["Config"]["Labels"]
                self.assertEqual(arch, config["Architecture"])
                self.assertEqual(VERSION, labels["org.opencontainers.image.version"])
                self.assertEqual("Apache-2.0", labels["org.opencontainers.image.licenses"])
                self.assertEqual("IVS Local", labels["org.opencontainers.image.title"])

    def test_the_image_has_a_command_and_a_health_check(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                config = image_config(arch)["Config"]
                self.assertEqual("65532:65532", config["User"])
                self.assertEqual({"/data": {}}, config["Volumes"])
                self.assertEqual({"4580/tcp": {}}, config["ExposedPorts"])
                self.assertEqual(["/usr/bin/ivs-local"], config["Entrypoint"])
                health = image_config(arch)["Healthcheck"]
                self.assertEqual(["CMD", *HEALTH], health["Test"])

    def test_the_other_processor_runs_it(self):
        """Runs under the emulator of the build stage."""
        other = "arm64" if ARCH == "amd64" else "amd64"
        emulator = {"arm64": "qemu-aarch64-static", "amd64": "qemu-x86_64-static"}[other]
        container = buildah("from", "--pull-never", f"localhost/ivs-local-build:{other}")
        self.addCleanup(buildah, "rm", container)
        server = subprocess.Popen(
            engine.command("buildah", "run", "--isolation", "chroot", container, "--",
                           emulator, "-L", "/image", "/image/usr/bin/ivs-local",
                           "--port", "0", "--db", "/image/data/ivs.db"),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True)
        self.addCleanup(server.communicate)
        self.addCleanup(os.killpg, server.pid, signal.SIGTERM)
        found = re.search(r"ready on http://127\.0\.0\.1:(\d+) \(version (\S+),",
                          server.stdout.readline())
        self.assertEqual(VERSION, found[2])
        subprocess.run(engine.command("buildah", "run", "--isolation", "chroot", container,
                                      "--", emulator, "-L", "/image",
                                      "/image/usr/bin/ivs-local", "health", "--port",
                                      found[1]), check=True)


class Running(unittest.TestCase):
    def setUp(self):
        self.network = Network()
        self.addCleanup(self.network.remove)

    def start(self, *options, **more):
        more.setdefault("network", self.network)
        container = Container(more.pop("network"), *options, **more)
        self.addCleanup(container.remove)
        return container

    def create_channel(self, name, **more):
        status, answer = self.network.call("/CreateChannel", {"name": name}, **more)
        self.assertEqual(200, status)
        return answer["channel"]

    def channel_names(self):
        return [c["name"] for c in self.network.call("/ListChannels", {})[1]["channels"]]

    def test_without_options_it_serves_every_host_and_stops_on_request(self):
        container = self.start()

        status, health = self.network.call("/_ivs-local/health", address="192.0.2.1")
        process = container.status()
        code, _, log = container.terminate()

        self.assertEqual((200, "ok", VERSION), (status, health["status"], health["version"]))
        self.assertEqual("65532", process["Uid"].split("\t")[0])
        self.assertEqual("1", process["NSpid"].split("\t")[-1])
        self.assertEqual(0, code, log)

    def test_the_health_check_needs_no_shell(self):
        # podman uses systemd to run it periodically, which may be missing here.
        container = self.start(health="--health-interval=disable")

        podman("healthcheck", "run", container.name)

        alone = self.start(arguments=["health"], ready=False)
        self.assertEqual(0, alone.end()[0])
        container.terminate()
        alone = self.start(arguments=["health"], ready=False)
        self.assertEqual(1, alone.end()[0])

    def test_any_user_can_run_it(self):
        container = self.start("--user", "12345")

        self.create_channel("lobby")

        self.assertEqual("12345", container.status()["Uid"].split("\t")[0])
        self.assertEqual(0, container.terminate()[0])

    def test_a_second_start_on_a_volume_finds_the_data(self):
        volume = podman("volume", "create").strip()
        self.addCleanup(podman, "volume", "rm", "--force", volume)
        first = self.start("--volume", f"{volume}:/data")
        self.create_channel("kept")
        self.assertEqual(0, first.terminate()[0])

        self.start("--volume", f"{volume}:/data")

        self.assertEqual(["kept"], self.channel_names())

    def test_a_folder_of_the_user_is_a_volume_too(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chown(folder, 12345, 12345)
            container = self.start("--user", "12345", "--volume", f"{folder}:/data")
            self.create_channel("kept")
            container.terminate()
            self.assertEqual(12345, os.stat(f"{folder}/ivs.db").st_uid)

    def test_a_read_only_volume_is_reported_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            container = self.start("--volume", f"{folder}:/data:ro", ready=False)
            code, out, err = container.end()

        self.assertEqual((1, ""), (code, out))
        self.assertRegex(err, r"\Aivs-local: [^\n]*/data/ivs\.db[^\n]*\n\Z")

    def test_memory_needs_no_volume(self):
        container = self.start("--env", "IVS_LOCAL_DB=:memory:")

        self.create_channel("lobby")

        self.assertEqual([], os.listdir(f"/proc/{container.pid()}/root/data"))

    def test_options_are_arguments(self):
        self.start(arguments=["--region", "eu-west-1"])

        self.assertIn(":eu-west-1:", self.create_channel("lobby")["arn"])

    def test_a_seed_can_be_mounted(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as seed:
            json.dump({"calls": [{"operation": "CreateChannel", "input": {"name": "sown"}}]},
                      seed)
            seed.flush()
            os.chmod(seed.name, 0o644)
            self.start("--volume", f"{seed.name}:/seed.json:ro",
                       "--env", "IVS_LOCAL_SEED=/seed.json")

        self.assertEqual(["sown"], self.channel_names())

    def test_it_can_be_called_by_the_name_of_its_service(self):
        self.start()

        channel = self.create_channel("lobby", host="ivs:4580")
        status, _ = self.network.call("/_ivs-local/health", host="ivs:4580")

        self.assertEqual(200, status)
        self.assertTrue(channel["playbackUrl"].startswith("http://ivs:4580/"))

    def test_its_port_can_be_published(self):
        try:
            container = self.start("--publish", "127.0.0.1::4580", network=None)
        except AssertionError as error:
            if os.environ.get("IVS_LOCAL_NO_SKIPS") == "1":
                raise
            self.skipTest(f"podman has no network here: {error}")
        address = podman("port", container.name, "4580/tcp").strip()

        with urllib.request.urlopen(f"http://{address}/CreateChannel", b"{}") as answer:
            channel = json.load(answer)["channel"]

        self.assertTrue(channel["playbackUrl"].startswith(f"http://{address}/"))

    def test_events_reach_an_https_target(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate = make_certificate(folder, "hooks.test")
            sink = Sink(self.network, certificate)
            self.addCleanup(sink.stop)
            container = self.start(
                "--add-host", "hooks.test:127.0.0.1",
                "--volume", f"{certificate}:/etc/ssl/certs/ca-certificates.crt:ro",
                arguments=["--events-to", f"https://hooks.test:{sink.port}/events"])
            channel = self.create_channel("lobby")
            self.network.call("/_ivs-local/StartStream", {"channelArn": channel["arn"]})

            event = sink.came.get(timeout=60)

            self.assertEqual([channel["arn"]], event["resources"])
            self.assertEqual(0, container.terminate()[0])

    def test_the_authorities_are_there(self):
        with files_of(IMAGE, ARCH) as root:
            text = Path(root, "etc/ssl/certs/ca-certificates.crt").read_text("utf-8")
        self.assertGreater(text.count("BEGIN CERTIFICATE"), 50)

    def test_measure_start_and_memory(self):
        """Only prints: the limits are checked by the benchmarks."""
        began = time.monotonic()
        container = self.start()
        whole = time.monotonic() - began
        self.assertEqual(200, self.network.call("/_ivs-local/health")[0])
        enter = ["nsenter", "--target", str(container.pid()), "--mount", "--net", "--root",
                 "--wd", "--setuid", "65532", "--setgid", "65532"]

        for what, database in (("in memory", ":memory:"), ("a new file", "/data/{}.db")):
            times = [time_to_ready(enter, database.format(n)) for n in range(STARTS)]
            print(f"\ninside the container: ready after {statistics.median(times):.1f} ms "
                  f"({what}; median of {STARTS}, least {min(times):.1f}, most "
                  f"{max(times):.1f})", end="")
        print(f"\n{whole * 1e3:.0f} ms with all that podman run does; "
              f"{container.status()['VmRSS'].split()[0]} KiB resident", flush=True)


def time_to_ready(enter, database):
    """Milliseconds."""
    began = time.monotonic()
    server = subprocess.Popen(
        [*enter, "/usr/bin/ivs-local", "--host", "127.0.0.1", "--port", "0", "--db", database],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, text=True)
    line = server.stdout.readline()
    took = (time.monotonic() - began) * 1e3
    server.terminate()
    server.communicate()
    if not line.startswith("ivs-local ready on ") or server.returncode != 0:
        raise AssertionError(f"{line!r}, exit status {server.returncode}")
    return took


def make_certificate(folder, name):
    """A file with a self-signed certificate of that name and its key."""
    certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", key, "-out", certificate],
                   stderr=subprocess.DEVNULL, check=True)
    Path(folder).chmod(0o755)
    with open(certificate, "a", encoding="utf-8") as file:
        file.write(Path(key).read_text("utf-8"))
    return certificate


class Sink:
    """An https server in a container's network, which stores what is sent to it."""

    def __init__(self, network, certificate):
        came = self.came = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                came.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.http = network.inside(
            lambda: http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        self.port = self.http.server_port
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.thread = threading.Thread(target=self.http.serve_forever)
        self.thread.start()

    def stop(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


class Compose(unittest.TestCase):
    def setUp(self):
        self.path = ROOT / "docker" / "compose.yaml"
        self.services = yaml.safe_load(self.path.read_text("utf-8"))["services"]

    def test_compose_takes_it(self):
        subprocess.run(["docker-compose", "--file", self.path, "config", "--quiet"],
                       check=True)

    def test_it_agrees_with_the_image(self):
        ivs = self.services["ivs"]
        self.assertEqual(["CMD", *HEALTH], ivs["healthcheck"]["test"])
        self.assertEqual("ivs-local", ivs["image"])
        context = (self.path.parent / ivs["build"]["context"]).resolve()
        self.assertEqual(ROOT, context)
        self.assertTrue((context / ivs["build"]["dockerfile"]).is_file())
        self.assertEqual(["127.0.0.1:4580:4580"], ivs["ports"])
        self.assertEqual(["ivs-data:/data"], ivs["volumes"])

    def test_the_application_waits_for_health(self):
        self.assertEqual({"ivs": {"condition": "service_healthy"}},
                         self.services["app"]["depends_on"])

    def test_the_application_reaches_it_by_its_name(self):
        """With the locally installed AWS CLI instead of the application's image."""
        aws = ROOT / "build" / "clients" / "python" / "bin" / "aws"
        if not aws.exists() and os.environ.get("IVS_LOCAL_NO_SKIPS") != "1":
            self.skipTest(f"there is no {aws}")
        network = Network()
        self.addCleanup(network.remove)
        container = Container(network)
        self.addCleanup(container.remove)
        app = self.services["app"]

        with tempfile.NamedTemporaryFile("w") as hosts:
            hosts.write("127.0.0.1 ivs\n")
            hosts.flush()
            printed = engine.output(
                "ip", "netns", "exec", network.name, "unshare", "--mount", "sh", "-c",
                'mount --bind "$1" /etc/hosts && shift && exec "$@"', "sh", hosts.name,
                "env", "-i", *[f"{name}={value}" for name, value in app["environment"].items()],
                "AWS_PAGER=", str(aws), "--output", "json", *app["command"])

        channel = json.loads(printed)["channel"]
        self.assertIn(":us-west-2:123456789012:channel/", channel["arn"])
        self.assertTrue(channel["playbackUrl"].startswith("http://ivs:4580/"))
