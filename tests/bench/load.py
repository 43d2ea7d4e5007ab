"""Load by wrk, and what came of it."""

import os
import re
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from servers import AUTHORIZATION

HERE = Path(__file__).resolve().parent
THREADS, CONNECTIONS = 1, 64


@dataclass
class Figures:
    """Of one run, or the medians of several."""

    rate: float  # answers a second
    cpu_us: float  # of the server, for each answer
    p50_us: float
    p99_us: float
    p999_us: float


def write_requests(path, requests):
    """Requests as load.lua reads them: pairs of an operation and a body's text."""
    path.write_text("".join(f"/{operation} {body}\n" for operation, body in requests))
    return path


def run(server, requests, seconds):
    """Sends the requests in the file again and again for some time."""
    before = server.cpu_s()
    printed = subprocess.run(
        ["wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s",
         "-s", HERE / "load.lua", f"http://127.0.0.1:{server.port}"],
        env={**os.environ, "BENCH_REQUESTS": str(requests),
             "BENCH_AUTHORIZATION": AUTHORIZATION},
        stdout=subprocess.PIPE, text=True, check=True).stdout
    cpu_s = server.cpu_s() - before
    figures = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", printed)}
    if figures["failed"] or not figures["requests"]:
        raise SystemExit(f"{server.name}: {figures['failed']} of {figures['requests']} "
                         f"requests of {requests} failed")
    return Figures(figures["requests"] / figures["us"] * 1e6,
                   cpu_s / figures["requests"] * 1e6,
                   figures["p50"], figures["p99"], figures["p999"])


def medians(runs):
    return Figures(*(statistics.median(getattr(one, name) for one in runs)
                     for name in Figures.__dataclass_fields__))


def in_turns(sides, rounds, seconds):
    """A B C A B C ...: each side is a server and its requests. The medians, in order."""
    runs = [[] for _ in sides]
    for _ in range(rounds):
        for (server, requests), of_side in zip(sides, runs):
            of_side.append(run(server, requests, seconds))
    return [medians(of_side) for of_side in runs]
