#!/usr/bin/env python3
"""
Events, by way of the EventBridge of another emulator (moto) to a queue of its SQS.

  CONFORMANCE_BUILD=build/debug python3 tests/conformance/test_eventbridge.py

Needs boto3 and moto[server]; without them it is skipped and says so.
"""
import json
import logging
import os
import re
import signal
import subprocess
import sys
import unittest
import urllib.request
from pathlib import Path

try:
    import boto3
    from moto.server import ThreadedMotoServer
    MISSING = None
except ImportError as error:
    MISSING = str(error)

BUILD = Path(os.environ.get("CONFORMANCE_BUILD", "build/debug"))
REGION = "eu-west-1"
KEYS = {"aws_access_key_id": "111122223333", "aws_secret_access_key": "test"}
ATTEMPTS, SECONDS_PER_ATTEMPT = 30, 2


def client(service, url):
    return boto3.client(service, endpoint_url=url, region_name=REGION, **KEYS)


@unittest.skipIf(MISSING, MISSING)
class EventBridgeTest(unittest.TestCase):
    def setUp(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        self.addCleanup(moto.stop)
        self.aws_url = "http://{}:{}".format(*moto.get_host_and_port())
        self.queue_url = self.make_queue()
        self.ivs_url = self.start_ivs_local()

    def make_queue(self):
        """A queue that gets every event of the source aws.ivs."""
        sqs, events = client("sqs", self.aws_url), client("events", self.aws_url)
        url = sqs.create_queue(QueueName="ivs-events")["QueueUrl"]
        arn = sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="ivs", EventPattern=json.dumps({"source": ["aws.ivs"]}))
        events.put_targets(Rule="ivs", Targets=[{"Id": "queue", "Arn": arn}])
        return url

    def start_ivs_local(self):
        process = subprocess.Popen(
            [BUILD / "ivs-local", "--port", "0", "--db", ":memory:", "--log-level",
             "warn", "--events-to", f"eventbridge+{self.aws_url}"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, process)
        return re.match(r"ivs-local ready on (\S+) ", process.stdout.readline()).group(1)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 0)

    def control(self, operation, **members):
        """Calls the control API as the account and region of the test."""
        scope = f"{KEYS['aws_access_key_id']}/20240101/{REGION}/ivs/aws4_request"
        request = urllib.request.Request(
            f"{self.ivs_url}/_ivs-local/{operation}", json.dumps(members).encode(),
            {"Content-Type": "application/json",
             "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, "
                              "SignedHeaders=host, Signature=0"}, method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "{}")

    def receive(self, count):
        """The bodies of so many messages of the queue."""
        sqs = client("sqs", self.aws_url)
        received = []
        for _ in range(ATTEMPTS):
            answer = sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10,
                                         WaitTimeSeconds=SECONDS_PER_ATTEMPT)
            received += [json.loads(message["Body"])
                         for message in answer.get("Messages", [])]
            if len(received) >= count:
                break
        return received

    def test_events_of_a_stream_come_out_of_the_queue(self):
        arn = client("ivs", self.ivs_url).create_channel(name="lobby")["channel"]["arn"]

        self.control("StartStream", channelArn=arn)
        self.control("EndStream", channelArn=arn)

        written = self.control("ListEvents")["events"]
        received = self.receive(len(written))
        self.assertEqual(len(received), len(written))
        for sent, came in zip(written, received):
            for member in ("detail-type", "source", "region", "resources", "detail"):
                self.assertEqual(came[member], sent[member])
        names = [event["detail"].get("event_name") for event in received]
        self.assertIn("Stream Start", names)
        self.assertLess(names.index("Stream Start"), names.index("Stream End"))
        self.assertEqual(received[0]["resources"], [arn])


if __name__ == "__main__":
    if MISSING:
        print(f"SKIPPED: EventBridge: {MISSING}")
        sys.exit(1 if os.environ.get("CONFORMANCE_NO_SKIPS") else 77)
    unittest.main(verbosity=2)
