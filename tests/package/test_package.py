"""
The Debian package that tests/package/run made: what is in it, and what it does on a bare
system; and what `cmake --install` does.
"""
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = Path(os.environ["PACKAGE_BUILD"])
SYSTEM = Path(os.environ["PACKAGE_SYSTEM"])
[DEB] = BUILD.glob("*.deb")
VERSION = re.search(r"^project\(ivs-local VERSION ([\d.]+)",
                    (ROOT / "CMakeLists.txt").read_text("utf-8"), re.MULTILINE)[1]

PROGRAM = {
    "bin/ivs-local",
    "lib/systemd/user/ivs-local.service",
    "share/bash-completion/completions/ivs-local",
    "share/doc/ivs-local/README.md",
    "share/fish/vendor_completions.d/ivs-local.fish",
    "share/man/man1/ivs-local.1.gz",
    "share/man/man7/ivs-local.7.gz",
}
ELSEWHERE = {
    "share/doc/ivs-local/CHANGELOG.md",
    "share/doc/ivs-local/LICENSE",
    "share/zsh/site-functions/_ivs-local",
}
DEBIAN = {
    "share/doc/ivs-local/changelog.Debian.gz",
    "share/doc/ivs-local/changelog.gz",
    "share/doc/ivs-local/copyright",
    "share/zsh/vendor-completions/_ivs-local",
}


# The environment of programs on the bare system.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}


def output(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True,
                          **more).stdout


def files_below(folder):
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*")
            if not path.is_dir()}


def field(name):
    return output("dpkg-deb", "--field", DEB, name).strip()


class Contents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def unpacked(self):
        output("dpkg-deb", "--extract", DEB, self.folder)
        return self.folder / "usr"

    def test_the_package_has_the_expected_files(self):
        self.assertEqual(PROGRAM | DEBIAN, files_below(self.unpacked()))

    def test_an_installation_has_the_expected_files(self):
        output("cmake", "--install", BUILD, "--prefix", self.folder)
        self.assertEqual(PROGRAM | ELSEWHERE, files_below(self.folder))
        self.assertEqual(f"ivs-local {VERSION}\n",
                         output(self.folder / "bin" / "ivs-local", "--version"))

    def test_the_program_is_hardened(self):
        subprocess.run(["python3", "-B", HERE / "test_hardening.py",
                        self.unpacked() / "bin" / "ivs-local"], check=True)

    def test_the_fields_are_right(self):
        self.assertEqual("ivs-local", field("Package"))
        self.assertEqual(f"{VERSION}-1", field("Version"))
        self.assertEqual(output("dpkg", "--print-architecture").strip(),
                         field("Architecture"))
        depends = re.findall(r"(?:^|, )([a-z0-9.+-]+)", field("Depends"))
        for library in ("libc6", "libcjson", "libcurl", "libgnutls", "libmicrohttpd",
                        "libsqlite3", "libunistring", "libuuid", "zlib1g"):
            self.assertEqual(1, len([name for name in depends if name.startswith(library)]),
                             f"{library} in {depends}")
        self.assertEqual(9, len(depends), depends)

    def test_lintian_finds_nothing(self):
        # There is no bug in Debian's tracker that requests this package.
        subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning",
                        "--suppress-tags", "initial-upload-closes-no-bugs", DEB], check=True)

    def test_the_manual_is_well_formed_and_complete(self):
        folder = self.unpacked() / "share" / "man"
        named = {"1": re.findall(r"^  (--[a-z-]+) ", output(BUILD / "ivs-local", "--help"),
                                 re.MULTILINE),
                 "7": re.findall(r"^OP\((\w+),", (ROOT / "src/control/operations.def")
                                 .read_text("utf-8"), re.MULTILINE)}
        for section, names in named.items():
            page = gzip.decompress(
                (folder / f"man{section}" / f"ivs-local.{section}.gz").read_bytes()).decode()
            with self.subTest(page=section):
                groff = subprocess.run(["groff", "-man", "-ww", "-z"], input=page, text=True,
                                       stderr=subprocess.PIPE, check=True)
                self.assertEqual("", groff.stderr)
                lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=page,
                                      stdout=subprocess.PIPE, text=True, check=False)
                # A date would have to be changed with each version.
                self.assertEqual([], [line for line in lint.stdout.splitlines()
                                      if "missing date" not in line])
                shown = output("mandoc", "-T", "ascii", "-O", "width=1000", input=page)
                shown = re.sub(".\b", "", shown)
                self.assertGreater(len(names), 5)
                for name in names:
                    self.assertRegex(shown, rf"(?m)^ +{re.escape(name)}\b")

    def test_completions_are_what_the_program_prints(self):
        share = self.unpacked() / "share"
        for shell, path in (("bash", "bash-completion/completions/ivs-local"),
                            ("zsh", "zsh/vendor-completions/_ivs-local"),
                            ("fish", "fish/vendor_completions.d/ivs-local.fish")):
            self.assertEqual(output(BUILD / "ivs-local", "completion", shell),
                             (share / path).read_text("utf-8"))

    def test_systemd_knows_every_word_of_the_unit(self):
        usr = self.unpacked()
        verified = subprocess.run(
            ["unshare", "--mount", "sh", "-c",
             'mount --bind "$1" /usr/local && systemd-analyze --user --man=no verify "$2"',
             "sh", usr, usr / "lib" / "systemd" / "user" / "ivs-local.service"],
            stderr=subprocess.PIPE, text=True, check=False, env={
                **os.environ, "XDG_RUNTIME_DIR": str(self.folder)})
        self.assertEqual((0, ""), (verified.returncode, verified.stderr))

    def test_the_unit_gives_up_what_it_does_not_need(self):
        # Most of the rest are capabilities, which no service of a user has.
        subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=65",
                        self.unpacked() / "lib" / "systemd" / "user" / "ivs-local.service"],
                       stdout=subprocess.DEVNULL, check=True)

    def test_a_user_can_have_systemd_run_it(self):
        subprocess.run(["unshare", "--mount", "--cgroup", "--net", "python3", "-B",
                        HERE / "user_systemd.py", self.unpacked()], check=True)


