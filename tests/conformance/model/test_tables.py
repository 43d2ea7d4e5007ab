"""Every table of the service `ivs` agrees with the published service model."""
import unittest

from compare import Comparison
from published import MODEL, SOURCE, is_older_than
from support.report import left_out
from support.server import tables

# Where our tables differ on purpose: (published shape, property, ours, why). One that no
# longer applies fails the test.
EXCEPTIONS = (
    ("ResourceArn", "pattern", "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
     "published with one letter where the type belongs, so it matches no real ARN"),
    ("TranscodePreset", "orEmpty", True,
     "published without \"\", yet the documentation of `preset` says that this is its "
     "value for BASIC and STANDARD channels"),
)

# What an older model does not have, or has in another form: not an error of ours.
MAY_DIFFER_FROM_OLDER = ("min", "max", "pattern", "enum", "secret")


class TestTables(unittest.TestCase):
    """Operation by operation, member by member."""

    @classmethod
    def setUpClass(cls):
        cls.ours = tables()["ivs"]
        cls.older = is_older_than(cls.ours)
        print(f"published: {SOURCE}, {len(MODEL['operations'])} operations")

    def test_the_operations_are_the_published_ones(self):
        missing = sorted(MODEL["operations"].keys() - self.ours.keys())
        extra = sorted(self.ours.keys() - MODEL["operations"].keys())

        if self.older:
            left_out(f"{SOURCE} does not know the operations {', '.join(extra)}")
            extra = []
        self.assertEqual((missing, extra), ([], []), "(we miss, nobody published)")

    def test_every_operation_has_the_published_route(self):
        comparison = Comparison(MODEL)

        for name in self.ours.keys() & MODEL["operations"].keys():
            comparison.route(name, self.ours[name], MODEL["operations"][name])

        self.assert_none(comparison.differences)

    def test_every_implemented_operation_has_the_published_shapes(self):
        comparison = Comparison(MODEL)
        exceptions = [entry[:3] for entry in EXCEPTIONS]
        implemented = [name for name in self.ours if self.ours[name]["implemented"]]

        for name in implemented:
            if name in MODEL["operations"]:
                comparison.operation(name, self.ours[name], MODEL["operations"][name])

        found = [(d.shape, d.property, d.ours) for d in comparison.differences]
        faults = [d for d in comparison.differences
                  if (d.shape, d.property, d.ours) not in exceptions
                  and not self.is_of_older(d)]
        self.assertGreaterEqual(len(implemented), 46)
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
