"""Recording configurations, with boto3."""
from support.boto import Journey


class TestRecordingConfigurations(Journey):
    """From CREATING to deletion."""

    def test_a_configuration_is_created_with_the_defaults(self):
        answer = self.ivs.create_recording_configuration(
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}})

        self.assert_shows(
            "CreateRecordingConfiguration", "recordingConfiguration", answer, name="",
            state="CREATING", tags={}, recordingReconnectWindowSeconds=0,
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}},
            renditionConfiguration={"renditionSelection": "ALL", "renditions": []})
        thumbnails = answer["recordingConfiguration"]["thumbnailConfiguration"]
        self.assertEqual(thumbnails["recordingMode"], "INTERVAL")
        self.assertEqual(thumbnails["targetIntervalSeconds"], 60)

    def test_a_configuration_becomes_active(self):
        created = self.create_configuration(name="films", tags={"team": "video"})

        settled = self.settled_configuration(created["arn"])

        self.assertEqual(created["state"], "CREATING")
        self.assertEqual(settled, {**created, "state": "ACTIVE"})

    def test_a_configuration_for_an_unusable_bucket_fails_to_be_created(self):
        created = self.create_configuration("any-bucket-create-failed")

        settled = self.settled_configuration(created["arn"])

        self.assertEqual(created["state"], "CREATING")
        self.assertEqual(settled["state"], "CREATE_FAILED")

    def test_every_member_is_read_back_as_sent(self):
        sent = self.known(
            "CreateRecordingConfiguration", name="films", tags={"team": "video"},
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}},
            thumbnailConfiguration={"recordingMode": "INTERVAL",
                                    "targetIntervalSeconds": 5},
            recordingReconnectWindowSeconds=60,
            renditionConfiguration={"renditionSelection": "CUSTOM",
                                    "renditions": ["HD", "SD"]})

        created = self.ivs.create_recording_configuration(**sent)
        read = self.ivs.get_recording_configuration(
            arn=created["recordingConfiguration"]["arn"])

        thumbnails = sent.pop("thumbnailConfiguration")
        self.assert_shows("GetRecordingConfiguration", "recordingConfiguration", read,
                          **sent)
        shown = read["recordingConfiguration"]["thumbnailConfiguration"]
        self.assertEqual({name: shown[name] for name in thumbnails}, thumbnails)

    def test_a_list_shows_summaries(self):
        created = self.create_configuration(name="films", tags={"team": "video"})
        settled = self.settled_configuration(created["arn"])

        listed = self.ivs.list_recording_configurations()["recordingConfigurations"]

        self.assertEqual(listed, [{name: settled[name] for name in (
            "arn", "name", "destinationConfiguration", "state", "tags")}])

    def test_a_configuration_in_use_cannot_be_deleted(self):
        arn = self.create_configuration()["arn"]
        channel = self.create_channel(recordingConfigurationArn=arn)["arn"]

        self.assert_refused("ConflictException", 409,
                            f"Resource: {arn} is in use by a channel",
                            self.ivs.delete_recording_configuration, arn=arn)
        self.ivs.delete_channel(arn=channel)
        deleted = self.ivs.delete_recording_configuration(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        self.assert_refused("ResourceNotFoundException", 404,
                            f"Resource: {arn} not found",
                            self.ivs.get_recording_configuration, arn=arn)

    def test_the_quota_limits_the_number_of_configurations(self):
        for _ in range(20):
            self.create_configuration()

        self.assert_refused(
            "ServiceQuotaExceededException", 402,
            "Service quota exceeded: 20 recording configurations per region",
            self.create_configuration)
