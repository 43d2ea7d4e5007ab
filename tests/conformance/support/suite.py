"""Runs the tests of one folder: python3 -m support.suite FOLDER"""
import sys
import unittest

from support import report


def main(folder):
    tests = unittest.defaultTestLoader.discover(folder)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)

    if result.testsRun == 0:
        print(f"no tests in {folder}")
        return 1
    if not report.is_complete():
        print("FAILED: something was skipped, and no skips are allowed")
        return 1
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
