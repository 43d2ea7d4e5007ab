#!/usr/bin/env python3
"""
Measures the server; scripts/bench calls this after building what it needs.

  bench.py --build BUILD_DIR --clients CLIENTS_DIR [--quick]

Prints its tables and puts them into docs/performance.md; with --quick it only proves, in a
minute, that all of it works.
"""
import argparse
import shutil
import sys
from pathlib import Path

import chat
import measure
import report

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


class Bench:
    """The paths of a run, and how long each measurement takes."""

    def __init__(self, arguments):
        self.build, self.clients = arguments.build, arguments.clients
        self.work = arguments.build / "bench"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        quick = arguments.quick
        self.rounds, self.seconds = (1, 1) if quick else (5, 2)
        self.starts = 2 if quick else 20
        self.growth = (1000, 2000) if quick else (1000, 1000000)
        self.memory_channels = 500 if quick else 20000
        self.counted = 20 if quick else 1000
        # The clients of a room, and messages a second.
        self.talks = ((20, 20),) if quick else ((500, 20), (50, 40))
        self.talk_seconds = 1 if quick else 10
        self.idle_clients = 200 if quick else 10000

    def database(self, name):
        return self.work / f"{name}.db"


def measure_all(bench):
    text = ""

    def show(part):
        nonlocal text
        text += part
        print(part, flush=True)

    show(report.machine(bench.clients))
    loads, under_load = measure.throughput(bench)
    show(report.throughput(loads))
    started = measure.starts(bench)
    show(report.starts(started))
    at_start, each = measure.memory_at_start(bench), measure.memory_for_each_channel(bench)
    show(report.memory(at_start, under_load, each))
    grown, weights = measure.growth(bench)
    show(report.growth(grown, bench.growth))
    show(report.weights(weights))
    counts = measure.instructions(bench)
    show(report.instructions(counts, report.counts_before(DOCUMENT)))
    talks, idle = chat.talks(bench), chat.idle(bench)
    show(report.talks(talks))
    show(report.idle(idle))
    verdicts = report.targets(bench, loads, started, at_start, under_load, each, grown,
                              report.chat_targets(talks, idle))
    print(verdicts)
    return verdicts + text


def main():
    parser = argparse.ArgumentParser(description="Measures the server.")
    parser.add_argument("--build", type=Path, required=True, help="where it was built")
    parser.add_argument("--clients", type=Path, required=True,
                        help="where tests/conformance/install put moto")
    parser.add_argument("--quick", action="store_true",
                        help="prove that the measuring works, and write nothing")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    text = measure_all(bench)
    if not arguments.quick:
        report.rewrite(DOCUMENT, text)
        print(f"written to {DOCUMENT.name}")
    shutil.rmtree(bench.work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
