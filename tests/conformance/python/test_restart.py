"""What is kept across restarts, with boto3."""
import tempfile
import unittest
from pathlib import Path

from support.boto import client, media_tailor, skip_without
from support.keys import KEYS
from support.server import Server


def everything(ivs):
    """All that a caller can read."""
    channels = [ivs.get_channel(arn=channel["arn"])["channel"]
                for channel in ivs.list_channels()["channels"]]
    configurations = ivs.list_recording_configurations()["recordingConfigurations"]
    keys = [ivs.get_stream_key(arn=key["arn"])["streamKey"] for channel in channels
            for key in ivs.list_stream_keys(channelArn=channel["arn"])["streamKeys"]]

    for channel in channels:
        # Built from the current address of the server, which has changed.
        del channel["playbackUrl"]
    return {
        "channels": channels,
        "keys": keys,
        "configurations": [
            ivs.get_recording_configuration(arn=found["arn"])["recordingConfiguration"]
            for found in configurations],
        "tags": [ivs.list_tags_for_resource(resourceArn=found["arn"])["tags"]
                 for found in (*channels, *keys, *configurations)],
    }


def guards_of_playback(ivs):
    """What channels refer to, and the keys of their viewers, as a caller can read it."""
    return {
        "policies": ivs.list_playback_restriction_policies(maxResults=100)[
            "playbackRestrictionPolicies"],
        "ads": ivs.list_ad_configurations()["adConfigurations"],
        "slates": ivs.list_failover_slate_configurations()["failoverSlateConfigurations"],
        "keyPairs": [ivs.get_playback_key_pair(arn=found["arn"])["keyPair"]
                     for found in ivs.list_playback_key_pairs()["keyPairs"]],
    }


class TestRestart(unittest.TestCase):
    """The same database file under one server after the other."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.db = str(Path(folder.name) / "ivs.db")

    def serve(self):
        """A server of the file, and a client of it."""
        server = Server("--transitions", "0", db=self.db)
        return server, client(server)

    def test_everything_is_read_back_after_a_restart(self):
        server, ivs = self.serve()
        recording = ivs.create_recording_configuration(
            name="films", tags={"名前": "映画"},
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}},
            recordingReconnectWindowSeconds=30)["recordingConfiguration"]["arn"]
        for i in range(3):
            created = ivs.create_channel(name=f"channel-{i}", tags={"i": str(i)},
                                         recordingConfigurationArn=recording)
        ivs.update_channel(arn=created["channel"]["arn"], latencyMode="NORMAL")
        ivs.tag_resource(resourceArn=created["streamKey"]["arn"], tags={"a": "b"})
        before = everything(ivs)
        server.stop()

        server, ivs = self.serve()
        self.addCleanup(server.stop)

        self.assertEqual(everything(ivs), before)
        self.assertEqual(len(before["channels"]), 3)

    def test_playback_restrictions_are_read_back_after_a_restart(self):
        skip_without("CreatePlaybackRestrictionPolicy", "CreateAdConfiguration",
                     "CreateFailoverSlateConfiguration")
        server, ivs = self.serve()
        ivs.create_playback_restriction_policy(allowedCountries=["DE"])
        ivs.create_ad_configuration(
            mediaTailorPlaybackConfigurations=[media_tailor("ads")])
        ivs.create_failover_slate_configuration(maxSlateDisplaySeconds=90)
        ivs.import_playback_key_pair(publicKeyMaterial=KEYS[0])
        before = guards_of_playback(ivs)
        server.stop()

        server, ivs = self.serve()
        self.addCleanup(server.stop)

        self.assertEqual(guards_of_playback(ivs), before)
        self.assertEqual({kind: len(found) for kind, found in before.items()},
                         {"policies": 1, "ads": 1, "slates": 1, "keyPairs": 1})

    def test_a_live_channel_is_still_live_after_a_restart(self):
        server, ivs = self.serve()
        arn = ivs.create_channel()["channel"]["arn"]
        server.control("StartStream", channelArn=arn, viewerCount=7)
        before = ivs.get_stream(channelArn=arn)["stream"]
        server.stop()

        server, ivs = self.serve()
        self.addCleanup(server.stop)

        self.assertEqual(ivs.get_stream(channelArn=arn)["stream"],
                         {**before, "playbackUrl": ivs.get_channel(arn=arn)["channel"]
                          ["playbackUrl"]})
        ivs.stop_stream(channelArn=arn)
        session = ivs.get_stream_session(channelArn=arn)["streamSession"]
        self.assertEqual([event["name"] for event in session["truncatedEvents"]],
                         ["Stream End", "Session Ended", "Stream Start",
                          "Session Created"])

    def test_deleted_resources_stay_deleted(self):
        server, ivs = self.serve()
        arn = ivs.create_channel()["channel"]["arn"]
        ivs.delete_channel(arn=arn)
        server.stop()

        server, ivs = self.serve()
        self.addCleanup(server.stop)

        with self.assertRaises(ivs.exceptions.ResourceNotFoundException):
            ivs.get_channel(arn=arn)
        self.assertEqual(ivs.list_channels()["channels"], [])

    def test_a_token_is_valid_after_a_restart(self):
        server, ivs = self.serve()
        for name in ("first", "second"):
            ivs.create_channel(name=name)
        token = ivs.list_channels(maxResults=1)["nextToken"]
        server.stop()

        server, ivs = self.serve()
        self.addCleanup(server.stop)

        rest = ivs.list_channels(nextToken=token)
        self.assertEqual([channel["name"] for channel in rest["channels"]], ["second"])
        self.assertNotIn("nextToken", rest)
