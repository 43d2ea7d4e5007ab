"""Channels and their stream keys, with boto3."""
from support.boto import Journey

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
UNKNOWN_KEY = "arn:aws:ivs:us-east-1:000000000000:stream-key/abcdABCDefgh"
POLICY = "arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/abcdABCDefgh"
ADS = "arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh"


class TestChannels(Journey):
    """From creation to deletion."""

    def test_a_channel_without_any_member_has_the_defaults(self):
        answer = self.ivs.create_channel()

        self.assert_shows(
            "CreateChannel", "channel", answer, name="", latencyMode="LOW",
            type="STANDARD", authorized=False, insecureIngest=False, preset="",
            recordingConfigurationArn="", playbackRestrictionPolicyArn="",
            adConfigurationArn="", containerFormat="TS", tags={},
            multitrackInputConfiguration={
                "enabled": False, "policy": "ALLOW", "maximumResolution": "FULL_HD"})
        self.assertRegex(answer["channel"]["arn"],
                         r"^arn:aws:ivs:us-east-1:000000000000:channel/[A-Za-z0-9]{12}$")
        self.assertTrue(answer["channel"]["playbackUrl"].startswith(self.server.url))
        self.assertEqual(answer["channel"]["ingestEndpoint"], "127.0.0.1")

    def test_a_new_channel_has_one_stream_key(self):
        answer = self.ivs.create_channel(tags={"team": "video"})

        key = answer["streamKey"]
        self.assertEqual(key["channelArn"], answer["channel"]["arn"])
        self.assertEqual(key["tags"], {})
        self.assertRegex(key["value"], r"^sk_us-east-1_[A-Za-z0-9]{12}_[A-Za-z0-9]{30}$")
        self.assertEqual(self.ivs.get_stream_key(arn=key["arn"])["streamKey"], key)

    def test_a_channel_with_every_member_is_read_back_as_sent(self):
        recording = self.create_configuration()["arn"]
        sent = self.known(
            "CreateChannel", name="lobby", latencyMode="NORMAL", type="STANDARD",
            authorized=True, insecureIngest=True, recordingConfigurationArn=recording,
            containerFormat="FRAGMENTED_MP4", tags={"team": "video"},
            multitrackInputConfiguration={"enabled": True, "policy": "REQUIRE",
                                          "maximumResolution": "HD"})

        created = self.ivs.create_channel(**sent)
        read = self.ivs.get_channel(arn=created["channel"]["arn"])

        self.assert_shows("GetChannel", "channel", read, **sent)
        self.assertEqual(read["channel"], created["channel"])

    def test_an_advanced_channel_accepts_a_preset(self):
        sent = self.known("CreateChannel", type="ADVANCED_SD",
                          preset="CONSTRAINED_BANDWIDTH_DELIVERY")

        created = self.ivs.create_channel(**sent)

        self.assert_shows("CreateChannel", "channel", created, **sent)

    def test_an_update_changes_only_the_given_members(self):
        before = self.create_channel(name="lobby", authorized=True)

        updated = self.ivs.update_channel(arn=before["arn"], latencyMode="NORMAL")

        self.assertEqual(updated["channel"], {**before, "latencyMode": "NORMAL"})
        self.assertEqual(self.ivs.get_channel(arn=before["arn"])["channel"],
                         updated["channel"])
        self.assertNotIn("streamKey", updated)

    def test_an_update_can_set_members_to_false(self):
        arn = self.create_channel(authorized=True)["arn"]

        updated = self.ivs.update_channel(arn=arn, authorized=False)

        self.assertIs(updated["channel"]["authorized"], False)

    def test_an_empty_arn_detaches_the_recording_configuration(self):
        recording = self.create_configuration()["arn"]
        arn = self.create_channel(recordingConfigurationArn=recording)["arn"]

        updated = self.ivs.update_channel(arn=arn, recordingConfigurationArn="")

        self.assertEqual(updated["channel"]["recordingConfigurationArn"], "")
        self.ivs.delete_recording_configuration(arn=recording)

    def test_a_deleted_channel_is_gone_with_its_stream_key(self):
        created = self.ivs.create_channel()
        arn, key = created["channel"]["arn"], created["streamKey"]["arn"]

        deleted = self.ivs.delete_channel(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        for call, gone in ((self.ivs.get_channel, arn), (self.ivs.delete_channel, arn),
                           (self.ivs.get_stream_key, key)):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {gone} not found", call, arn=gone)

    def test_a_batch_returns_the_channels_and_names_the_missing_ones(self):
        channels = [self.create_channel(name=f"channel-{i}") for i in range(3)]

        answer = self.ivs.batch_get_channel(
            arns=[channels[2]["arn"], UNKNOWN, channels[0]["arn"]])

        self.assertCountEqual(answer["channels"], [channels[0], channels[2]])
        self.assertEqual(answer["errors"], [
            {"arn": UNKNOWN, "code": "404", "message": f"Resource: {UNKNOWN} not found"}])

    def test_a_batch_of_stream_keys_returns_their_values(self):
        keys = [self.ivs.create_channel()["streamKey"] for _ in range(2)]

        answer = self.ivs.batch_get_stream_key(
            arns=[keys[0]["arn"], UNKNOWN_KEY, keys[1]["arn"]])

        self.assertCountEqual(answer["streamKeys"], keys)
        self.assertEqual([error["arn"] for error in answer["errors"]], [UNKNOWN_KEY])

    def test_a_second_stream_key_is_over_the_quota_until_the_first_is_deleted(self):
        created = self.ivs.create_channel()
        arn, first = created["channel"]["arn"], created["streamKey"]

        self.assert_refused("ServiceQuotaExceededException", 402,
                            "Service quota exceeded: 1 stream key per channel",
                            self.ivs.create_stream_key, channelArn=arn)
        self.ivs.delete_stream_key(arn=first["arn"])
        second = self.ivs.create_stream_key(channelArn=arn, tags={"a": "b"})["streamKey"]

        self.assertNotEqual(second["value"], first["value"])
        self.assertEqual(second["tags"], {"a": "b"})
        self.assertEqual(self.ivs.list_stream_keys(channelArn=arn)["streamKeys"], [
            {"arn": second["arn"], "channelArn": arn, "tags": {"a": "b"}}])


class TestLists(Journey):
    """Pages and filters."""

    def names(self, **members):
        """The names of all channels that the paginator finds."""
        pages = self.ivs.get_paginator("list_channels").paginate(**members)
        return [channel["name"] for page in pages for channel in page["channels"]]

    def test_the_paginator_finds_every_channel_once_in_order(self):
        names = [f"channel-{i}" for i in range(7)]
        for name in names:
            self.create_channel(name=name)

        pages = list(self.ivs.get_paginator("list_channels").paginate(
            PaginationConfig={"PageSize": 3}))

        self.assertEqual([len(page["channels"]) for page in pages], [3, 3, 1])
        self.assertEqual([c["name"] for page in pages for c in page["channels"]], names)

    def test_the_paginator_continues_at_its_resume_token(self):
        for i in range(5):
            self.create_channel(name=f"channel-{i}")
        paginator = self.ivs.get_paginator("list_channels")

        first = paginator.paginate(
            PaginationConfig={"MaxItems": 2, "PageSize": 2}).build_full_result()
        rest = paginator.paginate(PaginationConfig={
            "PageSize": 2, "StartingToken": first["NextToken"]}).build_full_result()

        self.assertEqual([c["name"] for c in first["channels"]],
                         ["channel-0", "channel-1"])
        self.assertEqual([c["name"] for c in rest["channels"]],
                         ["channel-2", "channel-3", "channel-4"])

    def test_a_filter_by_name_finds_the_whole_name_across_pages(self):
        for name in ("lobby", "lobby-2", "stage", "lobby", "lobby"):
            self.create_channel(name=name)

        found = self.names(filterByName="lobby", PaginationConfig={"PageSize": 2})

        self.assertEqual(found, ["lobby"] * 3)

    def test_a_filter_by_recording_configuration_finds_its_channels(self):
        arn = self.create_configuration()["arn"]
        self.create_channel(name="quiet")
        self.create_channel(name="recorded", recordingConfigurationArn=arn)

        self.assertEqual(self.names(filterByRecordingConfigurationArn=arn), ["recorded"])

    def test_a_filter_by_an_unused_configuration_finds_nothing(self):
        self.create_channel()

        for members in ({"filterByPlaybackRestrictionPolicyArn": POLICY},
                        {"filterByAdConfigurationArn": ADS}):
            with self.subTest(**members):
                sent = self.known("ListChannels", **members)
                if sent:
                    self.assertEqual(self.names(**sent), [])

    def test_two_filters_at_once_are_a_conflict(self):
        arn = self.create_configuration()["arn"]

        self.assert_refused("ConflictException", 409,
                            "ListChannels takes only one of its filters at a time",
                            self.ivs.list_channels, filterByName="lobby",
                            filterByRecordingConfigurationArn=arn)

    def test_a_token_of_another_list_is_refused(self):
        for _ in range(2):
            self.create_channel(name="lobby")
        token = self.ivs.list_channels(maxResults=1)["nextToken"]

        self.assert_refused("ValidationException", 400,
                            "ListChannels.nextToken is not valid for this list",
                            self.ivs.list_channels, nextToken=token, filterByName="lobby")

    def test_the_paginators_of_the_other_lists_find_everything(self):
        configurations = [self.create_configuration(name=f"c-{i}")["arn"]
                          for i in range(5)]
        created = self.ivs.create_channel()
        arn = created["channel"]["arn"]

        found = self.ivs.get_paginator("list_recording_configurations").paginate(
            PaginationConfig={"PageSize": 2}).build_full_result()
        keys = self.ivs.get_paginator("list_stream_keys").paginate(
            channelArn=arn).build_full_result()

        self.assertEqual([c["arn"] for c in found["recordingConfigurations"]],
                         configurations)
        self.assertEqual([key["arn"] for key in keys["streamKeys"]],
                         [created["streamKey"]["arn"]])
        self.assertNotIn("value", keys["streamKeys"][0])
