"""
The calls of the Terraform provider's IVS resources in their order, with boto3: what it
polls for, and what it compares, as its source says.
"""
from support.boto import Journey
from support.keys import KEYS, fingerprint


class TestTerraform(Journey):
    """terraform apply, change, apply, destroy."""

    def wait_until_gone(self, get, arn):
        """Polls as after a delete: only a typed not-found ends it."""
        with self.assertRaises(self.ivs.exceptions.ResourceNotFoundException):
            get(arn=arn)

    def read_channel(self, arn):
        """The read of a channel: the resource, then its tags."""
        channel = self.ivs.get_channel(arn=arn)["channel"]
        tags = self.ivs.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(channel["tags"], tags)
        return channel

    def create_channel(self, **members):
        """Create, then two reads in a row that find it, then the read."""
        self.assertIn("channels", self.ivs.list_channels())
        arn = self.ivs.create_channel(**members)["channel"]["arn"]
        for _ in range(2):
            self.assertEqual(self.ivs.get_channel(arn=arn)["channel"]["arn"], arn)
        return self.read_channel(arn)

    def create_recording_configuration(self, **members):
        """Create, then polled until it is ACTIVE twice in a row, then the read."""
        arn = self.ivs.create_recording_configuration(
            **members)["recordingConfiguration"]["arn"]
        self.assertEqual(self.settled_configuration(arn)["state"], "ACTIVE")
        read = self.ivs.get_recording_configuration(arn=arn)["recordingConfiguration"]
        tags = self.ivs.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual((read["state"], read["tags"]), ("ACTIVE", tags))
        return read

    def test_an_empty_channel_block_is_applied(self):
        channel = self.create_channel()

        for computed in ("arn", "ingestEndpoint", "playbackUrl"):
            self.assertTrue(channel[computed])
        self.assertEqual(
            (channel["authorized"], channel["latencyMode"], channel["type"]),
            (False, "LOW", "STANDARD"))

    def test_a_channel_is_updated_in_place(self):
        channel = self.create_channel(name="lobby", tags={"old": "1", "kept": "2"})
        arn = channel["arn"]
        changed = {"authorized": True, "latencyMode": "NORMAL", "type": "BASIC"}

        self.ivs.untag_resource(resourceArn=arn, tagKeys=["old"])
        self.ivs.tag_resource(resourceArn=arn, tags={"kept": "3"})
        self.ivs.update_channel(arn=arn, **changed)
        read = self.read_channel(arn)

        self.assertEqual(read, {**channel, **changed, "tags": {"kept": "3"}})

    def test_a_channel_that_disappears_is_noticed(self):
        arn = self.create_channel()["arn"]

        self.ivs.delete_channel(arn=arn)

        self.wait_until_gone(self.ivs.get_channel, arn)
        with self.assertRaises(self.ivs.exceptions.ResourceNotFoundException):
            self.ivs.delete_channel(arn=arn)

    def test_a_recording_configuration_echoes_its_computed_blocks(self):
        read = self.create_recording_configuration(
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}})

        self.assertEqual(read["recordingReconnectWindowSeconds"], 0)
        self.assertEqual(read["thumbnailConfiguration"]["recordingMode"], "INTERVAL")
        self.assertEqual(read["thumbnailConfiguration"]["targetIntervalSeconds"], 60)

    def test_a_channel_with_its_recording_is_applied_and_destroyed(self):
        recording = self.create_recording_configuration(
            name="films", tags={"Name": "films"},
            destinationConfiguration={"s3": {"bucketName": "demo-recordings"}})["arn"]
        channel = self.create_channel(recordingConfigurationArn=recording)

        self.ivs.delete_channel(arn=channel["arn"])
        self.wait_until_gone(self.ivs.get_channel, channel["arn"])
        self.ivs.delete_recording_configuration(arn=recording)
        self.wait_until_gone(self.ivs.get_recording_configuration, recording)

        self.assertEqual(channel["recordingConfigurationArn"], recording)

    def test_the_stream_key_data_source_finds_the_key_of_a_channel(self):
        created = self.ivs.create_channel(name="lobby")

        listed = self.ivs.list_stream_keys(channelArn=created["channel"]["arn"])
        key = self.ivs.get_stream_key(arn=listed["streamKeys"][0]["arn"])["streamKey"]

        self.assertEqual(key, created["streamKey"])

    def import_key_pair(self, **members):
        """Import, then two reads in a row that find it, then the read."""
        arn = self.ivs.import_playback_key_pair(**members)["keyPair"]["arn"]
        for _ in range(2):
            self.assertEqual(self.ivs.get_playback_key_pair(arn=arn)["keyPair"]["arn"],
                             arn)
        read = self.ivs.get_playback_key_pair(arn=arn)["keyPair"]
        tags = self.ivs.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(read["tags"], tags)
        return read

    def test_a_playback_key_pair_is_applied_replaced_and_destroyed(self):
        first = self.import_key_pair(publicKeyMaterial=KEYS[0], name="door",
                                     tags={"Name": "door"})

        self.ivs.delete_playback_key_pair(arn=first["arn"])
        self.wait_until_gone(self.ivs.get_playback_key_pair, first["arn"])
        second = self.import_key_pair(publicKeyMaterial=KEYS[1], name="door")
        self.ivs.tag_resource(resourceArn=second["arn"], tags={"Name": "window"})
        self.ivs.delete_playback_key_pair(arn=second["arn"])
        self.wait_until_gone(self.ivs.get_playback_key_pair, second["arn"])

        self.assertEqual((first["name"], first["tags"], first["fingerprint"]),
                         ("door", {"Name": "door"}, fingerprint(KEYS[0])))
        self.assertEqual(second["fingerprint"], fingerprint(KEYS[1]))
        self.assertNotEqual(second["arn"], first["arn"])
