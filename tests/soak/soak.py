#!/usr/bin/env python3
"""
Many callers at once against one server, each checking every answer against what it knows;
some of them have chat rooms, and check what everybody who is connected receives:

  soak.py --program BUILD/ivs-local [--minutes N] [--seed N] [--callers N] [--chatters N]
          [--keep]

For the first half of the time the server is killed, stopped, restarted on the same file,
and restored to snapshots; nothing that was acknowledged may be missing, nothing that was
not requested may exist. For the second half one server runs on, and must not grow.

A seed makes the callers repeat the same actions; the time of a kill depends on the
machine. Exit status: 0 all as it should be, 1 a difference, which is printed.
"""
import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

from caller import Caller
from chatter import Chatter
from client import Client, Difference, Lost
from server import Server

OPTIONS = ("--transitions", "0", "--quotas", "aws")
ROUND_SECONDS = (0.2, 2)

# The maximum growth of the server in the second half of the steady time.
GROWTH_MAX_KIB = 2048
DESCRIPTOR_SAMPLES = 10


class Gate:
    """Lets all callers work, or makes them all pause."""

    def __init__(self):
        self.changed = threading.Condition()
        self.closed, self.inside = False, 0

    def __enter__(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.closed)
            self.inside += 1

    def __exit__(self, *_):
        with self.changed:
            self.inside -= 1
            self.changed.notify_all()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.wait_for(lambda: self.inside == 0)

    def open(self):
        with self.changed:
            self.closed = False
            self.changed.notify_all()


