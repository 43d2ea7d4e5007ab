"""Every operation that the program implements, called with boto3."""
from support.boto import Journey, media_tailor
from support.keys import KEYS
from support.server import implemented_operations


class TestEverything(Journey):
    """The whole life of all resources."""

    needs = implemented_operations()

    def setUp(self):
        super().setUp()
        self.answered = []

    def call(self, operation, member=None, **members):
        """Calls the operation. Returns the ARN of the structure `member` of the response,
        if there is one."""
        answer = getattr(self.ivs, operation)(**members)
        self.answered.append(answer["ResponseMetadata"]["RequestId"])
        return answer[member]["arn"] if member else None

    def create_all(self):
        """One resource of each kind: their ARNs, by kind. The channel refers to all of
        them."""
        made = {
            "recordingConfiguration": self.call(
                "create_recording_configuration", "recordingConfiguration",
                destinationConfiguration={"s3": {"bucketName": "demo-recordings"}}),
            "playbackRestrictionPolicy": self.call(
                "create_playback_restriction_policy", "playbackRestrictionPolicy"),
            "adConfiguration": self.call(
                "create_ad_configuration", "adConfiguration",
                mediaTailorPlaybackConfigurations=[media_tailor("ads")]),
            "failoverSlateConfiguration": self.call(
                "create_failover_slate_configuration", "failoverSlateConfiguration"),
        }
        channel = self.call("create_channel", "channel",
                            **{f"{kind}Arn": arn for kind, arn in made.items()})
        key_pair = self.call("import_playback_key_pair", "keyPair",
                             publicKeyMaterial=KEYS[0])
        return {**made, "channel": channel, "keyPair": key_pair}

    def read_all(self, made):
        """Gets and lists what was created."""
        self.call("get_recording_configuration", arn=made["recordingConfiguration"])
        self.call("get_playback_restriction_policy",
                  arn=made["playbackRestrictionPolicy"])
        self.call("get_ad_configuration", arn=made["adConfiguration"])
        self.call("get_failover_slate_configuration",
                  arn=made["failoverSlateConfiguration"])
        self.call("get_playback_key_pair", arn=made["keyPair"])
        self.call("get_channel", arn=made["channel"])
        self.call("batch_get_channel", arns=[made["channel"]])
        for name in ("recording_configurations", "playback_restriction_policies",
                     "ad_configurations", "failover_slate_configurations",
                     "playback_key_pairs", "channels"):
            self.call(f"list_{name}")

    def stream(self, channel):
        """A stream from its beginning to its end."""
        stream_id = self.go_live(channel)["streamId"]
        self.call("get_stream", channelArn=channel)
        self.call("list_streams", filterBy={"health": "HEALTHY"})
        self.call("put_metadata", channelArn=channel, metadata="hello")
        self.call("insert_ad_break", channelArn=channel, durationSeconds=30)
        self.call("stop_stream", channelArn=channel)
        self.call("list_stream_sessions", channelArn=channel)
        self.call("get_stream_session", channelArn=channel, streamId=stream_id)

    def rotate_key(self, channel):
        """The channel gets another stream key."""
        key = self.ivs.list_stream_keys(channelArn=channel)["streamKeys"][0]["arn"]
        self.call("get_stream_key", arn=key)
        self.call("batch_get_stream_key", arns=[key])
        self.call("delete_stream_key", arn=key)
        self.call("create_stream_key", "streamKey", channelArn=channel)

    def change_all(self, made):
        """Updates, tags and revokes."""
        channel = made["channel"]
        self.call("update_channel", arn=channel, name="stage")
        self.call("update_playback_restriction_policy",
                  arn=made["playbackRestrictionPolicy"], name="policy")
        self.call("update_ad_configuration", arn=made["adConfiguration"], name="ads")
        self.call("update_failover_slate_configuration",
                  arn=made["failoverSlateConfiguration"], name="slate")
        self.call("tag_resource", resourceArn=channel, tags={"a": "b", "c": "d"})
        self.call("list_tags_for_resource", resourceArn=channel)
        self.call("untag_resource", resourceArn=channel, tagKeys=["a", "c"])
        self.call("start_viewer_session_revocation", channelArn=channel, viewerId="one")
        self.call("batch_start_viewer_session_revocation",
                  viewerSessions=[{"channelArn": channel, "viewerId": "two"}])

    def delete_all(self, made):
        """Deletes everything; nothing is left."""
        self.call("delete_channel", arn=made["channel"])
        self.call("delete_recording_configuration", arn=made["recordingConfiguration"])
        self.call("delete_playback_restriction_policy",
                  arn=made["playbackRestrictionPolicy"])
        self.call("delete_ad_configuration", arn=made["adConfiguration"])
        self.call("delete_failover_slate_configuration",
                  arn=made["failoverSlateConfiguration"])
        self.call("delete_playback_key_pair", arn=made["keyPair"])

    def test_every_operation_succeeds_and_all_can_be_deleted(self):
        made = self.create_all()
        self.read_all(made)
        self.stream(made["channel"])
        self.rotate_key(made["channel"])
        self.change_all(made)
        self.delete_all(made)

        self.assertEqual(implemented_operations() - self.server.succeeded(), set())
        self.assertLessEqual(set(self.answered), {
            entry["requestId"] for entry in self.server.requests()})
        for name, member in (
                ("recording_configurations", "recordingConfigurations"),
                ("playback_restriction_policies", "playbackRestrictionPolicies"),
                ("ad_configurations", "adConfigurations"),
                ("failover_slate_configurations", "failoverSlateConfigurations"),
                ("playback_key_pairs", "keyPairs"), ("channels", "channels"),
                ("streams", "streams")):
            self.assertEqual(getattr(self.ivs, f"list_{name}")()[member], [], name)
