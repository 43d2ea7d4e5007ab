"""The server's responses have the headers and the errors that the models publish."""
import re
import unittest

import reach
import reach_chat
from compare import header_names
from published import SOURCE
from raw import Caller
from reach import IVS, NEVER
from reach_chat import CHAT
from support.report import left_out, skip
from support.server import Server, tables


class Answers:
    """Raw calls of one service, without a client."""

    published = None
    reach = None  # the module that says how its errors are reached
    options = ()

    def setUp(self):
        if not self.published.operations:
            skip(f"{SOURCE} has no {self.published.name}")
        self.server = Server(*self.options)
        self.addCleanup(self.server.stop)
        self.ours = tables()[self.published.name]

    def caller(self, account="000000000000"):
        """A caller of the service."""
        return Caller(self.server, self.published, account)

    def assert_has_headers(self, shape, headers):
        """The headers include those of the published structure."""
        self.assertLessEqual({name.lower() for name in header_names(shape)},
                             {name.lower() for name in headers})

    def assert_fits(self, value, name):
        """The value is one of the published shape."""
        shape = self.published.shapes[name]
        if shape["type"] == "string":
            self.assertRegex(value, f"^(?:{shape.get('pattern', '.+')})$")
            self.assertIn(value, shape.get("enum", [value]))
        elif shape["type"] == "integer":
            self.assertIs(type(value), int)
        elif shape["type"] == "list":
            for item in value:
                self.assert_fits(item, shape["member"]["shape"])
        else:
            self.assert_members(value, shape)

    def assert_members(self, value, shape):
        """The object has the required members of the published structure, and its members
        fit."""
        members = {member: reference["shape"]
                   for member, reference in shape["members"].items()
                   if reference.get("location") != "header"}
        self.assertLessEqual(set(shape.get("required", ())), value.keys())
        for member in members.keys() & value.keys():
            self.assert_fits(value[member], members[member])

    def assert_published_error(self, operation, answer, name):
        """The error is one of the operation's, with its status, headers and members."""
        shape = self.published.shapes[name]

        self.assertIn(name, self.published.declared(operation))
        self.assertEqual((answer.headers["x-amzn-ErrorType"], answer.status),
                         (name, shape["error"]["httpStatusCode"]), answer.body)
        self.assert_has_headers(shape, answer.headers)
        self.assert_members(answer.body, shape)
        self.assertTrue(answer.body["message"])
        for member, reference in shape["members"].items():
            if re.fullmatch("errormessage", reference["shape"], re.IGNORECASE):
                self.assertEqual(answer.body[member], answer.body["message"])

    def is_implemented(self, operation):
        """Whether the program implements it."""
        return self.ours.get(operation, {"implemented": False})["implemented"]

    def test_every_declared_error_is_reached_or_has_a_reason_why_not(self):
        published = {(operation, error) for operation in self.published.operations
                     for error in self.published.declared(operation)
                     if error not in NEVER}
        reached, not_reached = self.reach.REACHED.keys(), self.reach.NOT_REACHED.keys()

        self.assertEqual(published - reached - not_reached, set())
        self.assertEqual(reached & not_reached, set())
        if not self.published.is_older_than(self.ours):
            self.assertEqual((reached | not_reached) - published, set())

    def test_every_error_is_returned_as_its_operation_declares_it(self):
        for number, ((operation, error), prepare) in enumerate(
                self.reach.REACHED.items()):
            if operation not in self.published.operations or \
                    error not in self.published.declared(operation):
                continue  # of a newer model, otherwise the previous test fails
            if not self.is_implemented(operation):
                continue
            with self.subTest(f"{operation}: {error}"):
                caller = self.caller(f"{number:012}")
                members = prepare(caller)

                answer = caller.call(operation, **members)

                self.assert_published_error(operation, answer, error)


class TestIvs(Answers, unittest.TestCase):
    """The service `ivs`."""

    published = IVS
    reach = reach

    def test_a_batch_is_answered_with_every_header_of_its_output(self):
        caller = self.caller()
        created = caller.make("CreateChannel")
        channel, key = created["channel"]["arn"], created["streamKey"]["arn"]

        for operation, members in (
                ("BatchGetChannel", {"arns": [channel]}),
                ("BatchGetStreamKey", {"arns": [key]}),
                ("BatchStartViewerSessionRevocation", {
                    "viewerSessions": [{"channelArn": channel, "viewerId": "viewer"}]})):
            if operation not in IVS.operations:
                left_out(f"{SOURCE} does not know {operation}")
                continue
            with self.subTest(operation):
                answer = caller.call(operation, **members)

                self.assertEqual(answer.status, 200)
                self.assert_has_headers(
                    IVS.shapes[IVS.operations[operation]["output"]["shape"]],
                    answer.headers)


class TestChat(Answers, unittest.TestCase):
    """The service `ivschat`."""

    published = CHAT
    reach = reach_chat
    options = ("--transitions", "60000")  # a change ends only when the clock is moved
