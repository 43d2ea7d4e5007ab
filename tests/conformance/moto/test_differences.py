"""docs/migrating-from-moto.md compares the responses of moto and of IVS Local: both are
called."""
import logging
import re
import unittest
from pathlib import Path

from botocore.exceptions import ClientError
from moto import __version__ as moto_version
from moto.server import ThreadedMotoServer

from support.boto import client
from support.server import Server

PAGE = Path(__file__).resolve().parents[3] / "docs" / "migrating-from-moto.md"
UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh"
DESTINATION = {"s3": {"bucketName": "demo-recordings"}}

# The call of each row of the page's tables, given a client, a channel and its stream key.
CALLS = {
    "CreateChannel, name `my lobby`":
        lambda ivs, *_: ivs.create_channel(name="my lobby"),
    "CreateChannel, type `HUGE`":
        lambda ivs, *_: ivs.create_channel(type="HUGE"),
    "CreateChannel, latencyMode `ULTRA`":
        lambda ivs, *_: ivs.create_channel(latencyMode="ULTRA"),
    "CreateChannel, a preset for type `STANDARD`":
        lambda ivs, *_: ivs.create_channel(
            type="STANDARD", preset="HIGHER_BANDWIDTH_DELIVERY"),
    "CreateChannel, a tag `aws:team`":
        lambda ivs, *_: ivs.create_channel(tags={"aws:team": "video"}),
    "CreateChannel, an unknown recording configuration":
        lambda ivs, *_: ivs.create_channel(recordingConfigurationArn=UNKNOWN),
    "GetChannel, arn `nonsense`":
        lambda ivs, *_: ivs.get_channel(arn="nonsense"),
    "ListChannels, two filters":
        lambda ivs, *_: ivs.list_channels(
            filterByName="a", filterByRecordingConfigurationArn=UNKNOWN),
    "ListChannels, an invalid token":
        lambda ivs, *_: ivs.list_channels(nextToken="none"),
    "GetStreamKey of a new channel":
        lambda ivs, _, key: ivs.get_stream_key(arn=key),
    "ListStreamKeys":
        lambda ivs, channel, _: ivs.list_stream_keys(channelArn=channel),
    "ListTagsForResource":
        lambda ivs, channel, _: ivs.list_tags_for_resource(resourceArn=channel),
    "CreateRecordingConfiguration":
        lambda ivs, *_: ivs.create_recording_configuration(
            destinationConfiguration=DESTINATION),
    "ListStreams":
        lambda ivs, *_: ivs.list_streams(),
    "GetStream of an offline channel":
        lambda ivs, channel, _: ivs.get_stream(channelArn=channel),
    "CreateStreamKey, a second one":
        lambda ivs, channel, _: ivs.create_stream_key(channelArn=channel),
}


def table():
    """The rows of the page: call -> the response of moto, the response of IVS Local."""
    rows = re.findall(r"^\| ([A-Z].*?) \| (.*?) \| (.*?) \|$", PAGE.read_text(), re.M)
    return {call: (moto, ours) for call, moto, ours in rows}


def outcome(call, *arguments):
    """The outcome of a call, in the words of the page."""
    try:
        call(*arguments)
    except ClientError as error:
        return f"`{error.response['Error']['Code']}`"
    return "succeeds"


class TestDifferences(unittest.TestCase):
    """The same calls to both."""

    def setUp(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        self.addCleanup(moto.stop)
        moto.url = "http://{}:{}".format(*moto.get_host_and_port())
        server = Server()
        self.addCleanup(server.stop)
        self.clients = client(moto), client(server)
        self.channels = [ivs.create_channel(tags={"team": "video"}) for ivs in self.clients]

    def test_every_row_matches_both_servers(self):
        seen = {
            what: tuple(
                outcome(call, ivs, made["channel"]["arn"], made["streamKey"]["arn"])
                for ivs, made in zip(self.clients, self.channels))
            for what, call in CALLS.items()}

        self.maxDiff = None
        self.assertEqual(table(), seen)

    def test_the_version_is_the_one_of_the_page(self):
        self.assertIn(f"moto {moto_version}", PAGE.read_text())

    def test_a_channel_of_moto_lacks_what_the_page_says(self):
        moto, ours = (made["channel"] for made in self.channels)

        missing = ours.keys() - moto.keys()
        self.assertLessEqual(
            {"srt", "containerFormat", "multitrackInputConfiguration", "name",
             "playbackRestrictionPolicyArn", "adConfigurationArn"}, missing)
        self.assertIn("example.com", moto["playbackUrl"])

    def test_only_moto_tags_the_stream_key(self):
        moto, ours = (made["streamKey"]["tags"] for made in self.channels)

        self.assertEqual((moto, ours), ({"team": "video"}, {}))

    def test_only_moto_does_not_report_the_missing_resources_of_a_batch(self):
        unknown = UNKNOWN.replace("recording-configuration", "channel")

        moto, ours = (ivs.batch_get_channel(arns=[unknown])["errors"]
                      for ivs in self.clients)

        self.assertEqual(moto, [])
        self.assertEqual([error["arn"] for error in ours], [unknown])
