"""Viewer session revocations, with boto3."""
from support.boto import Journey

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"


class TestRevocations(Journey):
    """One viewer, or several at once."""

    needs = ("StartViewerSessionRevocation", "BatchStartViewerSessionRevocation")

    def test_a_viewer_of_any_channel_can_be_revoked_repeatedly(self):
        for authorized in (True, False):
            arn = self.create_channel(authorized=authorized)["arn"]
            for version in ({}, {"viewerSessionVersionsLessThanOrEqualTo": 7}):
                with self.subTest(authorized=authorized, **version):
                    answer = self.ivs.start_viewer_session_revocation(
                        channelArn=arn, viewerId="viewer", **version)

                    del answer["ResponseMetadata"]
                    self.assertEqual(answer, {})

    def test_a_batch_names_the_viewers_of_unknown_channels(self):
        arn = self.create_channel()["arn"]

        answer = self.ivs.batch_start_viewer_session_revocation(viewerSessions=[
            {"channelArn": arn, "viewerId": "one"},
            {"channelArn": UNKNOWN, "viewerId": "two"},
            {"channelArn": arn, "viewerId": "three",
             "viewerSessionVersionsLessThanOrEqualTo": 3}])

        self.assertEqual(answer["errors"], [
            {"channelArn": UNKNOWN, "viewerId": "two", "code": "404",
             "message": f"Resource: {UNKNOWN} not found"}])

    def test_an_unknown_channel_has_no_viewers(self):
        self.assert_refused("ResourceNotFoundException", 404,
                            f"Resource: {UNKNOWN} not found",
                            self.ivs.start_viewer_session_revocation,
                            channelArn=UNKNOWN, viewerId="viewer")

    def test_the_id_of_a_viewer_has_forty_characters_at_most(self):
        arn = self.create_channel()["arn"]

        self.assert_refused(
            "ValidationException", 400,
            "StartViewerSessionRevocation.viewerId must have a length of between 1 and "
            "40", self.ivs.start_viewer_session_revocation, channelArn=arn,
            viewerId="v" * 41)
