"""boto3 calls what AWS has and the program does not emulate: each error names it."""
import unittest

import boto3
from botocore.exceptions import ClientError

from support.boto import SESSION, client
from support.report import left_out
from support.server import Server

# Values of required members, by their types. Nothing validates them.
VALUES = {"list": [], "map": {}, "structure": {}, "integer": 1, "boolean": True}
ARNS = {"ivs-realtime": "arn:aws:ivs:us-east-1:000000000000:stage/abcdefghijkl"}


def sample_input(shape, arn):
    """The required members of an operation's input."""
    members = {name: VALUES.get(shape.members[name].type_name, "x")
               for name in (shape.required_members if shape else ())}
    return {**members, "resourceArn": arn} if "resourceArn" in members else members


class TestNotEmulated(unittest.TestCase):
    """Other services than those that are emulated."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def assert_named(self, call, expected):
        """The call fails with 501 and a message that contains the text."""
        with self.assertRaises(ClientError) as caught:
            call()
        error = caught.exception.response
        self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 501)
        self.assertEqual(error["Error"]["Code"], "NotImplementedException")
        self.assertIn(expected, error["Error"]["Message"])

    def test_every_operation_of_real_time_is_named(self):
        for service, arn in ARNS.items():
            if service not in SESSION.get_available_services():
                left_out(f"boto3 {boto3.__version__} has no {service}")
                continue
            caller = client(self.server, service=service, parameter_validation=False)
            model = caller.meta.service_model
            for method, name in caller.meta.method_to_api_mapping.items():
                with self.subTest(service=service, operation=name):
                    shape = model.operation_model(name).input_shape
                    self.assert_named(
                        lambda: getattr(caller, method)(**sample_input(shape, arn)),
                        f"does not emulate {name} of Amazon IVS")

    def test_another_service_is_named(self):
        self.assert_named(client(self.server, service="mediapackage").list_channels,
                          "does not emulate the service mediapackage")

    def test_a_service_that_expects_xml_shows_the_message(self):
        with self.assertRaisesRegex(Exception, "AWS_ENDPOINT_URL_IVS"):
            client(self.server, service="sts").get_caller_identity()
