"""What the server sends has the headers and the errors that the model publishes."""
import json
import unittest
import urllib.error
import urllib.request

from compare import header_names
from published import MODEL
from support.server import Server

UNKNOWN_CHANNEL = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
UNKNOWN_CONFIGURATION = ("arn:aws:ivs:us-east-1:000000000000:"
                         "recording-configuration/abcdABCDefgh")


class TestAnswers(unittest.TestCase):
    """Raw calls: no client comes between."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def call(self, operation, **members):
        """The status, the headers and the body of an answer."""
        request = urllib.request.Request(
            f"{self.server.url}/{operation}", json.dumps(members).encode(),
            {"Content-Type": "application/json"}, method="POST")
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            return answer.status, answer.headers, json.loads(body) if body else None

    def create(self, **members):
        status, _, body = self.call("CreateChannel", **members)
        self.assertEqual(status, 200)
        return body

    def assert_published_error(self, operation, answer, name):
        """The error is one of the operation's, with its status, headers and members."""
        status, headers, body = answer
        shape = MODEL["shapes"][name]
        declared = [e["shape"] for e in MODEL["operations"][operation]["errors"]]
        members = [member for member, reference in shape["members"].items()
                   if reference.get("location") != "header"]

        self.assertIn(name, declared)
        self.assertEqual(status, shape["error"]["httpStatusCode"])
        self.assertEqual(headers["x-amzn-ErrorType"], name)
        self.assertLessEqual({h.lower() for h in header_names(shape)},
                             {h.lower() for h in headers})
        for member in members:
            self.assertEqual(body[member], body["message"])

    def test_a_batch_is_answered_with_every_header_of_its_output(self):
        created = self.create()

        for operation, arn in (("BatchGetChannel", created["channel"]["arn"]),
                               ("BatchGetStreamKey", created["streamKey"]["arn"])):
            with self.subTest(operation):
                output = MODEL["operations"][operation]["output"]["shape"]
                published = header_names(MODEL["shapes"][output])

                status, headers, _ = self.call(operation, arns=[arn])

                self.assertEqual(status, 200)
                self.assertLessEqual({h.lower() for h in published},
                                     {h.lower() for h in headers})

    def test_a_missing_member_is_the_published_validation_error(self):
        answer = self.call("GetChannel")

        self.assert_published_error("GetChannel", answer, "ValidationException")

    def test_an_unknown_resource_is_the_published_not_found(self):
        for operation, members in (
                ("GetChannel", {"arn": UNKNOWN_CHANNEL}),
                ("UpdateChannel", {"arn": UNKNOWN_CHANNEL, "name": "lobby"}),
                ("DeleteChannel", {"arn": UNKNOWN_CHANNEL}),
                ("CreateChannel", {"recordingConfigurationArn": UNKNOWN_CONFIGURATION}),
                ("CreateStreamKey", {"channelArn": UNKNOWN_CHANNEL}),
                ("ListStreamKeys", {"channelArn": UNKNOWN_CHANNEL}),
                ("GetRecordingConfiguration", {"arn": UNKNOWN_CONFIGURATION}),
                ("DeleteRecordingConfiguration", {"arn": UNKNOWN_CONFIGURATION})):
            with self.subTest(operation):
                answer = self.call(operation, **members)

                self.assert_published_error(operation, answer,
                                            "ResourceNotFoundException")

    def test_a_configuration_in_use_is_the_published_conflict(self):
        _, _, body = self.call("CreateRecordingConfiguration",
                               destinationConfiguration={"s3": {"bucketName": "films"}})
        arn = body["recordingConfiguration"]["arn"]
        self.create(recordingConfigurationArn=arn)

        answer = self.call("DeleteRecordingConfiguration", arn=arn)

        self.assert_published_error("DeleteRecordingConfiguration", answer,
                                    "ConflictException")

    def test_two_filters_are_the_published_conflict(self):
        answer = self.call("ListChannels", filterByName="lobby",
                           filterByRecordingConfigurationArn=UNKNOWN_CONFIGURATION)

        self.assert_published_error("ListChannels", answer, "ConflictException")

    def test_a_second_stream_key_is_the_published_quota_error(self):
        arn = self.create()["channel"]["arn"]

        answer = self.call("CreateStreamKey", channelArn=arn)

        self.assert_published_error("CreateStreamKey", answer,
                                    "ServiceQuotaExceededException")

    def test_one_configuration_too_many_is_the_published_quota_error(self):
        create = {"destinationConfiguration": {"s3": {"bucketName": "films"}}}
        for _ in range(20):
            self.call("CreateRecordingConfiguration", **create)

        answer = self.call("CreateRecordingConfiguration", **create)

        self.assert_published_error("CreateRecordingConfiguration", answer,
                                    "ServiceQuotaExceededException")
