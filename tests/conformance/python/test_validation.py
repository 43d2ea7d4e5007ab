"""What the server itself refuses, with boto3's own checks switched off."""
from support.boto import Journey, client

ARN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
CHANNEL_PATTERN = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:channel/[a-zA-Z0-9-]+"


class TestValidation(Journey):
    """Each kind of constraint, by the error that a user sees."""

    def setUp(self):
        super().setUp()
        self.ivs = client(self.server, parameter_validation=False)

    def assert_invalid(self, message, call, **members):
        """The call is refused as invalid with this text."""
        self.assert_refused("ValidationException", 400, message, call, **members)

    def test_a_required_member_is_named_when_it_is_missing(self):
        self.assert_invalid("GetChannel.arn is a required attribute",
                            self.ivs.get_channel)
        self.assert_invalid("CreateStreamKey.channelArn is a required attribute",
                            self.ivs.create_stream_key)
        self.assert_invalid(
            "CreateRecordingConfiguration.destinationConfiguration.s3.bucketName is a "
            "required attribute", self.ivs.create_recording_configuration,
            destinationConfiguration={"s3": {}})

    def test_a_value_must_be_one_of_the_enum(self):
        self.assert_invalid(
            "CreateChannel.type must be one of BASIC, STANDARD, ADVANCED_SD, ADVANCED_HD",
            self.ivs.create_channel, type="PREMIUM")

    def test_a_value_must_match_the_pattern(self):
        self.assert_invalid("CreateChannel.name does not match pattern [a-zA-Z0-9-_]*",
                            self.ivs.create_channel, name="the lobby")
        self.assert_invalid(f"GetChannel.arn does not match pattern {CHANNEL_PATTERN}",
                            self.ivs.get_channel,
                            arn=ARN.replace("channel", "stream-key"))

    def test_a_text_must_not_be_too_long_or_too_short(self):
        self.assert_invalid("CreateChannel.name must have a length of at most 128",
                            self.ivs.create_channel, name="a" * 129)
        self.assert_invalid("GetChannel.arn must have a length of between 1 and 128",
                            self.ivs.get_channel, arn="")

    def test_a_number_must_be_within_its_bounds(self):
        for number in (0, 101, -1):
            with self.subTest(number):
                self.assert_invalid("ListChannels.maxResults must be between 1 and 100",
                                    self.ivs.list_channels, maxResults=number)

    def test_a_list_must_have_the_right_number_of_entries(self):
        for arns in ([], [ARN] * 51):
            with self.subTest(len(arns)):
                self.assert_invalid("BatchGetChannel.arns must have between 1 and 50 "
                                    "entries", self.ivs.batch_get_channel, arns=arns)

    def test_an_error_in_a_nested_member_names_its_path(self):
        self.assert_invalid(
            f"BatchGetChannel.arns[1] does not match pattern {CHANNEL_PATTERN}",
            self.ivs.batch_get_channel, arns=[ARN, "lobby"])

    def test_an_arn_in_the_path_is_checked_like_any_other(self):
        self.assert_invalid(
            "ListTagsForResource.resourceArn does not match pattern "
            "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
            self.ivs.list_tags_for_resource, resourceArn="lobby")

    def test_rules_between_members_are_checked(self):
        for members, message in (
                ({"preset": "HIGHER_BANDWIDTH_DELIVERY"}, r"CreateChannel\.preset "),
                ({"type": "BASIC", "multitrackInputConfiguration": {"enabled": True}},
                 r"CreateChannel\.multitrackInputConfiguration\.enabled ")):
            if self.known("CreateChannel", **members) != members:
                continue
            with self.subTest(message):
                with self.assertRaisesRegex(self.ivs.exceptions.ValidationException,
                                            message):
                    self.ivs.create_channel(**members)

    def test_a_member_of_the_wrong_type_is_a_serialization_error(self):
        self.assert_refused("SerializationException", 400,
                            "CreateChannel.name must be a string",
                            self.ivs.create_channel, name=5)

    def test_nothing_is_created_by_a_refused_call(self):
        with self.assertRaises(self.ivs.exceptions.ValidationException):
            self.ivs.create_channel(name="lobby", tags={"aws:a": "b"})

        self.assertEqual(self.ivs.list_channels()["channels"], [])
