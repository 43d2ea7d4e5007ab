"""Live streams, with boto3."""
from datetime import datetime, timezone
from urllib.error import HTTPError

from support.boto import Journey

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"


class TestStreams(Journey):
    """The responses for a channel while it is live, and while it is not."""

    def test_a_live_channel_shows_its_stream(self):
        channel = self.create_channel()
        before = datetime.now(timezone.utc).replace(microsecond=0)

        self.go_live(channel["arn"], viewerCount=7, health="UNKNOWN")
        stream = self.ivs.get_stream(channelArn=channel["arn"])["stream"]

        start = stream.pop("startTime")
        self.assertLessEqual(before, start)
        self.assertLessEqual(start, datetime.now(timezone.utc))
        self.assertRegex(stream.pop("streamId"), r"^st-1[A-Za-z0-9]{22}$")
        self.assertEqual(stream, {
            "channelArn": channel["arn"], "playbackUrl": channel["playbackUrl"],
            "state": "LIVE", "health": "UNKNOWN", "viewerCount": 7})

    def test_an_encoder_connects_with_the_stream_key(self):
        created = self.ivs.create_channel()

        started = self.server.control("StartStream",
                                      streamKey=created["streamKey"]["value"])["stream"]

        self.assertEqual(started["channelArn"], created["channel"]["arn"])
        self.assertEqual(self.ivs.get_stream(channelArn=started["channelArn"])["stream"]
                         ["streamId"], started["streamId"])

    def test_viewers_and_health_can_change(self):
        arn = self.create_channel()["arn"]
        self.go_live(arn)

        self.server.control("UpdateStream", channelArn=arn, viewerCount=42,
                            health="STARVING")

        stream = self.ivs.get_stream(channelArn=arn)["stream"]
        self.assertEqual((stream["viewerCount"], stream["health"]), (42, "STARVING"))

    def test_a_live_stream_accepts_metadata_up_to_a_kilobyte(self):
        arn = self.create_channel()["arn"]
        self.go_live(arn)

        for metadata in ("x", "ü" * 512):
            put = self.ivs.put_metadata(channelArn=arn, metadata=metadata)
            self.assertEqual(put["ResponseMetadata"]["HTTPStatusCode"], 204)
        self.assert_refused("ValidationException", 400,
                            "Metadata size exceeds payload limit",
                            self.ivs.put_metadata, channelArn=arn, metadata="ü" * 513)

    def test_the_encoder_can_reconnect_after_the_stream_was_stopped(self):
        arn = self.create_channel()["arn"]
        first = self.go_live(arn)["streamId"]

        stopped = self.ivs.stop_stream(channelArn=arn)
        second = self.go_live(arn)["streamId"]

        del stopped["ResponseMetadata"]
        self.assertEqual(stopped, {})
        self.assertNotEqual(first, second)

    def test_a_channel_that_is_not_live_is_not_broadcasting(self):
        arn = self.create_channel()["arn"]
        self.go_live(arn)
        self.server.control("EndStream", channelArn=arn)

        for call, members in ((self.ivs.get_stream, {}), (self.ivs.stop_stream, {}),
                              (self.ivs.put_metadata, {"metadata": "x"})):
            self.assert_refused(
                "ChannelNotBroadcasting", 404,
                f"ChannelNotBroadcasting: Channel: {arn} is not currently online",
                call, channelArn=arn, **members)

    def test_a_channel_that_does_not_exist_is_not_found(self):
        for call, members in ((self.ivs.get_stream, {}), (self.ivs.stop_stream, {}),
                              (self.ivs.put_metadata, {"metadata": "x"})):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {UNKNOWN} not found",
                                call, channelArn=UNKNOWN, **members)

    def test_a_live_channel_can_neither_be_changed_nor_deleted(self):
        arn = self.create_channel(name="lobby")["arn"]
        self.go_live(arn)
        says = ("ConflictException", 409,
                f"Channel: {arn} is live; stop its stream first")

        self.assert_refused(*says, self.ivs.update_channel, arn=arn, name="stage")
        self.assert_refused(*says, self.ivs.delete_channel, arn=arn)
        self.ivs.stop_stream(channelArn=arn)
        self.ivs.update_channel(arn=arn, name="stage")
        self.ivs.delete_channel(arn=arn)

        self.assertEqual(self.ivs.list_channels()["channels"], [])

    def test_a_channel_has_at_most_one_live_stream(self):
        arn = self.create_channel()["arn"]
        stream = self.go_live(arn)

        with self.assertRaises(HTTPError) as refused:
            self.go_live(arn)

        with refused.exception as answer:
            self.assertEqual((answer.code, answer.headers["x-amzn-ErrorType"]),
                             (409, "ConflictException"))
        self.assertEqual(self.ivs.get_stream(channelArn=arn)["stream"]["streamId"],
                         stream["streamId"])


class TestLists(Journey):
    """The live streams of a region."""

    def setUp(self):
        super().setUp()
        self.create_channel(name="offline")
        healths = ("HEALTHY", "STARVING", "UNKNOWN", "STARVING", "STARVING")
        self.streams = [self.go_live(self.create_channel()["arn"], health=health,
                                     viewerCount=i) for i, health in enumerate(healths)]

    def stream_ids(self, **members):
        """The ids of all streams that the paginator finds."""
        pages = self.ivs.get_paginator("list_streams").paginate(**members)
        return [stream["streamId"] for page in pages for stream in page["streams"]]

    def test_a_list_shows_summaries_of_live_streams(self):
        self.ivs.stop_stream(channelArn=self.streams.pop(0)["channelArn"])

        listed = self.ivs.list_streams()["streams"]

        for shown, stream in zip(listed, self.streams, strict=True):
            read = self.ivs.get_stream(channelArn=stream["channelArn"])["stream"]
            del read["playbackUrl"]
            self.assertEqual(shown, read)

    def test_the_paginator_finds_every_stream_once(self):
        found = self.stream_ids(PaginationConfig={"PageSize": 2})

        self.assertCountEqual(found, [stream["streamId"] for stream in self.streams])

    def test_a_filter_finds_the_streams_of_one_health_across_pages(self):
        for health in ("HEALTHY", "STARVING", "UNKNOWN"):
            with self.subTest(health):
                found = self.stream_ids(filterBy={"health": health},
                                        PaginationConfig={"PageSize": 2})

                self.assertCountEqual(found, [
                    stream["streamId"] for stream in self.streams
                    if stream["health"] == health])

    def test_a_filter_belongs_to_its_token(self):
        token = self.ivs.list_streams(maxResults=1)["nextToken"]

        self.assert_refused("ValidationException", 400,
                            "ListStreams.nextToken is not valid for this list",
                            self.ivs.list_streams, nextToken=token,
                            filterBy={"health": "STARVING"})

    def test_a_filter_accepts_only_health_values(self):
        self.assert_refused(
            "ValidationException", 400,
            "ListStreams.filterBy.health must be one of HEALTHY, STARVING, UNKNOWN",
            self.ivs.list_streams, filterBy={"health": "FINE"})
