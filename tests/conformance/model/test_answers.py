"""The server's responses have the headers and the errors that the model publishes."""
import unittest

from compare import header_names
from published import MODEL, SOURCE, is_older_than
from raw import Caller
from reach import NEVER, NOT_REACHED, REACHED, declared
from support.report import left_out
from support.server import Server, tables


class TestAnswers(unittest.TestCase):
    """Raw calls, without a client."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def assert_has_headers(self, shape, headers):
        """The headers include those of the published structure."""
        self.assertLessEqual({name.lower() for name in header_names(shape)},
                             {name.lower() for name in headers})

    def assert_published_error(self, operation, answer, name):
        """The error is one of the operation's, with its status, headers and members."""
        shape = MODEL["shapes"][name]
        members = [member for member, reference in shape["members"].items()
                   if reference.get("location") != "header"]

        self.assertIn(name, declared(operation))
        self.assertEqual((answer.headers["x-amzn-ErrorType"], answer.status),
                         (name, shape["error"]["httpStatusCode"]), answer.body)
        self.assert_has_headers(shape, answer.headers)
        self.assertTrue(answer.body["message"])
        for member in members:
            self.assertEqual(answer.body[member], answer.body["message"])

    def test_a_batch_is_answered_with_every_header_of_its_output(self):
        caller = Caller(self.server)
        created = caller.make("CreateChannel")
        channel, key = created["channel"]["arn"], created["streamKey"]["arn"]

        for operation, members in (
                ("BatchGetChannel", {"arns": [channel]}),
                ("BatchGetStreamKey", {"arns": [key]}),
                ("BatchStartViewerSessionRevocation", {
                    "viewerSessions": [{"channelArn": channel, "viewerId": "viewer"}]})):
            if operation not in MODEL["operations"]:
                left_out(f"{SOURCE} does not know {operation}")
                continue
            with self.subTest(operation):
                answer = caller.call(operation, **members)

                self.assertEqual(answer.status, 200)
                self.assert_has_headers(
                    MODEL["shapes"][MODEL["operations"][operation]["output"]["shape"]],
                    answer.headers)

    def test_every_declared_error_is_reached_or_has_a_reason_why_not(self):
        published = {(operation, error) for operation in MODEL["operations"]
                     for error in declared(operation) if error not in NEVER}

        self.assertEqual(published - REACHED.keys() - NOT_REACHED.keys(), set())
        self.assertEqual(REACHED.keys() & NOT_REACHED.keys(), set())
        if not is_older_than(tables()["ivs"]):
            self.assertEqual((REACHED.keys() | NOT_REACHED.keys()) - published, set())

    def test_every_error_is_returned_as_its_operation_declares_it(self):
        for number, ((operation, error), reach) in enumerate(REACHED.items()):
            if operation not in MODEL["operations"] or error not in declared(operation):
                continue  # of a newer model, otherwise the previous test fails
            with self.subTest(f"{operation}: {error}"):
                caller = Caller(self.server, f"{number:012}")
                members = reach(caller)

                answer = caller.call(operation, **members)

                self.assert_published_error(operation, answer, error)
