"""Stream sessions, with boto3."""
from datetime import datetime

from support.boto import Journey

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

# Members that may be absent from the channel of a session, its lists of tracks, or an
# event.
MAY_BE_ABSENT = {
    "channel.adConfigurationArn", "channel.containerFormat",
    "channel.failoverSlateConfigurationArn", "channel.multitrackInputConfiguration",
    "channel.playbackRestrictionPolicyArn", "channel.srt", "channel.tags",
    "ingestConfigurations.videoConfigurations.avcLevel",
    "ingestConfigurations.videoConfigurations.avcProfile",
    "recordingConfiguration.thumbnailConfiguration.resolution",
    "truncatedEvents.code",
}


def absent_members(shape, value, place=""):
    """The paths of all members that the client knows and the response does not have."""
    if shape.type_name == "list":
        return {absent for item in value
                for absent in absent_members(shape.member, item, place)}
    if shape.type_name != "structure":
        return set()
    absent = set()
    for name, member in shape.members.items():
        below = f"{place}.{name}".lstrip(".")
        absent |= (absent_members(member, value[name], below) if name in value
                   else {below})
    return absent


class TestStreamSessions(Journey):
    """The current session of a channel, and earlier ones."""

    def setUp(self):
        super().setUp()
        recording = self.create_configuration(name="films")["arn"]
        self.recording = self.settled_configuration(recording)
        self.channel = self.create_channel(name="lobby",
                                           recordingConfigurationArn=recording)
        self.arn = self.channel["arn"]

    def session(self, **members):
        """A session of the channel as the client sees it."""
        return self.ivs.get_stream_session(channelArn=self.arn,
                                           **members)["streamSession"]

    def test_a_session_has_every_member_and_its_times_are_times(self):
        slate = self.known("UpdateChannel", failoverSlateConfigurationArn="")
        if slate:
            made = self.ivs.create_failover_slate_configuration()
            arn = made["failoverSlateConfiguration"]["arn"]
            self.ivs.update_channel(arn=self.arn, failoverSlateConfigurationArn=arn)
        self.go_live(self.arn)
        self.ivs.stop_stream(channelArn=self.arn)

        session = self.session()

        absent = absent_members(self.shape("GetStreamSession", "streamSession"), session)
        self.assertLessEqual(absent, MAY_BE_ABSENT)
        times = [session["startTime"], session["endTime"],
                 *(event["eventTime"] for event in session["truncatedEvents"])]
        for time in times:
            self.assertIsInstance(time, datetime)
            self.assertEqual((time.utcoffset().seconds, time.microsecond), (0, 0))
        self.assertLessEqual(session["startTime"], session["endTime"])

    def test_a_session_shows_the_channel_and_its_recording_as_they_were(self):
        stream = self.go_live(self.arn)
        self.ivs.stop_stream(channelArn=self.arn)
        self.ivs.update_channel(arn=self.arn, name="stage", type="BASIC",
                                recordingConfigurationArn="")

        session = self.session()

        self.assertEqual(session["streamId"], stream["streamId"])
        self.assertEqual(session["channel"], {
            name: self.channel[name] for name in session["channel"]})
        self.assertEqual(session["recordingConfiguration"], self.recording)

    def test_a_live_session_has_no_end(self):
        stream = self.go_live(self.arn)

        session = self.session()
        listed = self.ivs.list_stream_sessions(channelArn=self.arn)["streamSessions"]

        self.assertNotIn("endTime", session)
        self.assertEqual(listed, [{"streamId": stream["streamId"], "hasErrorEvent": False,
                                   "startTime": session["startTime"]}])

    def test_a_session_shows_what_the_encoder_sends(self):
        self.go_live(self.arn, ingestConfiguration={
            "video": {"videoWidth": 1280, "videoHeight": 720, "encoder": "OBS"},
            "audio": {"sampleRate": 44100}})

        session = self.session()

        old = session["ingestConfiguration"]
        self.assertEqual((old["video"]["videoWidth"], old["video"]["videoHeight"],
                          old["video"]["encoder"], old["audio"]["sampleRate"]),
                         (1280, 720, "OBS", 44100))
        if "ingestConfigurations" in self.shape("GetStreamSession",
                                                "streamSession").members:
            tracks = session["ingestConfigurations"]
            self.assertEqual(tracks["audioConfigurations"], [old["audio"]])
            self.assertEqual(tracks["videoConfigurations"], [
                {name: value for name, value in old["video"].items()
                 if name not in ("avcLevel", "avcProfile")}])

    def test_sessions_are_listed_newest_first_across_pages(self):
        started = []
        for _ in range(5):
            started.insert(0, self.go_live(self.arn)["streamId"])
            self.ivs.stop_stream(channelArn=self.arn)

        first = self.ivs.list_stream_sessions(channelArn=self.arn, maxResults=3)
        rest = self.ivs.list_stream_sessions(channelArn=self.arn,
                                             nextToken=first["nextToken"])

        self.assertEqual([session["streamId"] for page in (first, rest)
                          for session in page["streamSessions"]], started)
        self.assertNotIn("nextToken", rest)
        self.assertEqual(self.session()["streamId"], started[0])
        self.assertEqual(self.session(streamId=started[-1])["streamId"], started[-1])

    def test_a_failure_is_an_event(self):
        self.go_live(self.arn)

        self.server.control("EndStream", channelArn=self.arn, failure="Out of luck")

        listed = self.ivs.list_stream_sessions(channelArn=self.arn)["streamSessions"]
        self.assertIs(listed[0]["hasErrorEvent"], True)
        self.assertIn("Stream Failure", [
            event["name"] for event in self.session()["truncatedEvents"]])

    def test_a_channel_without_streams_has_no_session(self):
        stream_id = "st-1abcdABCDefghabcdABCDef"

        listed = self.ivs.list_stream_sessions(channelArn=self.arn)

        self.assertEqual(listed["streamSessions"], [])
        self.assert_refused("ResourceNotFoundException", 404,
                            f"Resource: {self.arn} not found", self.session)
        self.assert_refused("ResourceNotFoundException", 404,
                            f"Resource: {stream_id} not found", self.session,
                            streamId=stream_id)

    def test_a_channel_that_does_not_exist_has_no_sessions(self):
        for call in (self.ivs.get_stream_session, self.ivs.list_stream_sessions):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {UNKNOWN} not found", call,
                                channelArn=UNKNOWN)
