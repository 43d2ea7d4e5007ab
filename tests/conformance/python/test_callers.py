"""Accounts and regions side by side on one server, with boto3."""
from support.boto import Journey, client

ACCOUNTS = ("111111111111", "222222222222")
REGIONS = ("us-east-1", "eu-west-1")


class TestCallers(Journey):
    """The caller determines which resources exist."""

    def setUp(self):
        super().setUp()
        self.clients = {(account, region): client(self.server, region, account)
                        for account in ACCOUNTS for region in REGIONS}

    def test_two_accounts_in_two_regions_see_only_their_own_channels(self):
        made = {caller: ivs.create_channel(name="-".join(caller))["channel"]
                for caller, ivs in self.clients.items()}

        for caller, ivs in self.clients.items():
            account, region = caller
            with self.subTest(caller):
                listed = ivs.list_channels()["channels"]
                self.assertEqual([channel["name"] for channel in listed],
                                 ["-".join(caller)])
                self.assertTrue(made[caller]["arn"].startswith(
                    f"arn:aws:ivs:{region}:{account}:channel/"))
                self.assertIn(f"/{region}.{account}.channel.",
                              made[caller]["playbackUrl"])

    def test_no_operation_finds_a_resource_of_another_caller(self):
        owner, *others = self.clients.values()
        created = owner.create_channel(tags={"team": "video"})
        arn, key = created["channel"]["arn"], created["streamKey"]["arn"]

        for ivs in others:
            for call, gone, members in (
                    (ivs.get_channel, arn, {"arn": arn}),
                    (ivs.update_channel, arn, {"arn": arn, "name": "mine"}),
                    (ivs.delete_channel, arn, {"arn": arn}),
                    (ivs.get_stream_key, key, {"arn": key}),
                    (ivs.list_stream_keys, arn, {"channelArn": arn}),
                    (ivs.list_tags_for_resource, arn, {"resourceArn": arn}),
                    (ivs.untag_resource, arn, {"resourceArn": arn, "tagKeys": ["team"]})):
                with self.assertRaises(ivs.exceptions.ResourceNotFoundException) as error:
                    call(**members)
                self.assertEqual(error.exception.response["Error"]["Message"],
                                 f"Resource: {gone} not found")
        self.assertEqual(owner.get_channel(arn=arn)["channel"], created["channel"])

    def test_no_operation_finds_a_stream_of_another_caller(self):
        owner, *others = self.clients.values()
        arn = owner.create_channel()["channel"]["arn"]
        self.go_live(arn)

        for ivs in others:
            for call, members in ((ivs.get_stream, {}), (ivs.stop_stream, {}),
                                  (ivs.put_metadata, {"metadata": "x"}),
                                  (ivs.get_stream_session, {}),
                                  (ivs.list_stream_sessions, {})):
                with self.assertRaises(ivs.exceptions.ResourceNotFoundException) as error:
                    call(channelArn=arn, **members)
                self.assertEqual(error.exception.response["Error"]["Message"],
                                 f"Resource: {arn} not found")
            self.assertEqual(ivs.list_streams()["streams"], [])
        self.assertEqual([stream["channelArn"] for stream in
                          owner.list_streams()["streams"]], [arn])

    def test_a_batch_does_not_reach_across_callers(self):
        owner, other = list(self.clients.values())[:2]
        arn = owner.create_channel()["channel"]["arn"]

        answer = other.batch_get_channel(arns=[arn])

        self.assertEqual(answer["channels"], [])
        self.assertEqual([error["arn"] for error in answer["errors"]], [arn])

    def test_a_quota_is_counted_for_each_caller(self):
        first, second = list(self.clients.values())[:2]
        bucket = {"s3": {"bucketName": "demo-recordings"}}
        for _ in range(20):
            first.create_recording_configuration(destinationConfiguration=bucket)

        with self.assertRaises(first.exceptions.ServiceQuotaExceededException):
            first.create_recording_configuration(destinationConfiguration=bucket)
        second.create_recording_configuration(destinationConfiguration=bucket)

    def test_an_access_key_that_is_not_an_account_means_the_default_one(self):
        arn = client(self.server, account="AKIAIOSFODNN7EXAMPLE").create_channel()[
            "channel"]["arn"]

        self.assertEqual(self.ivs.get_channel(arn=arn)["channel"]["arn"], arn)
        self.assertIn(":000000000000:", arn)
