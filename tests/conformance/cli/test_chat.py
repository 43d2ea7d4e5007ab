"""A journey through all operations of chat with the aws command."""
import json
import os
import subprocess
import unittest

from support.report import skip
from support.server import Server, tables
from support.websocket import WebSocket

AWS = os.environ["CONFORMANCE_AWS"]
UNKNOWN = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"


def implemented():
    """The names of all operations of `ivschat` that the program implements."""
    return {name for name, operation in tables()["ivschat"].items()
            if operation["implemented"]}


class TestChat(unittest.TestCase):
    """A room from its creation to its deletion, with a visitor."""

    def setUp(self):
        if "create-room" not in self.commands():
            skip(f"{AWS} has no ivschat")
        self.server = Server("--transitions", "0")
        self.addCleanup(self.server.stop)

    def commands(self):
        """What the command prints about an operation that does not exist."""
        return subprocess.run([AWS, "ivschat", "nonsense"], stderr=subprocess.PIPE,
                              text=True, check=False).stderr

    def run_aws(self, *arguments):
        """Runs `aws ivschat ...` and returns the completed process."""
        return subprocess.run(
            [AWS, "--endpoint-url", self.server.url, "--output", "json", "ivschat",
             *arguments], capture_output=True, text=True, check=False)

    def aws(self, *arguments):
        """The response of a call that succeeds; None if it has no body."""
        ended = self.run_aws(*arguments)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def assert_refused(self, error, operation, message, *arguments):
        """The call fails with the command's own message."""
        ended = self.run_aws(*arguments)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(f"An error occurred ({error}) when calling the {operation} "
                      f"operation: {message}", " ".join(ended.stderr.split()))

    def test_every_operation_succeeds(self):
        logging = self.aws("create-logging-configuration", "--name", "logs",
                           "--destination-configuration", "s3={bucketName=demo-logs}")
        self.assertEqual((logging["state"], logging["destinationConfiguration"]),
                         ("ACTIVE", {"s3": {"bucketName": "demo-logs"}}))
        room = self.make_room(logging["arn"])
        self.tag(room["arn"])
        self.talk(room["arn"])
        self.delete(room["arn"], logging["arn"])

        self.assertEqual(implemented() - self.server.succeeded(), set())

    def make_room(self, logging):
        """A room that was read, listed and changed."""
        created = self.aws(
            "create-room", "--name", "lobby", "--maximum-message-length", "100",
            "--logging-configuration-identifiers", logging, "--tags", "team=blue")
        arn = created["arn"]
        self.assertEqual(
            {name: created.get(name) for name in (
                "maximumMessageLength", "maximumMessageRatePerSecond", "tags",
                "loggingConfigurationIdentifiers", "messageReviewHandler")},
            {"maximumMessageLength": 100, "maximumMessageRatePerSecond": 10,
             "tags": {"team": "blue"}, "loggingConfigurationIdentifiers": [logging],
             "messageReviewHandler": None})
        self.assertEqual(self.aws("get-room", "--identifier", arn), created)
        self.assertEqual(
            [room["arn"] for room in self.aws("list-rooms", "--name", "lobby")["rooms"]],
            [arn])
        updated = self.aws("update-room", "--identifier", arn,
                           "--maximum-message-length", "200")
        self.assertEqual({**updated, "updateTime": ""},
                         {**created, "maximumMessageLength": 200, "updateTime": ""})
        self.assert_refused("ResourceNotFoundException", "GetRoom",
                            f"Resource: {UNKNOWN} not found",
                            "get-room", "--identifier", UNKNOWN)
        return updated

    def tag(self, arn):
        """Sets, lists and removes tags."""
        resource = ("--resource-arn", arn)
        self.aws("tag-resource", *resource, "--tags", '{"Größe": "1"}')
        self.assertEqual(self.aws("list-tags-for-resource", *resource),
                         {"tags": {"team": "blue", "Größe": "1"}})
        self.aws("untag-resource", *resource, "--tag-keys", "team", "Größe")
        self.assertEqual(self.aws("list-tags-for-resource", *resource), {"tags": {}})

    def talk(self, arn):
        """A visitor gets what the command sends."""
        room = ("--room-identifier", arn)
        token = self.aws("create-chat-token", *room, "--user-id", "ann", "--capabilities",
                         "SEND_MESSAGE", "--attributes", "displayName=Ann")
        self.assertEqual(token.keys(),
                         {"token", "tokenExpirationTime", "sessionExpirationTime"})
        ann = WebSocket(self.server.url).open(token["token"])
        self.addCleanup(ann.close)
        ann.say("Hi")
        said = ann.receive()
        self.assertEqual(said["Sender"],
                         {"UserId": "ann", "Attributes": {"displayName": "Ann"}})

        event = self.aws("send-event", *room, "--event-name", "app:Note")
        self.assertEqual(ann.receive()["Id"], event["id"])
        deletion = self.aws("delete-message", *room, "--id", said["Id"])
        deleted = ann.receive()
        self.assertEqual((deleted["Id"], deleted["Attributes"]["MessageID"]),
                         (deletion["id"], said["Id"]))
        self.assertIsNone(self.aws("disconnect-user", *room, "--user-id", "ann"))
        self.assertEqual(ann.receive()["EventName"], "aws:DISCONNECT_USER")
        self.assertEqual(ann.ending(), 1000)

    def delete(self, room, logging):
        """Deletes both. The configuration cannot be deleted while the room uses it."""
        identifier = ("--identifier", logging)
        read = self.aws("get-logging-configuration", *identifier)
        self.assertEqual(self.aws("list-logging-configurations"),
                         {"loggingConfigurations": [read]})
        updated = self.aws("update-logging-configuration", *identifier,
                           "--destination-configuration",
                           "cloudWatchLogs={logGroupName=chat}")
        self.assertEqual(updated["destinationConfiguration"],
                         {"cloudWatchLogs": {"logGroupName": "chat"}})
        ended = self.run_aws("delete-logging-configuration", *identifier)
        self.assertIn("(ConflictException)", ended.stderr)
        self.assertIsNone(self.aws("delete-room", "--identifier", room))
        self.assertIsNone(self.aws("delete-logging-configuration", *identifier))
        self.assertEqual(self.aws("list-rooms"), {"rooms": []})
