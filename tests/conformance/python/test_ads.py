"""Ad configurations and ad breaks, with boto3."""
from datetime import datetime, timedelta, timezone

from support.boto import Journey, media_tailor

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
WHOLE_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


class TestAdConfigurations(Journey):
    """From creation to deletion."""

    needs = ("CreateAdConfiguration", "UpdateAdConfiguration")

    def test_a_configuration_is_read_back_as_sent(self):
        sent = {"name": "ads", "tags": {"team": "video"},
                "mediaTailorPlaybackConfigurations": [media_tailor(n) for n in "ab"],
                "postRollConfiguration": {"enabled": True, "durationSeconds": 30}}

        created = self.ivs.create_ad_configuration(**sent)["adConfiguration"]
        read = self.ivs.get_ad_configuration(arn=created["arn"])["adConfiguration"]

        self.assertRegex(created["arn"], r":ad-configuration/[A-Za-z0-9]{12}$")
        self.assertEqual(read, {**sent, "arn": created["arn"]})
        self.assertEqual(read, created)

    def test_a_configuration_has_no_post_roll_by_default(self):
        created = self.create_ads()

        self.assertEqual((created["name"], created["tags"]), ("", {}))
        self.assertEqual(created["postRollConfiguration"],
                         {"enabled": False, "durationSeconds": 15})

    def test_an_update_changes_only_the_given_members(self):
        created = self.create_ads(tags={"team": "video"})
        changed = {"name": "new",
                   "mediaTailorPlaybackConfigurations": [media_tailor("other")]}

        updated = self.ivs.update_ad_configuration(arn=created["arn"], **changed)
        read = self.ivs.get_ad_configuration(arn=created["arn"])

        self.assertEqual(updated["adConfiguration"], {**created, **changed})
        self.assertEqual(read["adConfiguration"], updated["adConfiguration"])

    def test_the_paginator_finds_every_configuration_in_order(self):
        created = [self.create_ads(name) for name in ("a", "b", "c")]

        found = self.ivs.get_paginator("list_ad_configurations").paginate(
            PaginationConfig={"PageSize": 2}).build_full_result()

        self.assertEqual(found["adConfigurations"], created)

    def test_the_mediatailor_configuration_of_another_account_is_not_found(self):
        arn = media_tailor("ads")["playbackConfigurationArn"].replace("0" * 12, "1" * 12)

        self.assert_refused(
            "ResourceNotFoundException", 404, f"Resource: {arn} not found",
            self.ivs.create_ad_configuration,
            mediaTailorPlaybackConfigurations=[{"playbackConfigurationArn": arn}])

    def test_a_deleted_configuration_is_gone(self):
        arn = self.create_ads()["arn"]

        deleted = self.ivs.delete_ad_configuration(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        for call in (self.ivs.get_ad_configuration, self.ivs.update_ad_configuration,
                     self.ivs.delete_ad_configuration):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {arn} not found", call, arn=arn)


class TestAdBreaks(Journey):
    """Ad breaks of a live channel that has an ad configuration."""

    needs = ("CreateAdConfiguration", "InsertAdBreak")

    def setUp(self):
        super().setUp()
        self.arn = self.create_channel(
            name="lobby", adConfigurationArn=self.create_ads()["arn"])["arn"]

    def details(self):
        """The events of ad breaks."""
        events = self.server.control(
            "ListEvents", detailType="IVS Ad Break State Change")["events"]
        return [event["detail"] for event in events]

    def test_an_ad_break_has_an_event_and_begins_now(self):
        stream = self.go_live(self.arn)
        before = datetime.now(timezone.utc).strftime(WHOLE_SECONDS)

        inserted = self.ivs.insert_ad_break(channelArn=self.arn, durationSeconds=30)

        after = datetime.now(timezone.utc).strftime(WHOLE_SECONDS)
        (detail,) = self.details()
        start = detail.pop("target_start_time")
        self.assertLessEqual(before, start)
        self.assertLessEqual(start, after)
        self.assertRegex(inserted["adBreakId"], r"^[A-Za-z0-9]{12}$")
        self.assertEqual(detail, {
            "event_name": "Ad Break Inserted", "channel_name": "lobby",
            "stream_id": stream["streamId"], "ad_break_id": inserted["adBreakId"],
            "duration_seconds": 30})

    def test_one_ad_break_at_a_time(self):
        self.go_live(self.arn)
        self.ivs.insert_ad_break(channelArn=self.arn, durationSeconds=300)

        self.assert_refused(
            "ConflictException", 409, f"Channel: {self.arn} has an ad break running",
            self.ivs.insert_ad_break, channelArn=self.arn, durationSeconds=30)

    def test_an_ad_break_needs_a_live_channel(self):
        self.assert_refused(
            "ChannelNotBroadcasting", 404,
            f"ChannelNotBroadcasting: Channel: {self.arn} is not currently online",
            self.ivs.insert_ad_break, channelArn=self.arn, durationSeconds=30)
        self.assert_refused(
            "ResourceNotFoundException", 404, f"Resource: {UNKNOWN} not found",
            self.ivs.insert_ad_break, channelArn=UNKNOWN, durationSeconds=30)

    def test_an_ad_break_needs_an_ad_configuration(self):
        arn = self.create_channel()["arn"]
        self.go_live(arn)

        self.assert_refused(
            "ValidationException", 400, f"Channel: {arn} has no ad configuration",
            self.ivs.insert_ad_break, channelArn=arn, durationSeconds=30)


class TestTimedAdBreaks(Journey):
    """Ad breaks with a given start time."""

    needs = ("CreateAdConfiguration", "InsertAdBreak")

    def setUp(self):
        super().setUp()
        if not self.known("InsertAdBreak", targetStartAt=None):
            self.skipTest("no InsertAdBreak.targetStartAt")
        self.arn = self.create_channel(adConfigurationArn=self.create_ads()["arn"])["arn"]
        self.go_live(self.arn)

    def test_an_ad_break_has_the_given_time_and_id(self):
        start = datetime.now(timezone.utc) + timedelta(hours=1)

        inserted = self.ivs.insert_ad_break(
            channelArn=self.arn, durationSeconds=300, targetStartAt=start,
            adBreakId="abcdABCD1234")

        events = self.server.control("ListEvents",
                                     detailType="IVS Ad Break State Change")["events"]
        self.assertEqual(inserted["adBreakId"], "abcdABCD1234")
        self.assertEqual(inserted["targetStartAt"], start.replace(microsecond=0))
        self.assertEqual([event["detail"]["target_start_time"] for event in events],
                         [start.strftime(WHOLE_SECONDS)])

    def test_an_ad_break_without_a_time_returns_its_time(self):
        before = datetime.now(timezone.utc).replace(microsecond=0)

        inserted = self.ivs.insert_ad_break(channelArn=self.arn, durationSeconds=30)

        self.assertLessEqual(before, inserted["targetStartAt"])
        self.assertLessEqual(inserted["targetStartAt"], datetime.now(timezone.utc))

    def test_an_ad_break_cannot_begin_in_the_past(self):
        start = datetime.now(timezone.utc) - timedelta(minutes=1)

        self.assert_refused(
            "ValidationException", 400,
            "InsertAdBreak.targetStartAt must not be in the past",
            self.ivs.insert_ad_break, channelArn=self.arn, durationSeconds=30,
            targetStartAt=start)
