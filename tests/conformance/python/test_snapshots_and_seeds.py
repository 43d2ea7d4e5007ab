"""A state that is created by a seed, saved, changed and restored, with boto3."""
import json
import re
import tempfile
from pathlib import Path

from support.boto import Journey, client

PAGE = Path(__file__).resolve().parents[3] / "docs" / "snapshots-and-seeds.md"
SEED = {"calls": [
    {"operation": "CreateRecordingConfiguration", "as": "films", "input": {
        "name": "films",
        "destinationConfiguration": {"s3": {"bucketName": "demo-recordings"}}}},
    {"operation": "CreateChannel", "as": "concert", "input": {
        "name": "concert", "authorized": True, "tags": {"team": "blue"},
        "recordingConfigurationArn": "${films.recordingConfiguration.arn}"}},
    {"operation": "CreateChannel", "as": "twin", "input": {
        "name": "${concert.channel.name}-twin", "tags": "${concert.channel.tags}"}},
    {"operation": "ListStreamKeys", "as": "keys", "input": {
        "channelArn": "${concert.channel.arn}"}},
    {"operation": "GetStreamKey", "as": "key", "input": {
        "arn": "${keys.streamKeys.0.arn}"}},
    {"operation": "StartStream", "input": {"streamKey": "${key.streamKey.value}"}},
]}


class TestSnapshotsAndSeeds(Journey):
    """A state that tests set up once and restore."""

    options = ("--transitions", "0")

    def state(self, ivs=None):
        """All that the caller can read of channels, keys, recordings and streams."""
        ivs = ivs or self.ivs
        channels = [ivs.get_channel(arn=found["arn"])["channel"]
                    for found in ivs.list_channels()["channels"]]
        return {
            "channels": channels,
            "keys": [ivs.get_stream_key(arn=key["arn"])["streamKey"]
                     for channel in channels for key in
                     ivs.list_stream_keys(channelArn=channel["arn"])["streamKeys"]],
            "configurations": ivs.list_recording_configurations()[
                "recordingConfigurations"],
            "streams": ivs.list_streams()["streams"],
            "events": self.server.control("ListEvents")["events"],
        }

    def test_a_seed_has_the_effect_of_its_calls(self):
        results = {result.get("as"): result["output"]
                   for result in self.server.control("Seed", **SEED)["results"]}

        concert = self.ivs.get_channel(arn=results["concert"]["channel"]["arn"])["channel"]
        self.assertEqual(concert["recordingConfigurationArn"],
                         results["films"]["recordingConfiguration"]["arn"])
        self.assertTrue(concert["authorized"])
        twin = self.ivs.get_channel(arn=results["twin"]["channel"]["arn"])["channel"]
        self.assertEqual(twin["name"], "concert-twin")
        self.assertEqual(twin["tags"], {"team": "blue"})
        stream = self.ivs.get_stream(channelArn=concert["arn"])["stream"]
        self.assertEqual(stream["state"], "LIVE")

    def test_the_documented_seed_works(self):
        example = re.search(r"^```json\n(.*?)^```", PAGE.read_text(encoding="utf-8"),
                            re.DOTALL | re.MULTILINE)

        results = self.server.control("Seed", **json.loads(example[1]))["results"]

        self.assertEqual(results[2]["output"]["streamKey"]["channelArn"],
                         results[0]["output"]["channel"]["arn"])
        self.assertEqual(len(self.ivs.list_streams()["streams"]), 1)

    def test_a_restore_brings_everything_back(self):
        self.server.control("Seed", **SEED)
        other = client(self.server, region="eu-west-1", account="123456789012")
        other.create_channel(name="theirs")
        before, theirs = self.state(), self.state(other)
        self.server.control("SaveSnapshot", name="clean")
        self.assertEqual([found["name"] for found in
                          self.server.control("ListSnapshots")["snapshots"]], ["clean"])

        live = before["streams"][0]["channelArn"]
        self.ivs.stop_stream(channelArn=live)
        self.ivs.tag_resource(resourceArn=live, tags={"team": "red"})
        self.ivs.create_channel(name="late")
        other.delete_channel(arn=theirs["channels"][0]["arn"])
        self.assertNotEqual(self.state(), before)
        self.server.control("RestoreSnapshot", name="clean")

        self.assertEqual(self.state(), before)
        self.assertEqual(self.state(other), theirs)
        self.ivs.stop_stream(channelArn=live)
        self.server.control("Reset", allAccounts=True)
        self.server.control("RestoreSnapshot", name="clean")
        self.assertEqual(self.state(), before)
        self.server.control("DeleteSnapshot", name="clean")
        self.assertEqual(self.server.control("ListSnapshots")["snapshots"], [])


class TestSeedAtStart(Journey):
    """The same seed from a file."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        seed = Path(folder.name) / "seed.json"
        seed.write_text(json.dumps(SEED), encoding="utf-8")
        self.options = ("--seed", str(seed))
        super().setUp()

    def test_the_first_call_finds_the_seeded_resources(self):
        self.assertEqual([found["name"] for found in self.ivs.list_channels()["channels"]],
                         ["concert", "concert-twin"])
        self.assertEqual(len(self.ivs.list_streams()["streams"]), 1)
