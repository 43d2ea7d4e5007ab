"""
Compares the program's shape tables, as `tables model` prints them, with the published
service model. Both sides are converted to one form first: what is not stated is 0, False
or None, and header members are left to the test of headers.
"""
from typing import Any, NamedTuple

# The ranges of the two integer types, where the model states no bound.
RANGES = {
    "integer": {"min": -(2 ** 31), "max": 2 ** 31 - 1},
    "long": {"min": -(2 ** 63), "max": 2 ** 63 - 1},
}

# What the tables call a type of the model, where it differs.
KINDS = {"long": "integer", "double": "number"}


class Difference(NamedTuple):
    """One property in which the two sides differ."""
    place: str      # such as CreateChannel.tags
    shape: str      # the published name of the shape at fault
    property: str
    ours: Any
    published: Any

    def __str__(self):
        return (f"{self.place} ({self.shape}): {self.property} is {self.ours!r}, "
                f"published {self.published!r}")


def published_status(operation):
    """The model publishes 204 only for operations without an output."""
    return operation["http"].get("responseCode", 200)


def body_members(shape):
    """The members of a published structure that are not headers."""
    return {name: member for name, member in shape.get("members", {}).items()
            if member.get("location") != "header"}


def header_names(shape):
    """The HTTP names of the members of a published structure that are headers."""
    return {member["locationName"] for member in shape.get("members", {}).values()
            if member.get("location") == "header"}


class Comparison:
    """Compares operation by operation and collects the differences."""

    def __init__(self, shapes):
        self.shapes = shapes
        self.differences = []

    def _check(self, place, shape, what, ours, published):
        if ours != published:
            self.differences.append(Difference(place, shape, what, ours, published))

    def operation(self, name, ours, published):
        """The route, the success status, the input and the output."""
        self.route(name, ours, published)
        self._check(name, name, "status", ours["status"], published_status(published))
        if published_status(published) == 204:
            self._check(name, name, "output", None, published.get("output"))
        for direction, key in (("in", "input"), ("out", "output")):
            shape = published.get(key, {}).get("shape")
            place = f"{name} {key}"
            if shape is None:
                self._check(place, name, "members", ours[direction]["members"], [])
            else:
                self.shape(place, ours[direction], shape)

    def route(self, name, ours, published):
        """The method and the path."""
        for what, key in (("method", "method"), ("uri", "requestUri")):
            self._check(name, name, what, ours[what], published["http"][key])

    def shape(self, place, ours, name):
        """A shape of ours against the published one of that name."""
        published = self.shapes[name]
        kind = "document" if published.get("document") else KINDS.get(
            published["type"], published["type"])

        self._check(place, name, "type", ours["type"], kind)
        if ours["type"] != kind:
            return
        absent = RANGES.get(published["type"], {"min": 0, "max": 0})
        for bound in ("min", "max"):
            self._check(place, name, bound, ours[bound],
                        published.get(bound, absent[bound]))
        self._check(place, name, "pattern", ours.get("pattern"), published.get("pattern"))
        self._check(place, name, "enum", sorted(ours.get("enum", [])),
                    sorted(published.get("enum", [])))
        self._check(place, name, "orEmpty", ours["orEmpty"], False)
        self._check(place, name, "secret", ours["secret"],
                    published.get("sensitive", False))
        self._inside(place, ours, name)

    def _inside(self, place, ours, name):
        published = self.shapes[name]

        if published["type"] == "list":
            self.shape(f"{place}[]", ours["item"], published["member"]["shape"])
        elif published["type"] == "map":
            self.shape(f"{place} key", ours["key"], published["key"]["shape"])
            self.shape(f"{place} value", ours["item"], published["value"]["shape"])
        elif published["type"] == "structure" and not published.get("document"):
            self._members(place, ours, name)

    def _members(self, place, ours, name):
        published = body_members(self.shapes[name])
        required = self.shapes[name].get("required", [])
        known = {member["name"]: member for member in ours["members"]}

        for extra in sorted(known.keys() - published.keys()):
            self._check(f"{place}.{extra}", name, "present", True, False)
        for member, reference in published.items():
            below = f"{place}.{member}"
            if member not in known:
                self._check(below, name, "present", False, True)
                continue
            self._check(below, name, "required", known[member]["required"],
                        member in required)
            self._check(below, name, "location", known[member].get("location"),
                        reference.get("location"))
            self._check(below, name, "name on the wire", member,
                        reference.get("locationName", member))
            self.shape(below, known[member]["shape"], reference["shape"])
