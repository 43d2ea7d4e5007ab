"""
Runs the journey in one language, or prints the results of all of them:

python3 -m support.journey LANGUAGE...    prints the steps python3 -m support.journey
--matrix       prints a table of the results so far
"""
import os
import re
import subprocess
import sys
from pathlib import Path

from support import programs
from support.server import BUILD, Server

CLIENTS = Path(os.environ["CONFORMANCE_CLIENTS"])


def steps():
    """The names of all steps, in the order of the page that describes them."""
    page = (programs.JOURNEY_HOME / "journey.md").read_text()
    return re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)


def record(language):
    """The file with the result of a language."""
    return programs.journey_record(BUILD, language)


def take(language):
    """Runs the journey. Returns whether every step passed."""
    server = Server()
    ended = programs.start(
        language, programs.JOURNEYS[language], CLIENTS, programs.JOURNEY_HOME / language,
        BUILD / "conformance" / f"journey-{language}", modules="journey",
        stdout=subprocess.PIPE, **server.endpoints())
    server.stop()
    said = re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout)  # Maven's colours
    print(said)
    record(language).write_text(said)

    passed = re.findall(r"^step (\w+) passed$", said, re.MULTILINE)
    missed = [name for name in steps() if name not in passed]
    strange = [name for name in passed if name not in steps()]
    if missed or strange:
        print(f"FAILED: not passed: {missed}; not in journey.md: {strange}")
    return ended.returncode == 0 and not missed and not strange


def sdks(said):
    """The packages of the SDK that ran the journey, and their versions."""
    return re.findall(r"^sdk (\S+ \S+)$", said, re.MULTILINE) or ["?"]


def matrix():
    """Prints the table: whether every language that was tried passed every step."""
    records = {language: record(language).read_text() for language in programs.JOURNEYS
               if record(language).exists()}
    for language, said in records.items():
        print(f"{language}: {', '.join(sdks(said))}")
    print(f"\n{'step':34}" + "".join(f"{language:>9}" for language in records))
    well = True
    for step in steps():
        passed = [f"step {step} passed\n" in said for said in records.values()]
        well = well and all(passed)
        print(f"{step:34}" + "".join(f"{'passed' if it else 'FAILED':>9}"
                                     for it in passed))
    left_out = [language for language in programs.JOURNEYS if language not in records]
    if left_out:
        print(f"SKIPPED: {', '.join(left_out)}")
    readme = (programs.RECIPES_HOME / "README.md").read_text()
    stale = [sdk for said in records.values() for sdk in sdks(said) if sdk not in readme]
    if stale:
        print(f"FAILED: docs/recipes/README.md does not name {stale}")
    return well and not stale and not (left_out and os.environ["CONFORMANCE_NO_SKIPS"])


def main(arguments):
    if arguments == ["--matrix"]:
        return 0 if matrix() else 1
    return 0 if all([take(language) for language in arguments]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
