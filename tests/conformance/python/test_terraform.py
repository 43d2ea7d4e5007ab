"""
The calls of the Terraform provider's IVS resources in their order, with boto3: what it
polls for, and what it compares, as its source says.
"""
from support.boto import ChatJourney, Journey, without_metadata
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


class TestTerraformChat(ChatJourney):
    """The same for aws_ivschat_room and aws_ivschat_logging_configuration."""

    def read(self, get, arn):
        """The resource, then its tags."""
        read = without_metadata(get(identifier=arn))
        tags = self.chat.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(read["tags"], tags)
        return read

    def create_room(self, **members):
        """Create, then two reads in a row that find it, then the read."""
        self.assertIn("rooms", self.chat.list_rooms())
        arn = self.chat.create_room(**members)["arn"]
        for _ in range(2):
            self.assertEqual(self.chat.get_room(identifier=arn)["arn"], arn)
        return self.read(self.chat.get_room, arn)

    def update_room(self, arn, member, value):
        """Update one member, then reads until it has the new value, then the read."""
        self.chat.update_room(identifier=arn, **{member: value})
        self.assertEqual(self.chat.get_room(identifier=arn).get(member, []), value)
        return self.read(self.chat.get_room, arn)

    def create_configuration(self, **members):
        """Create, then polled until it is ACTIVE twice in a row, then the read."""
        self.assertIn("loggingConfigurations", self.chat.list_logging_configurations())
        arn = self.chat.create_logging_configuration(**members)["arn"]
        self.assertEqual(self.settled_logging(arn)["state"], "ACTIVE")
        return self.read(self.chat.get_logging_configuration, arn)

    def delete_configuration(self, arn):
        """Delete, then polled while it is DELETING or ACTIVE until it is not found."""
        self.chat.delete_logging_configuration(identifier=arn)
        with self.assertRaises(self.chat.exceptions.ResourceNotFoundException):
            while self.chat.get_logging_configuration(identifier=arn)["state"] in (
                    "DELETING", "ACTIVE"):
                pass

    def delete_room(self, arn):
        """Delete, then polled until it is not found."""
        self.chat.delete_room(identifier=arn)
        with self.assertRaises(self.chat.exceptions.ResourceNotFoundException):
            self.chat.get_room(identifier=arn)

    def test_an_empty_room_block_is_applied(self):
        room = self.create_room()

        self.assertEqual((room["maximumMessageLength"], room["maximumMessageRatePerSecond"]),
                         (500, 10))
        self.assertNotIn("messageReviewHandler", room)
        self.assertEqual(room.get("loggingConfigurationIdentifiers", []), [])
        self.delete_room(room["arn"])

    def test_a_room_is_updated_in_place(self):
        room = self.create_room(name="lobby", tags={"old": "1", "kept": "2"})
        arn = room["arn"]
        handler = {"uri": "arn:aws:lambda:us-east-1:000000000000:function:review",
                   "fallbackResult": "ALLOW"}

        self.chat.untag_resource(resourceArn=arn, tagKeys=["old"])
        self.chat.tag_resource(resourceArn=arn, tags={"kept": "3"})
        self.update_room(arn, "maximumMessageLength", 100)
        with_handler = self.update_room(arn, "messageReviewHandler", handler)
        without = self.update_room(arn, "messageReviewHandler",
                                   {"uri": "", "fallbackResult": "ALLOW"})

        self.assertEqual({**with_handler, "updateTime": None}, {
            **room, "maximumMessageLength": 100, "messageReviewHandler": handler,
            "tags": {"kept": "3"}, "updateTime": None})
        self.assertEqual(without["messageReviewHandler"]["uri"], "")

    def test_a_room_that_disappears_is_noticed(self):
        arn = self.create_room()["arn"]

        self.delete_room(arn)

        with self.assertRaises(self.chat.exceptions.ResourceNotFoundException):
            self.chat.delete_room(identifier=arn)

    def test_a_room_with_its_logging_is_applied_and_destroyed(self):
        configurations = [self.create_configuration(
            name=bucket, destinationConfiguration={"s3": {"bucketName": bucket}},
            tags={"Name": bucket})["arn"] for bucket in ("messages", "more-messages")]
        room = self.create_room(loggingConfigurationIdentifiers=configurations)

        self.assertEqual(room["loggingConfigurationIdentifiers"], configurations)
        self.update_room(room["arn"], "loggingConfigurationIdentifiers", configurations[1:])
        self.delete_configuration(configurations[0])
        self.update_room(room["arn"], "loggingConfigurationIdentifiers", [])
        self.delete_room(room["arn"])
        self.delete_configuration(configurations[1])

    def test_the_destination_of_a_logging_configuration_is_updated_in_place(self):
        arn = self.create_configuration(
            destinationConfiguration={"s3": {"bucketName": "messages"}})["arn"]
        destination = {"cloudWatchLogs": {"logGroupName": "/chat/messages"}}

        self.chat.update_logging_configuration(identifier=arn,
                                               destinationConfiguration=destination)
        self.assertEqual(self.settled_logging(arn)["state"], "ACTIVE")

        read = self.read(self.chat.get_logging_configuration, arn)
        self.assertEqual(read["destinationConfiguration"], destination)
        self.delete_configuration(arn)
