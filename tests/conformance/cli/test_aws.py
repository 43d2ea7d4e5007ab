"""
Journeys with the aws command. Each of its calls takes nearly a second, so a test is a
whole journey here and there are few.
"""
import json
import os
import re
import subprocess
import unittest

from support.keys import KEYS, fingerprint
from support.report import left_out, not_yet
from support.server import Server, implemented_operations

AWS = os.environ["CONFORMANCE_AWS"]
UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

# Operations that even the newest command, 1.46.3, does not have; boto3 does.
NOT_YET_IN_COMMAND = re.compile("FailoverSlateConfiguration")

# The operations that all journeys together called with success.
called = set()

# The operations that the command does not have.
lacking = set()


def setUpModule():
    """Finds the operations of the command: it lists them when it is called with an
    unknown one."""
    ended = subprocess.run([AWS, "ivs", "nonsense"], stderr=subprocess.PIPE, text=True,
                           check=False)
    choices = set(ended.stderr.partition("valid choices")[2].split())
    for operation in sorted(implemented_operations() if choices else ()):
        if re.sub(r"\B([A-Z])", r"-\1", operation).lower() not in choices:
            lacking.add(operation)
            say = not_yet if NOT_YET_IN_COMMAND.search(operation) else left_out
            say(f"{AWS} has no {operation}")


def tearDownModule():
    """Every operation that the program implements belongs to a journey."""
    missed = implemented_operations() - called - lacking
    if missed:
        raise AssertionError(f"no journey called {', '.join(sorted(missed))}")


class Journey(unittest.TestCase):
    """A test with a new server, and the command configured to use it."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def tearDown(self):
        called.update(self.server.succeeded())

    def run_aws(self, *arguments, account="test", region="us-east-1"):
        """Runs `aws ivs ...` and returns the completed process."""
        return subprocess.run(
            [AWS, "--endpoint-url", self.server.url, "--region", region, "--output",
             "json", "ivs", *arguments], capture_output=True, text=True, check=False,
            env={**os.environ, "AWS_ACCESS_KEY_ID": account})

    def aws(self, *arguments, **caller):
        """The response of a call that succeeds; None if it has no body."""
        ended = self.run_aws(*arguments, **caller)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def assert_refused(self, error, operation, message, *arguments):
        """The call fails with the command's own message."""
        ended = self.run_aws(*arguments)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(f"An error occurred ({error}) when calling the {operation} "
                      f"operation: {message}", " ".join(ended.stderr.split()))

    def skip_without(self, operation):
        """Skips the test if the command does not have the operation."""
        if operation in lacking:
            self.skipTest(f"no {operation}")

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


class TestPlayback(Journey):
    """Restricted playback: keys, policies, revoked viewers."""

    def test_a_playback_key_pair_lives_from_import_to_deletion(self):
        pair = self.aws("import-playback-key-pair", "--name", "door",
                        "--public-key-material", KEYS[0])["keyPair"]
        self.assertEqual(pair["fingerprint"], fingerprint(KEYS[0]))
        self.assertEqual(self.aws("get-playback-key-pair", "--arn", pair["arn"]),
                         {"keyPair": pair})
        self.assertEqual(self.aws("list-playback-key-pairs")["keyPairs"],
                         [{name: pair[name] for name in ("arn", "name", "tags")}])

        self.assertIsNone(self.aws("delete-playback-key-pair", "--arn", pair["arn"]))
        self.assert_refused("ResourceNotFoundException", "GetPlaybackKeyPair",
                            f"Resource: {pair['arn']} not found",
                            "get-playback-key-pair", "--arn", pair["arn"])

    def test_a_restriction_policy_is_created_used_and_deleted(self):
        self.skip_without("CreatePlaybackRestrictionPolicy")
        arn = self.aws("create-playback-restriction-policy", "--name", "europe",
                       "--allowed-countries", "DE", "FR")[
            "playbackRestrictionPolicy"]["arn"]
        updated = self.aws("update-playback-restriction-policy", "--arn", arn,
                           # As JSON: the command would download an argument that looks
                           # like a URL.
                           "--allowed-origins", '["https://www.example.com"]',
                           "--enable-strict-origin-enforcement")
        self.assertEqual(updated["playbackRestrictionPolicy"], {
            "arn": arn, "name": "europe", "allowedCountries": ["DE", "FR"],
            "allowedOrigins": ["https://www.example.com"],
            "enableStrictOriginEnforcement": True, "tags": {}})
        self.assertEqual(self.aws("get-playback-restriction-policy", "--arn", arn),
                         updated)
        self.aws("create-playback-restriction-policy")
        listed = self.aws("list-playback-restriction-policies")
        self.assertEqual(listed["playbackRestrictionPolicies"],
                         [updated["playbackRestrictionPolicy"]])
        self.assertIn("nextToken", listed)

        channel = self.aws("create-channel", "--playback-restriction-policy-arn", arn)[
            "channel"]["arn"]
        self.assert_refused("ConflictException", "DeletePlaybackRestrictionPolicy",
                            f"Resource: {arn} is in use by a channel",
                            "delete-playback-restriction-policy", "--arn", arn)
        self.aws("delete-channel", "--arn", channel)
        self.assertIsNone(self.aws("delete-playback-restriction-policy", "--arn", arn))

    def test_viewers_are_revoked_one_by_one_and_several_at_once(self):
        self.skip_without("StartViewerSessionRevocation")
        channel = self.aws("create-channel", "--authorized")["channel"]["arn"]

        one = self.aws("start-viewer-session-revocation", "--channel-arn", channel,
                       "--viewer-id", "viewer")
        several = self.aws("batch-start-viewer-session-revocation", "--viewer-sessions",
                           f"channelArn={channel},viewerId=one",
                           f"channelArn={UNKNOWN},viewerId=two")

        self.assertIsNone(one)
        self.assertEqual([(error["channelArn"], error["viewerId"])
                          for error in several["errors"]], [(UNKNOWN, "two")])


