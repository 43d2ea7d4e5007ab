"""
Journeys with the aws command. Each of its calls takes the better part of a second, so a
test is a whole journey here and there are few.
"""
import json
import os
import subprocess
import unittest

from support.report import left_out
from support.server import Server, implemented_operations

AWS = os.environ["CONFORMANCE_AWS"]
UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

# What the journeys called with success, all together.
called = set()


def tearDownModule():
    """Every operation that the program answers belongs to some journey."""
    missed = implemented_operations() - called
    if missed:
        raise AssertionError(f"no journey called {', '.join(sorted(missed))}")


class Journey(unittest.TestCase):
    """A test with a fresh server and the command pointed at it."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def tearDown(self):
        called.update(self.server.succeeded())

    def run_aws(self, *arguments, account="test", region="us-east-1"):
        """Runs `aws ivs ...` and answers how that ended."""
        return subprocess.run(
            [AWS, "--endpoint-url", self.server.url, "--region", region, "--output",
             "json", "ivs", *arguments], capture_output=True, text=True, check=False,
            env={**os.environ, "AWS_ACCESS_KEY_ID": account})

    def aws(self, *arguments, **caller):
        """The answer of a call that succeeds; None if it has no body."""
        ended = self.run_aws(*arguments, **caller)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def assert_refused(self, error, operation, message, *arguments):
        """The call fails and says so in the command's own words."""
        ended = self.run_aws(*arguments)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(f"An error occurred ({error}) when calling the {operation} "
                      f"operation: {message}", " ".join(ended.stderr.split()))

    def known(self, command, members):
        """The members without those that an older command cannot send."""
        skeleton = self.aws(command, "--generate-cli-skeleton")
        for name in sorted(members.keys() - skeleton.keys()):
            left_out(f"{AWS} has no {command} {name}")
        return {name: members[name] for name in members if name in skeleton}


class TestChannels(Journey):
    """Channels, their keys and their lists."""

    def test_a_channel_lives_from_creation_to_deletion(self):
        sent = self.known("create-channel", {
            "name": "lobby", "latencyMode": "NORMAL", "type": "ADVANCED_HD",
            "preset": "CONSTRAINED_BANDWIDTH_DELIVERY", "authorized": True,
            "insecureIngest": True, "tags": {"Größe": "über + alles"},
            "containerFormat": "FRAGMENTED_MP4"})

        created = self.aws("create-channel", "--cli-input-json", json.dumps(sent))
        channel, key = created["channel"], created["streamKey"]
        self.assertEqual({name: channel[name] for name in sent}, sent)
        self.assertEqual(self.aws("get-channel", "--arn", channel["arn"]),
                         {"channel": channel})
        updated = self.aws("update-channel", "--arn", channel["arn"], "--no-authorized")
        self.assertEqual(updated["channel"], {**channel, "authorized": False})
        batch = self.aws("batch-get-channel", "--arns", channel["arn"], UNKNOWN)
        self.assertEqual(batch["channels"], [updated["channel"]])
        self.assertEqual([error["arn"] for error in batch["errors"]], [UNKNOWN])

        self.assert_refused("ServiceQuotaExceededException", "CreateStreamKey",
                            "Service quota exceeded: 1 stream key per channel",
                            "create-stream-key", "--channel-arn", channel["arn"])
        self.aws("delete-stream-key", "--arn", key["arn"])
        second = self.aws("create-stream-key", "--channel-arn", channel["arn"],
                          "--tags", "a=b")["streamKey"]
        self.assertEqual(self.aws("get-stream-key", "--arn", second["arn"]),
                         {"streamKey": second})
        batch = self.aws("batch-get-stream-key", "--arns", second["arn"])
        self.assertEqual(batch["streamKeys"], [second])
        self.assertEqual(
            self.aws("list-stream-keys", "--channel-arn", channel["arn"]),
            {"streamKeys": [{name: second[name] for name in
                             ("arn", "channelArn", "tags")}]})

        self.assertIsNone(self.aws("delete-channel", "--arn", channel["arn"]))
        self.assert_refused("ResourceNotFoundException", "GetChannel",
                            f"Resource: {channel['arn']} not found",
                            "get-channel", "--arn", channel["arn"])

    def test_lists_are_paged_by_the_command_itself(self):
        names = [f"channel-{i}" for i in range(3)]
        for name in names:
            self.aws("create-channel", "--name", name)

        whole = self.aws("list-channels", "--page-size", "2")
        first = self.aws("list-channels", "--max-items", "2")
        rest = self.aws("list-channels", "--starting-token", first["NextToken"])
        named = self.aws("list-channels", "--filter-by-name", "channel-2")

        self.assertEqual([c["name"] for c in whole["channels"]], names)
        self.assertEqual([c["name"] for c in first["channels"]], names[:2])
        self.assertEqual([c["name"] for c in rest["channels"]], names[2:])
        self.assertEqual([c["name"] for c in named["channels"]], ["channel-2"])
        self.assertNotIn("NextToken", rest)
        self.assert_refused("ConflictException", "ListChannels",
                            "ListChannels takes only one of its filters at a time",
                            "list-channels", "--filter-by-name", "lobby",
                            "--filter-by-recording-configuration-arn",
                            UNKNOWN.replace("channel", "recording-configuration"))

    def test_callers_see_only_their_own(self):
        mine = {"account": "111111111111", "region": "eu-west-1"}
        arn = self.aws("create-channel", **mine)["channel"]["arn"]

        seen = self.aws("list-channels", **mine)
        unseen = self.aws("list-channels", account="222222222222", region="eu-west-1")

        self.assertTrue(arn.startswith("arn:aws:ivs:eu-west-1:111111111111:channel/"))
        self.assertEqual([channel["arn"] for channel in seen["channels"]], [arn])
        self.assertEqual(unseen["channels"], [])


class TestRecordings(Journey):
    """Recording configurations and tags."""

    def test_a_recording_configuration_lives_from_creation_to_deletion(self):
        created = self.aws(
            "create-recording-configuration", "--name", "films",
            "--destination-configuration", "s3={bucketName=demo-recordings}")
        arn = created["recordingConfiguration"]["arn"]
        self.assertEqual(created["recordingConfiguration"]["state"], "CREATING")
        state = "CREATING"
        while state == "CREATING":
            state = self.aws("get-recording-configuration", "--arn", arn)[
                "recordingConfiguration"]["state"]
        self.assertEqual(state, "ACTIVE")
        listed = self.aws("list-recording-configurations", "--page-size", "1")
        self.assertEqual([c["arn"] for c in listed["recordingConfigurations"]], [arn])

        channel = self.aws("create-channel", "--recording-configuration-arn", arn)[
            "channel"]["arn"]
        self.assert_refused("ConflictException", "DeleteRecordingConfiguration",
                            f"Resource: {arn} is in use by a channel",
                            "delete-recording-configuration", "--arn", arn)
        self.aws("update-channel", "--arn", channel, "--recording-configuration-arn", "")

        tags = {"Größe + x": "a=b/c@d:e", "名前": ""}
        self.aws("tag-resource", "--resource-arn", arn, "--tags", json.dumps(tags))
        self.assertEqual(self.aws("list-tags-for-resource", "--resource-arn", arn),
                         {"tags": tags})
        self.aws("untag-resource", "--resource-arn", arn, "--tag-keys", *tags)
        self.assertEqual(self.aws("list-tags-for-resource", "--resource-arn", arn),
                         {"tags": {}})

        self.assertIsNone(self.aws("delete-recording-configuration", "--arn", arn))
