"""boto3 as its users have it, configured for a server."""
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from support.report import left_out, skip
from support.server import Server

SESSION = boto3.session.Session()
KNOWN = frozenset(SESSION.client("ivs", "us-east-1").meta.service_model.operation_names)


def client(server, region="us-east-1", account="test", service="ivs", secret="test",
           token=None, **config):
    """A client of the service. 12 digits as `account` are the account of its calls."""
    return SESSION.client(
        service, endpoint_url=server.url, region_name=region, aws_access_key_id=account,
        aws_secret_access_key=secret, aws_session_token=token,
        config=Config(retries={"max_attempts": 1, "mode": "standard"}, **config))


def skip_without(*operations):
    """Skips the test, with a message, if the client does not have the operations."""
    unknown = sorted(set(operations) - KNOWN)
    if unknown:
        skip(f"boto3 {boto3.__version__} has no {', '.join(unknown)}")


class Journey(unittest.TestCase):
    """A test with a new server and a client of it."""

    options = ()
    needs = ()  # operations that an older client does not have

    def setUp(self):
        skip_without(*self.needs)
        self.server = Server(*self.options)
        self.addCleanup(self.server.stop)
        self.ivs = client(self.server)
        self.sdk = self.ivs  # the client whose errors are expected

    def shape(self, operation, member=None):
        """The client's model of an input, or of a structure in an output."""
        model = self.ivs.meta.service_model.operation_model(operation)
        return model.output_shape.members[member] if member else model.input_shape

    def known(self, operation, **members):
        """The members without those that an older client cannot send."""
        unknown = members.keys() - self.shape(operation).members.keys()
        for name in sorted(unknown):
            left_out(f"boto3 {boto3.__version__} has no {operation}.{name}")
        return {name: members[name] for name in members if name not in unknown}

    def assert_shows(self, operation, member, answer, **expected):
        """The structure `member` of the response has these values, where known."""
        known = self.shape(operation, member).members
        for name, value in expected.items():
            if name in known:
                self.assertEqual(answer[member][name], value, name)
            else:
                left_out(f"boto3 {boto3.__version__} has no {operation}.{member}.{name}")

    def assert_refused(self, code, status, message, call, *arguments, **members):
        """The call fails with this error, by its class, its code, status and text."""
        with self.assertRaises(ClientError) as raised:
            call(*arguments, **members)
        error = raised.exception
        answer = error.response

        # Only the errors that the model declares have a class of their own.
        if code != "SerializationException":
            self.assertIsInstance(error, self.sdk.exceptions.from_code(code))
            self.assertIsNot(type(error), ClientError)
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertEqual(answer["Error"]["Message"], message)
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        self.assertRegex(answer["ResponseMetadata"]["RequestId"], r"^[0-9a-f-]{36}$")

    def create_channel(self, **members):
        """A new channel as the client sees it."""
        return self.ivs.create_channel(**members)["channel"]

    def create_configuration(self, bucket="demo-recordings", **members):
        """A new recording configuration as the client sees it."""
        return self.ivs.create_recording_configuration(
            destinationConfiguration={"s3": {"bucketName": bucket}},
            **members)["recordingConfiguration"]

    def settled_configuration(self, arn):
        """The configuration once it is no longer CREATING."""
        for _ in range(10_000):
            answer = self.ivs.get_recording_configuration(arn=arn)
            if answer["recordingConfiguration"]["state"] != "CREATING":
                return answer["recordingConfiguration"]
        raise AssertionError("the configuration stays CREATING")

    def create_ads(self, name="ads", **members):
        """A new ad configuration as the client sees it."""
        return self.ivs.create_ad_configuration(
            mediaTailorPlaybackConfigurations=[media_tailor(name)],
            **members)["adConfiguration"]

    def go_live(self, channel_arn, **members):
        """An encoder connects to the channel: the stream as the control API shows it."""
        return self.server.control("StartStream", channelArn=channel_arn,
                                   **members)["stream"]


class ChatJourney(Journey):
    """The same with a client of ivschat."""

    def setUp(self):
        if "ivschat" not in SESSION.get_available_services():
            skip(f"boto3 {boto3.__version__} has no ivschat")
        super().setUp()
        self.chat = client(self.server, service="ivschat")
        self.sdk = self.chat

    def client_of(self, account, server=None):
        """Another client: of the account, or of another server."""
        return client(server or self.server, account=account, service="ivschat")

    def create_logging(self, bucket="messages", **members):
        """A new logging configuration as the client sees it."""
        created = self.chat.create_logging_configuration(
            destinationConfiguration={"s3": {"bucketName": bucket}}, **members)
        return without_metadata(created)

    def settled_logging(self, arn):
        """The logging configuration once its last change has ended."""
        for _ in range(10_000):
            answer = self.chat.get_logging_configuration(identifier=arn)
            if not answer["state"].endswith("ING"):
                return without_metadata(answer)
        raise AssertionError("the logging configuration does not settle")


def without_metadata(answer):
    """What a response says about its resource."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def media_tailor(name):
    """The MediaTailor configuration of that name, in the form for ad configurations."""
    return {"playbackConfigurationArn":
            f"arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/{name}"}