class TestStreams(Journey):
    """A stream with an ad break, and what is shown when it fails."""

    def test_a_stream_lives_from_its_start_to_its_session(self):
        arn = self.aws("create-channel", "--name", "lobby")["channel"]["arn"]
        self.server.control("StartStream", channelArn=arn, health="STARVING")

        stream = self.aws("get-stream", "--channel-arn", arn)["stream"]
        self.assertEqual((stream["state"], stream["health"]), ("LIVE", "STARVING"))
        listed = self.aws("list-streams", "--filter-by", "health=STARVING")
        self.assertEqual([s["streamId"] for s in listed["streams"]],
                         [stream["streamId"]])
        self.assertIsNone(self.aws("put-metadata", "--channel-arn", arn, "--metadata",
                                   '{"song": 1}'))

        self.aws("stop-stream", "--channel-arn", arn)
        self.assert_refused("ChannelNotBroadcasting", "GetStream",
                            f"ChannelNotBroadcasting: Channel: {arn} is not currently "
                            "online", "get-stream", "--channel-arn", arn)
        sessions = self.aws("list-stream-sessions", "--channel-arn", arn)
        self.assertEqual([s["streamId"] for s in sessions["streamSessions"]],
                         [stream["streamId"]])
        session = self.aws("get-stream-session", "--channel-arn", arn)["streamSession"]
        self.assertEqual([event["name"] for event in session["truncatedEvents"]],
                         ["Stream End", "Session Ended", "Starvation Start",
                          "Stream Start", "Session Created"])

    def test_an_ad_configuration_is_created_used_and_deleted(self):
        self.skip_without("CreateAdConfiguration")
        source = "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/"
        created = self.aws(
            "create-ad-configuration", "--media-tailor-playback-configurations",
            f"playbackConfigurationArn={source}a")["adConfiguration"]
        arn = created["arn"]
        if "UpdateAdConfiguration" not in lacking:
            self.aws("update-ad-configuration", "--arn", arn, "--name", "ads")
            created["name"] = "ads"
        self.assertEqual(self.aws("get-ad-configuration", "--arn", arn),
                         {"adConfiguration": created})
        self.assertEqual(self.aws("list-ad-configurations"),
                         {"adConfigurations": [created]})

        channel = self.aws("create-channel", "--ad-configuration-arn", arn)[
            "channel"]["arn"]
        self.server.control("StartStream", channelArn=channel)
        insert = ("insert-ad-break", "--channel-arn", channel, "--duration-seconds", "30")
        self.assertRegex(self.aws(*insert)["adBreakId"], "^[A-Za-z0-9]{12}$")
        self.assert_refused("ConflictException", "InsertAdBreak",
                            f"Channel: {channel} has an ad break running", *insert)

        self.server.control("EndStream", channelArn=channel)
        self.aws("delete-channel", "--arn", channel)
        self.assertIsNone(self.aws("delete-ad-configuration", "--arn", arn))

    def test_a_failover_slate_is_created_updated_and_deleted(self):
        self.skip_without("CreateFailoverSlateConfiguration")
        kind = "failover-slate-configuration"
        arn = self.aws(f"create-{kind}", "--name", "slate")[
            "failoverSlateConfiguration"]["arn"]
        updated = self.aws(f"update-{kind}", "--arn", arn, "--max-slate-display-seconds",
                           "90")["failoverSlateConfiguration"]
        read = self.aws(f"get-{kind}", "--arn", arn)["failoverSlateConfiguration"]
        listed = self.aws(f"list-{kind}s")["failoverSlateConfigurations"]

        self.assertEqual(updated["maxSlateDisplaySeconds"], 90)
        self.assertEqual({**read, "state": ""}, {**updated, "state": ""})
        self.assertEqual([slate["arn"] for slate in listed], [arn])
        self.assertIsNone(self.aws(f"delete-{kind}", "--arn", arn))
