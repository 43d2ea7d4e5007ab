"""Reports what could not be tested with the installed clients."""
import os
import unittest

_left_out = []


def left_out(what):
    """Reports once that something is not tested."""
    if what not in _left_out:
        _left_out.append(what)
        print(f"SKIPPED: {what}", flush=True)


def not_yet(what):
    """Reports that something is not tested because even the newest client lacks it."""
    print(f"SKIPPED: {what}, nor has any newer one", flush=True)


def skip(what):
    """Reports it and ends the running test, which counts as skipped."""
    left_out(what)
    raise unittest.SkipTest(what)


def is_complete():
    """Whether everything that must be tested was tested."""
    return not _left_out or os.environ.get("CONFORMANCE_NO_SKIPS", "") == ""
