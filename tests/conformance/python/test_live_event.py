"""A whole live event from the view of its organiser, with boto3 and a webhook."""
from support.boto import Journey
from support.keys import KEYS, fingerprint
from support.webhook import Webhook

WHOLE_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def name_of(event):
    """The name of an event of EventBridge."""
    detail = event["detail"]
    return detail.get("event_name", detail.get("recording_status"))


class TestLiveEvent(Journey):
    """From the first key to the last event."""

    needs = ("CreateAdConfiguration", "InsertAdBreak")

    def setUp(self):
        webhook = Webhook()
        self.addCleanup(webhook.stop)
        self.receive = webhook.receive
        self.options = ("--events-to", webhook.url)
        super().setUp()

    def test_a_private_recorded_stream_with_an_ad_break_has_its_events_in_order(self):
        # The keys, the channel and all that it requires.
        key = self.ivs.import_playback_key_pair(publicKeyMaterial=KEYS[0], name="tickets")
        self.assertEqual(key["keyPair"]["fingerprint"], fingerprint(KEYS[0]))
        recording = self.create_configuration(name="films")["arn"]
        self.assertEqual(self.settled_configuration(recording)["state"], "ACTIVE")
        created = self.ivs.create_channel(
            name="concert", authorized=True, recordingConfigurationArn=recording,
            adConfigurationArn=self.create_ads()["arn"])
        arn = created["channel"]["arn"]

        # The show.
        stream = self.server.control("StartStream",
                                     streamKey=created["streamKey"]["value"])["stream"]
        self.assertEqual(self.ivs.get_stream(channelArn=arn)["stream"]["state"], "LIVE")
        self.ivs.put_metadata(channelArn=arn, metadata='{"song": 1}')
        self.server.control("UpdateStream", channelArn=arn, health="STARVING")
        starving = self.ivs.list_streams(filterBy={"health": "STARVING"})["streams"]
        self.assertEqual([s["streamId"] for s in starving], [stream["streamId"]])
        self.server.control("UpdateStream", channelArn=arn, health="HEALTHY")
        ad_break = self.ivs.insert_ad_break(channelArn=arn, durationSeconds=30)
        self.ivs.stop_stream(channelArn=arn)

        # What remains of it.
        session = self.ivs.get_stream_session(
            channelArn=arn, streamId=stream["streamId"])["streamSession"]
        events = self.server.control("ListEvents", resourceArn=arn)["events"]
        self.assertEqual([name_of(event) for event in events], [
            "Session Created", "Stream Start", "Recording Start", "Starvation Start",
            "Starvation End", "Ad Break Inserted", "Session Ended", "Stream End",
            "Recording End"])
        self.assertEqual(
            [(event["name"], event["type"], event["eventTime"].strftime(WHOLE_SECONDS))
             for event in reversed(session["truncatedEvents"])],
            [(name_of(event), event["detail-type"], event["time"]) for event in events])
        self.assertEqual(self.receive(len(events)), events)
        self.assert_tell_of(events, created["channel"], stream)
        by_name = {name_of(event): event["detail"] for event in events}
        self.assertEqual(by_name["Ad Break Inserted"]["ad_break_id"],
                         ad_break["adBreakId"])
        self.assertEqual(by_name["Recording End"]["recording_session_stream_ids"],
                         [stream["streamId"]])
        self.assertEqual(by_name["Recording End"]["recording_s3_key_prefix"],
                         by_name["Recording Start"]["recording_s3_key_prefix"])

    def assert_tell_of(self, events, channel, stream):
        """Every event is about this stream of this channel."""
        for event in events:
            self.assertEqual(
                (event["source"], event["account"], event["region"], event["resources"]),
                ("aws.ivs", "000000000000", "us-east-1", [channel["arn"]]))
            self.assertEqual((event["detail"]["channel_name"],
                              event["detail"]["stream_id"]),
                             (channel["name"], stream["streamId"]))
        self.assertEqual(len({event["id"] for event in events}), len(events))
