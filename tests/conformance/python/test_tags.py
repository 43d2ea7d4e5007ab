"""Tags through the operations that carry the ARN in their path, with boto3."""
from support.boto import Journey, skip_without
from support.keys import KEYS

UNUSUAL = {
    "Größe": "über alles",
    "名前": "配信 チャンネル",
    "with space": " both  ends ",
    "a+b=c@d:e/f.g_h-i": "+/=@:._-",
    "path/../to": "x/../y",
    "empty": "",
}
UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"


class TestTags(Journey):
    """Every kind of resource that has tags."""

    def tags(self, arn):
        """The tags of a resource in the response of its own Get operation."""
        return self.ivs.list_tags_for_resource(resourceArn=arn)["tags"]

    def test_unusual_characters_are_returned_unchanged(self):
        arn = self.create_channel()["arn"]

        self.ivs.tag_resource(resourceArn=arn, tags=UNUSUAL)

        self.assertEqual(self.tags(arn), UNUSUAL)
        self.assertEqual(self.ivs.get_channel(arn=arn)["channel"]["tags"], UNUSUAL)
        self.assertEqual(self.ivs.list_channels()["channels"][0]["tags"], UNUSUAL)

    def test_unusual_keys_are_removed_one_by_one(self):
        arn = self.create_channel(tags=UNUSUAL)["arn"]
        left = dict(UNUSUAL)

        for key in UNUSUAL:
            self.ivs.untag_resource(resourceArn=arn, tagKeys=[key])
            left.pop(key)
            self.assertEqual(self.tags(arn), left)

    def test_several_keys_are_removed_at_once(self):
        arn = self.create_channel(tags={**UNUSUAL, "stays": "here"})["arn"]

        self.ivs.untag_resource(resourceArn=arn, tagKeys=[*UNUSUAL, "never there"])

        self.assertEqual(self.tags(arn), {"stays": "here"})

    def test_a_percent_sign_is_refused_in_keys_and_values(self):
        arn = self.create_channel()["arn"]

        self.assert_refused("ValidationException", 400,
                            "TagResource.tags key does not match pattern "
                            r"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)",
                            self.ivs.tag_resource, resourceArn=arn, tags={"100%": "x"})
        self.assert_refused("ValidationException", 400,
                            "TagResource.tags.key does not match pattern "
                            r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
                            self.ivs.tag_resource, resourceArn=arn, tags={"key": "%25"})
        self.assert_refused("ValidationException", 400,
                            "UntagResource.tagKeys[0] does not match pattern "
                            r"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)",
                            self.ivs.untag_resource, resourceArn=arn, tagKeys=["%2B"])

    def test_new_tags_are_merged_into_the_old_ones(self):
        arn = self.create_channel(tags={"a": "1", "b": "2"})["arn"]

        self.ivs.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})

        self.assertEqual(self.tags(arn), {"a": "1", "b": "3", "c": "4"})

    def assert_takes_tags(self, *arns):
        """The resources can be tagged and show their tags."""
        for arn in arns:
            with self.subTest(arn):
                self.ivs.tag_resource(resourceArn=arn, tags={"arn": arn})
                self.assertEqual(self.tags(arn), {"arn": arn})

    def test_channels_keys_and_configurations_can_be_tagged(self):
        created = self.ivs.create_channel()
        pair = self.ivs.import_playback_key_pair(publicKeyMaterial=KEYS[0])["keyPair"]

        self.assert_takes_tags(created["channel"]["arn"], created["streamKey"]["arn"],
                               self.create_configuration()["arn"], pair["arn"])

    def test_the_resources_that_channels_refer_to_can_be_tagged(self):
        skip_without("CreatePlaybackRestrictionPolicy", "CreateAdConfiguration",
                     "CreateFailoverSlateConfiguration")
        policy = self.ivs.create_playback_restriction_policy()
        slate = self.ivs.create_failover_slate_configuration()

        self.assert_takes_tags(policy["playbackRestrictionPolicy"]["arn"],
                               slate["failoverSlateConfiguration"]["arn"],
                               self.create_ads()["arn"])

    def test_a_resource_has_fifty_tags_at_most(self):
        arn = self.create_channel(tags={f"key-{i}": "" for i in range(50)})["arn"]

        self.assert_refused(
            "ValidationException", 400,
            "TagResource.tags must leave the resource with at most 50 tags",
            self.ivs.tag_resource, resourceArn=arn, tags={"key-50": ""})
        self.assertEqual(len(self.tags(arn)), 50)

    def test_reserved_keys_are_refused(self):
        arn = self.create_channel()["arn"]

        self.assert_refused("ValidationException", 400,
                            "TagResource.tags key AWS:x is reserved: it begins with aws:",
                            self.ivs.tag_resource, resourceArn=arn, tags={"AWS:x": "y"})

    def test_tags_of_an_unknown_resource_are_not_found(self):
        says = ("ResourceNotFoundException", 404, f"Resource: {UNKNOWN} not found")

        self.assert_refused(*says, self.ivs.list_tags_for_resource, resourceArn=UNKNOWN)
        self.assert_refused(*says, self.ivs.tag_resource, resourceArn=UNKNOWN,
                            tags={"a": "b"})
        self.assert_refused(*says, self.ivs.untag_resource, resourceArn=UNKNOWN,
                            tagKeys=["a"])