class Soak:
    def __init__(self, arguments, folder):
        self.random = random.Random(f"{arguments.seed}/coordinator")
        self.gate, self.stop = Gate(), threading.Event()
        self.server = Server(arguments.program, folder, OPTIONS)
        self.callers = [Caller(number, arguments.seed, self.server, self.gate, self.stop)
                        for number in range(1, arguments.callers + 1)]
        self.callers += [Chatter(arguments.callers + number, arguments.seed, self.server,
                                 self.gate, self.stop)
                         for number in range(1, arguments.chatters + 1)]
        self.control = Client(self.server, "0" * 12)
        self.seconds = arguments.minutes * 60
        self.done = {"kills": 0, "ends": 0, "snapshots": 0, "restores": 0}
        self.saved = False
        # Resident KiB of the steady server, and its descriptors without those of chats.
        self.readings = []
        self.problem = None

    def run(self):
        began = time.monotonic()
        self.start()
        for caller in self.callers:
            caller.thread.start()
        while time.monotonic() < began + self.seconds / 2 and not self.stop.is_set():
            self.stop.wait(self.random.uniform(*ROUND_SECONDS))
            self.disturb()
        self.restart()
        self.watch(began + self.seconds)
        self.stop.set()
        self.gate.open()
        for caller in self.callers:
            caller.thread.join()
        self.check_end()

    def start(self):
        self.server.start()
        self.control.close()  # of the previous server

    # The first half

    def disturb(self):
        what = self.random.choice((self.kill, self.kill, self.kill, self.restart,
                                   self.save, self.restore, self.save_busy))
        what()

    def standing_still(self, do):
        """All callers pause, and their models are certain."""
        self.gate.close()
        try:
            if not self.stop.is_set():
                do()
        finally:
            self.gate.open()

    def kill(self):
        self.server.kill()
        self.start()
        self.done["kills"] += 1
        self.standing_still(self.verify)

    def restart(self):
        def do():
            self.server.stop()
            self.start()
            self.done["ends"] += 1
            self.verify()
        self.standing_still(do)

    def save(self):
        def do():
            self.control.expect("/SaveSnapshot", {"name": "soak"})
            for caller in self.callers:
                caller.saved = caller.model.copy()
            self.saved = True
            self.done["snapshots"] += 1
        self.standing_still(do)

    def save_busy(self):
        """While all callers work, so its contents are not known, but it must be complete."""
        self.control.expect("/SaveSnapshot", {"name": "busy"})
        check_file(f"{self.server.db}.snapshots/busy.db")

    def restore(self):
        def do():
            self.control.expect("/RestoreSnapshot", {"name": "soak"})
            for caller in self.callers:
                caller.model = caller.saved.copy()
            self.done["restores"] += 1
            self.verify()
        if self.saved:
            self.standing_still(do)

    def verify(self):
        """All callers pause: each checks everything it has."""
        for caller in self.callers:
            self.problem = caller
            caller.client.close()  # of a server that has ended
            caller.verify()
        self.problem = None

    # The second half

    def watch(self, until):
        while time.monotonic() < until and not self.stop.wait(1):
            self.standing_still(self.read)

    def read(self):
        """The server may take a moment to close what its clients have closed."""
        chats = sum(caller.open_count() for caller in self.callers)
        files = []
        for _ in range(DESCRIPTOR_SAMPLES):
            files.append(self.server.descriptors() - chats)
            self.stop.wait(0.01)
        self.readings.append((self.server.resident_kib(), min(files)))

    def check_steady(self):
        """From the middle on: before that, caches and tables fill up."""
        if len(self.readings) < 4:
            return
        middle = self.readings[len(self.readings) // 2:]
        memory = [kib for kib, _ in middle]
        early, late = memory[:len(memory) // 2], memory[len(memory) // 2:]
        if max(late) > max(early) + GROWTH_MAX_KIB:
            raise Difference(f"memory grows: {memory} KiB")
        files = [count for _, count in middle]
        if max(files) - min(files) > 2:  # a snapshot or a check of this process
            raise Difference(f"descriptors grow: {files}")

    # The end

    def check_end(self):
        for caller in self.callers:
            if caller.problem is not None:
                self.problem = caller
                raise caller.problem
        self.verify()
        self.check_steady()
        self.server.stop()
        check_file(self.server.db)
        complaints = self.server.complaints()
        if complaints:
            raise Difference("the server complains: " + "\n".join(complaints[:10]))

    def summary(self):
        calls = sum(caller.client.calls for caller in self.callers)
        done = dict(self.done, uncertain=sum(caller.uncertain for caller in self.callers))
        for caller in self.callers:
            for name, count in caller.done.items():
                done[name] = done.get(name, 0) + count
        lines = [f"calls {calls}", *(f"{name} {count}" for name, count in done.items())]
        if self.readings:
            memory = [kib for kib, _ in self.readings]
            files = [count for _, count in self.readings]
            some = memory[::max(1, len(memory) // 10)]
            lines.append(f"steady for {len(memory)} s: resident KiB "
                         f"{' '.join(map(str, some))}, {memory[-1]} at last; "
                         f"descriptors {min(files)} to {max(files)}")
        return "\n".join(f"  {line}" for line in lines)


def check_file(path):
    """Runs SQLite's integrity check on a database that is not being written to."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = [row for check in ("integrity_check", "foreign_key_check")
             for row in database.execute(f"PRAGMA {check}")]
    database.close()
    if found != [("ok",)]:
        raise Difference(f"{path}: {found}")


def report(soak, problem):
    print(f"\nDIFFERENCE: {problem!r}", file=sys.stderr)
    if isinstance(problem, (Difference, Lost)):
        print(problem, file=sys.stderr)
    if soak.problem is not None:
        print(f"account {soak.problem.client.account}, its last calls:", file=sys.stderr)
        for call in soak.problem.client.recent:
            print(f"  {call}", file=sys.stderr)
    for line in soak.server.complaints()[:10]:
        print(line, file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--chatters", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="the database and the log")
    arguments = parser.parse_args()
    print(f"{arguments.callers} callers, {arguments.chatters} chatters, "
          f"{arguments.minutes:g} minutes, "
          f"--seed {arguments.seed}", flush=True)
    folder = tempfile.mkdtemp(prefix="ivs-local-soak-")
    soak, status = Soak(arguments, folder), 0
    try:
        soak.run()
    except Exception as problem:  # pylint: disable=broad-except
        report(soak, problem)
        status = 1
    finally:
        if soak.server.process is not None and soak.server.process.poll() is None:
            soak.server.kill()
    print(soak.summary())
    if arguments.keep or status != 0:
        print(f"database and log: {folder}")
    else:
        shutil.rmtree(folder)
    sys.exit(status)


if __name__ == "__main__":
    main()