class BareSystem(unittest.TestCase):
    """The package, installed by apt with its dependencies, and removed again."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(dir=SYSTEM.parent)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name) / "root"
        output("cp", "-a", "--reflink=auto", SYSTEM, cls.root)
        # The access to the mirror is that of this machine.
        shutil.copy("/etc/resolv.conf", cls.root / "etc")
        if Path("/etc/apt/apt.conf.d").is_dir():
            shutil.copytree("/etc/apt/apt.conf.d", cls.root / "etc/apt/apt.conf.d",
                            dirs_exist_ok=True)
        shutil.copy(DEB, cls.root / "tmp" / DEB.name)
        cls.inside("apt-get", "update", "-qq")
        cls.inside("apt-get", "install", "-y", "-qq", "--no-install-recommends",
                   f"/tmp/{DEB.name}")

    @classmethod
    def inside(cls, *command, user="root"):
        done = subprocess.run(
            ["chroot", f"--userspec={user}", cls.root, *command], env=ENVIRONMENT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.stdout}")
        return done.stdout

    def serve(self, *options):
        """Starts a server on the bare system as the user nobody. Returns its URL and its
        process."""
        server = subprocess.Popen(
            ["chroot", "--userspec=nobody", self.root, "ivs-local", "--port", "0", *options],
            env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        self.addCleanup(server.kill)
        ready = re.match(r"ivs-local ready on (http://\S+) ", server.stdout.readline())
        return ready[1], server

    def test_it_serves_and_keeps(self):
        self.assertEqual(f"ivs-local {VERSION}\n", self.inside("ivs-local", "--version"))
        url, server = self.serve()
        port = url.rsplit(":", 1)[1]

        request = urllib.request.Request(f"{url}/CreateChannel", b'{"name": "lobby"}')
        with urllib.request.urlopen(request) as answer:
            channel = json.load(answer)["channel"]
        self.inside("ivs-local", "health", "--port", port, user="nobody")
        server.send_signal(signal.SIGTERM)
        server.wait()

        self.assertEqual("lobby", channel["name"])
        self.assertEqual(0, server.returncode)
        self.assertTrue((self.root / "tmp/.local/share/ivs-local/ivs.db").is_file())

    def test_it_can_send_events(self):
        """libcurl is installed, although nothing is linked with it."""
        url, server = self.serve("--db", ":memory:", "--events-to", "http://127.0.0.1:9/")
        with urllib.request.urlopen(f"{url}/_ivs-local/health") as answer:
            self.assertEqual("ok", json.load(answer)["status"])
        server.send_signal(signal.SIGTERM)
        server.wait()
        self.assertEqual(0, server.returncode)

    def test_removal_deletes_its_files(self):
        self.inside("apt-get", "remove", "-y", "-qq", "ivs-local")
        self.addCleanup(self.inside, "apt-get", "install", "-y", "-qq",
                        "--no-install-recommends", f"/tmp/{DEB.name}")

        left = [name for name in PROGRAM | DEBIAN if (self.root / "usr" / name).exists()]

        self.assertEqual([], left)


def tearDownModule():
    print(f"\n{DEB.name}: {DEB.stat().st_size / 1000:.0f} kB, {field('Installed-Size')} KiB "
          f"installed", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
