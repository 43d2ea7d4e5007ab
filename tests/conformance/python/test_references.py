"""What a channel can refer to, with boto3."""
from typing import Any, Callable, NamedTuple

from support.boto import Journey


class Kind(NamedTuple):
    """A kind of resource that a channel can refer to."""
    member: str     # of the channel
    filter: str     # of ListChannels
    type: str       # in the ARN
    make: Callable[[Any], dict]
    delete: str


KINDS = (
    Kind("recordingConfigurationArn", "filterByRecordingConfigurationArn",
         "recording-configuration", lambda test: test.create_configuration(),
         "delete_recording_configuration"),
    Kind("playbackRestrictionPolicyArn", "filterByPlaybackRestrictionPolicyArn",
         "playback-restriction-policy",
         lambda test: test.ivs.create_playback_restriction_policy()[
             "playbackRestrictionPolicy"],
         "delete_playback_restriction_policy"),
    Kind("adConfigurationArn", "filterByAdConfigurationArn", "ad-configuration",
         lambda test: test.create_ads(), "delete_ad_configuration"),
    Kind("failoverSlateConfigurationArn", "filterByFailoverSlateConfigurationArn",
         "failover-slate-configuration",
         lambda test: test.ivs.create_failover_slate_configuration()[
             "failoverSlateConfiguration"],
         "delete_failover_slate_configuration"),
)


class TestReferences(Journey):
    """Each kind in turn."""

    needs = ("CreatePlaybackRestrictionPolicy", "CreateAdConfiguration",
             "CreateFailoverSlateConfiguration")

    def test_a_channel_refers_to_a_resource_until_it_is_detached(self):
        for kind in KINDS:
            with self.subTest(kind.member):
                arn = kind.make(self)["arn"]
                channel = self.create_channel(**{kind.member: arn})

                updated = self.ivs.update_channel(arn=channel["arn"], **{kind.member: ""})

                self.assertEqual(channel[kind.member], arn)
                self.assertEqual(updated["channel"], {**channel, kind.member: ""})

    def test_a_channel_cannot_refer_to_a_missing_resource(self):
        arn = self.create_channel()["arn"]
        for kind in KINDS:
            with self.subTest(kind.member):
                unknown = f"arn:aws:ivs:us-east-1:000000000000:{kind.type}/abcdABCDefgh"
                says = ("ResourceNotFoundException", 404,
                        f"Resource: {unknown} not found")

                self.assert_refused(*says, self.ivs.create_channel,
                                    **{kind.member: unknown})
                self.assert_refused(*says, self.ivs.update_channel, arn=arn,
                                    **{kind.member: unknown})

    def test_a_filter_finds_the_channels_that_refer_to_a_resource(self):
        self.create_channel(name="quiet")
        for kind in KINDS:
            with self.subTest(kind.filter):
                used, unused = kind.make(self)["arn"], kind.make(self)["arn"]
                channel = self.create_channel(**{kind.member: used})["arn"]

                found = self.ivs.list_channels(**{kind.filter: used})["channels"]
                nothing = self.ivs.list_channels(**{kind.filter: unused})["channels"]

                self.assertEqual([(c["arn"], c[kind.member]) for c in found],
                                 [(channel, used)])
                self.assertEqual(nothing, [])

    def test_a_resource_in_use_cannot_be_deleted(self):
        for kind in KINDS:
            with self.subTest(kind.member):
                arn = kind.make(self)["arn"]
                channel = self.create_channel(**{kind.member: arn})["arn"]
                delete = getattr(self.ivs, kind.delete)

                self.assert_refused("ConflictException", 409,
                                    f"Resource: {arn} is in use by a channel",
                                    delete, arn=arn)
                self.ivs.delete_channel(arn=channel)
                deleted = delete(arn=arn)

                self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)

    def test_ads_require_the_container_format_ts(self):
        self.assert_refused(
            "ValidationException", 400,
            "CreateChannel.adConfigurationArn is allowed only with containerFormat TS",
            self.ivs.create_channel, adConfigurationArn=self.create_ads()["arn"],
            containerFormat="FRAGMENTED_MP4")
