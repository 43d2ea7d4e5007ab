"""Events that go through the EventBridge of another emulator (moto) to a queue of its
SQS."""
import json

from support.boto import Journey, client
from support.moto import Moto

REGION = "eu-west-1"
ACCOUNT = "111122223333"

# A test that would wait forever fails instead.
ATTEMPTS, SECONDS_PER_ATTEMPT = 30, 2


class TestEventBridge(Journey):
    """A rule of EventBridge, and the queue it sends to."""

    def setUp(self):
        moto = Moto(REGION, ACCOUNT)
        self.addCleanup(moto.stop)
        self.sqs = moto.client("sqs")
        self.queue = self.make_queue(moto.client("events"))
        self.options = ("--events-to", f"eventbridge+{moto.url}")
        super().setUp()
        self.ivs = client(self.server, REGION, ACCOUNT)

    def make_queue(self, events):
        """A queue that gets every event of the source aws.ivs."""
        url = self.sqs.create_queue(QueueName="ivs-events")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="ivs", EventPattern=json.dumps({"source": ["aws.ivs"]}))
        events.put_targets(Rule="ivs", Targets=[{"Id": "queue", "Arn": arn}])
        return url

    def receive(self, count):
        """The bodies of this number of messages of the queue."""
        received = []
        for _ in range(ATTEMPTS):
            answer = self.sqs.receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=10,
                WaitTimeSeconds=SECONDS_PER_ATTEMPT)
            received += [json.loads(message["Body"])
                         for message in answer.get("Messages", [])]
            if len(received) >= count:
                break
        return received

    def test_events_of_a_stream_arrive_in_the_queue(self):
        arn = self.create_channel(name="lobby")["arn"]

        self.go_live(arn)
        self.server.control("UpdateStream", channelArn=arn, health="STARVING")
        self.ivs.stop_stream(channelArn=arn)

        written = self.server.control("ListEvents", resourceArn=arn)["events"]
        received = self.receive(len(written))
        members = ("detail-type", "source", "region", "resources", "detail")
        self.assertEqual([{name: event[name] for name in members} for event in received],
                         [{name: event[name] for name in members} for event in written])
        self.assertEqual(
            [event["detail"]["event_name"] for event in received],
            ["Session Created", "Stream Start", "Starvation Start", "Session Ended",
             "Stream End"])
        self.assertEqual(received[0]["resources"], [arn])
