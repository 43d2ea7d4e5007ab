"""Every table of the services agrees with the published service models."""
import unittest

from compare import Comparison
from published import SOURCE
from reach import IVS
from reach_chat import CHAT
from support.report import left_out, skip
from support.server import tables

# What an older model does not have, or has in another form: not an error of ours.
MAY_DIFFER_FROM_OLDER = ("min", "max", "pattern", "enum", "secret")


class Tables:
    """Operation by operation, member by member, of one service."""

    published = None
    least = 0  # the number of operations that are implemented
    # Where our tables differ on purpose: (published shape, property, ours, why). One that no
    # longer applies fails the test.
    exceptions = ()

    @classmethod
    def setUpClass(cls):
        cls.ours = tables()[cls.published.name]
        cls.older = cls.published.is_older_than(cls.ours)
        if not cls.published.operations:
            skip(f"{SOURCE} has no {cls.published.name}")
        print(f"published: {SOURCE}, {len(cls.published.operations)} operations")

    def test_the_operations_are_the_published_ones(self):
        missing = sorted(self.published.operations.keys() - self.ours.keys())
        extra = sorted(self.ours.keys() - self.published.operations.keys())

        if self.older:
            left_out(f"{SOURCE} does not know the operations {', '.join(extra)}")
            extra = []
        self.assertEqual((missing, extra), ([], []), "(we miss, nobody published)")

    def test_every_operation_has_the_published_route(self):
        comparison = Comparison(self.published.shapes)

        for name in self.ours.keys() & self.published.operations.keys():
            comparison.route(name, self.ours[name], self.published.operations[name])

        self.assert_none(comparison.differences)

    def test_every_implemented_operation_has_the_published_shapes(self):
        comparison = Comparison(self.published.shapes)
        exceptions = [entry[:3] for entry in self.exceptions]
        implemented = [name for name in self.ours if self.ours[name]["implemented"]]

        for name in implemented:
            if name in self.published.operations:
                comparison.operation(name, self.ours[name],
                                     self.published.operations[name])

        found = [(d.shape, d.property, d.ours) for d in comparison.differences]
        faults = [d for d in comparison.differences
                  if (d.shape, d.property, d.ours) not in exceptions
                  and not self.is_of_older(d)]
        self.assertGreaterEqual(len(implemented), self.least)
        self.assert_none(faults)
        self.assertEqual([e for e in exceptions if e not in found], [],
                         "exceptions that no longer apply")

    def assert_none(self, differences):
        """Fails with one line for each difference."""
        if differences:
            self.fail("\n" + "\n".join(map(str, differences)))

    def is_of_older(self, difference):
        """Whether the difference is due to the age of the model; if so, it is reported."""
        is_new = difference.property == "present" and difference.ours
        if not self.older or not (is_new or difference.property in MAY_DIFFER_FROM_OLDER):
            return False
        what = difference.property
        if is_new:
            what = "without " + difference.place.rpartition(".")[2]
        left_out(f"{SOURCE} is older: {difference.shape}: {what}")
        return True


class TestIvs(Tables, unittest.TestCase):
    """The service `ivs`."""

    published = IVS
    least = 46
    exceptions = (
        ("ResourceArn", "pattern", "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
         "published with one letter where the type belongs, so it matches no real ARN"),
        ("TranscodePreset", "orEmpty", True,
         "published without \"\", yet the documentation of `preset` says that this is its "
         "value for BASIC and STANDARD channels"),
    )


class TestChat(Tables, unittest.TestCase):
    """The service `ivschat`."""

    published = CHAT
    least = 13
    exceptions = (
        ("ResourceArn", "pattern",
         "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
         "published with one letter where the type belongs, so it matches no real ARN"),
    )
