"""Every operation that the program answers, called with boto3."""
from support.boto import Journey
from support.server import implemented_operations


class TestEverything(Journey):
    """One life of all resources."""

    def test_every_operation_succeeds_and_all_can_be_deleted(self):
        ivs = self.ivs

        recording = self.create_configuration(name="films")["arn"]
        self.settled_configuration(recording)
        created = ivs.create_channel(name="lobby", recordingConfigurationArn=recording)
        channel, key = created["channel"]["arn"], created["streamKey"]["arn"]
        answers = [
            ivs.get_channel(arn=channel),
            ivs.batch_get_channel(arns=[channel]),
            ivs.list_channels(filterByName="lobby"),
            ivs.update_channel(arn=channel, recordingConfigurationArn=""),
            ivs.get_stream_key(arn=key),
            ivs.batch_get_stream_key(arns=[key]),
            ivs.list_stream_keys(channelArn=channel),
            ivs.list_recording_configurations(),
            ivs.tag_resource(resourceArn=channel, tags={"a": "b", "c": "d"}),
            ivs.list_tags_for_resource(resourceArn=channel),
            ivs.untag_resource(resourceArn=channel, tagKeys=["a", "c"]),
            ivs.delete_stream_key(arn=key),
            ivs.create_stream_key(channelArn=channel),
            ivs.delete_channel(arn=channel),
            ivs.delete_recording_configuration(arn=recording),
        ]

        requests = self.server.control("ListRequests")["requests"]
        ids = {entry["requestId"] for entry in requests}
        for answer in answers:
            self.assertIn(answer["ResponseMetadata"]["RequestId"], ids)
        self.assertEqual(self.server.succeeded(), implemented_operations())
        self.assertEqual(ivs.list_channels()["channels"], [])
        self.assertEqual(
            ivs.list_recording_configurations()["recordingConfigurations"], [])
