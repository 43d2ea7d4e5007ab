"""Logs of chat rooms in another emulator (moto): its S3, CloudWatch Logs and Firehose."""
import gzip
import json
import re
import time
import unittest

from support.boto import client
from support.moto import Moto
from support.server import Server

REGION = "eu-west-1"
ACCOUNT = "111122223333"

# A test that would wait forever fails instead.
ATTEMPTS, PAUSE_SECONDS = 300, 0.1


def until(found):
    """What the function returns as soon as that is not empty."""
    for _ in range(ATTEMPTS):
        result = found()
        if result:
            return result
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("nothing was written")


class TestChatLogs(unittest.TestCase):
    """A room whose events are logged."""

    def setUp(self):
        self.moto = Moto(REGION, ACCOUNT)
        self.addCleanup(self.moto.stop)
        self.server = Server("--aws-endpoint", self.moto.url, "--transitions", "0")
        self.addCleanup(self.server.stop)
        self.chat = client(self.server, REGION, ACCOUNT, "ivschat")

    def create_bucket(self, name):
        """A bucket of S3, and the client that reads it."""
        s3 = self.moto.client("s3", s3={"addressing_style": "path"})
        s3.create_bucket(Bucket=name,
                         CreateBucketConfiguration={"LocationConstraint": REGION})
        return s3

    def send(self, **destination):
        """Sends an event to a room that is logged there; the room and the id."""
        logging = self.chat.create_logging_configuration(
            destinationConfiguration=destination)["arn"]
        room = self.chat.create_room(loggingConfigurationIdentifiers=[logging])
        sent = self.chat.send_event(roomIdentifier=room["arn"], eventName="news",
                                    attributes={"kind": "goal"})
        return room["id"], sent["id"]

    def assert_record(self, text, event_id):
        """The text is the record of the event."""
        record = json.loads(text)
        self.assertEqual((record["type"], record["version"]), ("EVENT", "1.0"))
        self.assertEqual(record["payload"]["Id"], event_id)
        self.assertEqual(record["payload"]["Attributes"], {"kind": "goal"})

    def test_files_are_in_the_bucket(self):
        s3 = self.create_bucket("chat-logs")
        room, event = self.send(s3={"bucketName": "chat-logs"})

        self.server.control("AdvanceClock", seconds=300, account=ACCOUNT, region=REGION)

        key = until(lambda: s3.list_objects_v2(Bucket="chat-logs").get("Contents"))[0][
            "Key"]
        self.assertRegex(key, re.compile(
            rf"^AWSLogs/{ACCOUNT}/IVSChatLogs/1.0/{REGION}/room_{room}/\d{{4}}/\d\d/\d\d/"
            rf"\d\d/{ACCOUNT}_IVSChatLogs_1.0_{REGION}_room_{room}_\d{{8}}T\d{{4}}Z_"
            r"[0-9a-f]{8}\.log\.gz$"))
        body = s3.get_object(Bucket="chat-logs", Key=key)["Body"].read()
        self.assert_record(gzip.decompress(body), event)

    def test_events_are_in_the_log_group(self):
        logs = self.moto.client("logs")
        logs.create_log_group(logGroupName="chat")
        room, event = self.send(cloudWatchLogs={"logGroupName": "chat"})

        def written():
            try:
                return logs.get_log_events(
                    logGroupName="chat",
                    logStreamName=f"aws/IVSChatLogs/1.0/room_{room}")["events"]
            except logs.exceptions.ResourceNotFoundException:
                return []

        self.assert_record(until(written)[0]["message"], event)

    def test_records_go_through_the_delivery_stream(self):
        s3 = self.create_bucket("delivered")
        self.moto.client("firehose").create_delivery_stream(
            DeliveryStreamName="chat", S3DestinationConfiguration={
                "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/firehose",
                "BucketARN": "arn:aws:s3:::delivered"})
        _, event = self.send(firehose={"deliveryStreamName": "chat"})

        key = until(lambda: s3.list_objects_v2(Bucket="delivered").get("Contents"))[0][
            "Key"]
        body = s3.get_object(Bucket="delivered", Key=key)["Body"].read()
        self.assertTrue(body.endswith(b"\n"))
        self.assert_record(body, event)
