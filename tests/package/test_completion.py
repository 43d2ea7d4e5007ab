"""
What `ivs-local completion` prints, loaded and called by the shells themselves:

  test_completion.py PROGRAM

A shell that is not installed is skipped; with IVS_LOCAL_NO_SKIPS=1 that is a failure.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None  # from the command line
SECONDS = 30
ONE_FILE = "seed.json"

# A completion of bash gets the line as words and returns its result in a variable.
BASH = """
source <("$PROGRAM" completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_ivs_local
printf '%s\\n' "${COMPREPLY[@]}"
"""


def environment(**more):
    return {"PATH": os.environ["PATH"], "HOME": os.getcwd(), "TERM": "dumb",
            "LC_ALL": "C.UTF-8", "PROGRAM": PROGRAM, **more}


def output(*command, **more):
    return subprocess.run(command, env=environment(**more), check=True, timeout=SECONDS,
                          stdout=subprocess.PIPE, text=True).stdout


def bash(line):
    words = [part for word in line.split(" ")
             for part in re.findall(r"=|[^=]+", word) or [""]]
    return output("bash", "-c", BASH, "bash", *words).split("\n")[:-1]


def fish(line):
    script = '"$PROGRAM" completion fish | source; complete -C "$LINE"'
    offers = output("fish", "--no-config", "-c", script, LINE=line).split("\n")[:-1]
    return [re.sub(r"^--[a-z-]+=", "", offer.split("\t")[0]) for offer in offers]


def zsh(line):
    """
    The words on the screen after a tab, and the resulting line. zsh completes only in an
    interactive line, so it gets a terminal.
    """
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], environment(COLUMNS="500", LINES="200"))
    shown = ""

    def send(text):
        os.write(terminal, text.encode())

    def wait_for(mark):
        nonlocal shown
        while mark not in shown:
            if not select.select([terminal], [], [], SECONDS)[0]:
                raise AssertionError(f"zsh does not say {mark!r}: {shown!r}")
            shown += os.read(terminal, 65536).decode(errors="replace")
        found, shown = shown.split(mark, 1)
        return found

    try:
        send("PS1='' LISTMAX=1000 fpath=($PWD $fpath); $PROGRAM completion zsh >_ivs-local; "
             "autoload -Uz compinit; compinit -u -D; "
             "show() { zle -I; print -r -- \"LINE<$BUFFER>END\" }; zle -N show; "
             "bindkey '^X' show; unsetopt zle_bracketed_paste; setopt no_beep; "
             "print REA''DY\n")
        wait_for("READY")
        send(line + "\t")
        send("\x18")
        listed = wait_for("LINE<")
        left = wait_for(">END")
    finally:
        os.close(terminal)
        os.waitpid(process, 0)
    return re.findall(r"[-\w./]+", listed) + re.split("[ =]", left.rstrip())[-1:]


class Completion(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        with open(ONE_FILE, "w", encoding="utf-8"):
            pass
        help_text = output(PROGRAM, "--help").partition("\noptions ")[2]
        self.options = re.findall(r"^  (--[a-z-]+) ", help_text, re.M)
        self.options.remove("--json")

    def assert_offers(self, shell, line, expected, refused=()):
        offered = shell(line)
        for word in expected:
            self.assertIn(word, offered, f"{shell.__name__}: {line}")
        for word in refused:
            self.assertNotIn(word, offered, f"{shell.__name__}: {line}")

    def each_shell(self, line, expected, refused=()):
        for shell in (bash, zsh, fish):
            with self.subTest(shell=shell.__name__, line=line):
                self.need(shell)
                self.assert_offers(shell, line, expected, refused)

    def need(self, shell):
        if shutil.which(shell.__name__) is None:
            if os.environ.get("IVS_LOCAL_NO_SKIPS") == "1":
                self.fail(f"there is no {shell.__name__}")
            self.skipTest(f"there is no {shell.__name__}")

    def test_every_option_is_offered(self):
        self.assertGreater(len(self.options), 10)
        self.each_shell("ivs-local --", self.options + ["--version", "--help"])
        self.each_shell("ivs-local serve --", self.options)

    def test_the_commands_are_offered_first(self):
        self.each_shell("ivs-local ", ["serve", "health", "completion"])
        self.each_shell("ivs-local hea", ["health"], ["serve", "completion"])

    def test_a_choice_offers_its_values(self):
        self.each_shell("ivs-local --quotas ", ["aws", "off"], ["local", "--port"])
        self.each_shell("ivs-local --quotas=", ["aws", "off"])
        self.each_shell("ivs-local serve --log-level d", ["debug"], ["info"])

    def test_a_flag_is_followed_by_options(self):
        self.each_shell("ivs-local --quiet --po", ["--port"], ["on", "off"])
        self.each_shell("ivs-local serve --quiet --po", ["--port"], ["on", "off"])

    def test_commands_that_call_a_server_are_offered_their_options(self):
        self.each_shell("ivs-local sta", ["start"], ["serve"])
        self.each_shell("ivs-local start --", ["--port", "--account", "--json"],
                        ["--db", "--quotas"])

    def test_calls_are_offered_the_operations(self):
        self.each_shell("ivs-local call CreateRec", ["CreateRecordingConfiguration"], ["StartStream"])
        self.each_shell("ivs-local fault StartS", ["StartStream"], ["CreateChannel"])

    def test_health_is_offered_its_options(self):
        self.each_shell("ivs-local health --", ["--host", "--port"],
                        ["--db", "--quotas", "--version"])

    def test_completion_is_offered_the_shells(self):
        self.each_shell("ivs-local completion ", ["bash", "zsh", "fish"], ["--port"])
        self.each_shell("ivs-local completion z", ["zsh"], ["bash"])

    def test_files_are_offered_for_file_options(self):
        self.each_shell("ivs-local --db seed", [ONE_FILE])
        self.each_shell("ivs-local --region seed", [], [ONE_FILE])


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
