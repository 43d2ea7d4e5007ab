"""The program as a process that is restarted many times on one database."""
import os
import re
import signal
import subprocess
import time


class Server:
    """Clients read `port` before they connect; it changes with each start."""

    def __init__(self, program, folder, options):
        self.program, self.db, self.options = program, f"{folder}/ivs.db", options
        self.log = f"{folder}/server.log"
        self.process, self.port, self.starts = None, 0, 0

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "--port", "0", "--db", self.db, "--log-level", "warn",
                 *self.options], stdout=subprocess.PIPE, stderr=log, text=True)
        ready = self.process.stdout.readline()
        found = re.match(r"ivs-local ready on http://127\.0\.0\.1:(\d+) ", ready)
        if found is None:
            raise RuntimeError(f"no ready line but {ready!r}; see {self.log}")
        self.port = int(found.group(1))
        self.starts += 1

    def end(self, how):
        """Ends it with a signal. Returns its exit status."""
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        return status

    def stop(self):
        """Stops it. It must end by itself, in time and without an error."""
        began = time.monotonic()
        status = self.end(signal.SIGTERM)
        if status != 0 or time.monotonic() - began > 10:
            raise RuntimeError(f"the server ended with {status}; see {self.log}")

    def kill(self):
        self.end(signal.SIGKILL)

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def complaints(self):
        """Lines of the log that report a failure."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return [line.rstrip() for line in log if "level=error" in line
                    or "AddressSanitizer" in line or "runtime error" in line]
