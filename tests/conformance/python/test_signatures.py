"""A server that verifies signatures, with botocore's own signers."""
import json
import unittest
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from unittest import mock

import botocore
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from support.boto import SESSION, client
from support.server import Server

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ACCOUNT = "123456789012"
WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service "
    "documentation for details.")


def send(method, url, body=None, headers=()):
    """Sends a request unchanged. Returns the status, the error's name and the parsed
    body."""
    request = urllib.request.Request(url, body, dict(headers), method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, None, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["x-amzn-ErrorType"], json.loads(error.read())


class TestSignatures(unittest.TestCase):
    """Correctly signed calls are served, all others are refused with the messages of AWS."""

    def setUp(self):
        self.server = Server("--auth", "sigv4", "--access-key", f"{KEY}:{SECRET}",
                             "--access-key", f"{ACCOUNT}:{SECRET}")
        self.addCleanup(self.server.stop)

    def client(self, key=KEY, secret=SECRET, region="us-east-1", **more):
        """A client with these credentials."""
        return client(self.server, region, key, secret=secret, **more)

    def signed(self, signer, method, path, body="", key=KEY, token=None, service="ivs",
               **more):
        """A request that the signer signed."""
        request = AWSRequest(method, self.server.url + path, data=body)
        signer(Credentials(key, SECRET, token), service, "us-east-1",
               **more).add_auth(request)
        return request.prepare()

    def assert_refused(self, code, message, call, **members):
        """The call fails with this error."""
        with self.assertRaises(ClientError) as raised:
            call(**members)
        answer = raised.exception.response
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertRegex(answer["Error"]["Message"], message)
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 403)

    def test_a_correct_secret_is_served(self):
        ivs = self.client()
        channel = ivs.create_channel(name="lobby", tags={"ä": "/:+="})["channel"]

        self.assertEqual(ivs.get_channel(arn=channel["arn"])["channel"], channel)

    def test_names_in_path_and_query_are_signed_as_they_are_sent(self):
        ivs = self.client(ACCOUNT, region="eu-west-1")
        arn = ivs.create_channel()["channel"]["arn"]
        tags = {"+=": "1", "名前": "2", "a/b:c@d": "3", "_.-": "4"}

        ivs.tag_resource(resourceArn=arn, tags=tags)
        self.assertEqual(ivs.list_tags_for_resource(resourceArn=arn)["tags"], tags)
        ivs.untag_resource(resourceArn=arn, tagKeys=list(tags))

        self.assertEqual(ivs.list_tags_for_resource(resourceArn=arn)["tags"], {})
        self.assertIn(f":eu-west-1:{ACCOUNT}:", arn)

    def test_a_wrong_secret_is_refused(self):
        self.assert_refused("InvalidSignatureException", WRONG_SIGNATURE,
                            self.client(secret="wrong").list_channels)

    def test_an_unknown_key_is_refused(self):
        self.assert_refused("UnrecognizedClientException",
                            "The security token included in the request is invalid.",
                            self.client("AKIDUNKNOWN").list_channels)

    def test_any_session_token_is_accepted(self):
        self.assertEqual(self.client(token="AQoEXAMPLE/+==").list_channels()["channels"],
                         [])
        self.assert_refused("ExpiredTokenException",
                            "The security token included in the request is expired",
                            self.client(token="session-expired").list_channels)

    def test_an_unsigned_call_is_refused(self):
        self.assert_refused(
            "MissingAuthenticationTokenException", "Missing Authentication Token",
            self.client(signature_version=botocore.UNSIGNED).list_channels)

    def test_a_body_that_is_changed_in_transit_is_refused(self):
        ivs = self.client()

        def change(request, **_):
            request.body = request.body.replace(b"lobby", b"tower")

        ivs.meta.events.register("before-send.ivs.CreateChannel", change)

        self.assert_refused("InvalidSignatureException", WRONG_SIGNATURE,
                            ivs.create_channel, name="lobby")
        self.assertEqual(ivs.list_channels()["channels"], [])

    def test_a_wrong_clock_is_refused(self):
        prepare = SigV4Auth._modify_request_before_signing

        for minutes, message in ((-6, r"Signature expired: \S+ is now earlier than \S+ "
                                      r"\(\S+ - 5 min\.\)"),
                                 (6, r"Signature not yet current: \S+ is still later "
                                     r"than \S+ \(\S+ \+ 5 min\.\)")):
            def skew(signer, request, by=minutes):
                signed_at = datetime.now(timezone.utc) + timedelta(minutes=by)
                request.context["timestamp"] = signed_at.strftime("%Y%m%dT%H%M%SZ")
                return prepare(signer, request)

            with mock.patch.object(SigV4Auth, "_modify_request_before_signing", skew):
                self.assert_refused("InvalidSignatureException", message,
                                    self.client().list_channels)

    def test_another_service_or_region_than_the_one_signed_for_is_refused(self):
        request = self.signed(SigV4Auth, "POST", "/ListChannels", "{}", service="s3")
        refused = send("POST", request.url, b"{}", request.headers.items())
        self.assertEqual(refused[:2], (403, "InvalidSignatureException"))
        self.assertEqual(refused[2]["message"],
                         "Credential should be scoped to correct service: 'ivs'. ")

        request = self.signed(SigV4Auth, "POST", "/ListChannels", "{}")
        headers = {name: value.replace("/us-east-1/", "/us-west-2/")
                   for name, value in request.headers.items()}
        refused = send("POST", request.url, b"{}", headers.items())
        self.assertEqual(refused[:2], (403, "InvalidSignatureException"))
        self.assertEqual(refused[2]["message"], WRONG_SIGNATURE)

    def test_a_presigned_call_is_served(self):
        created = self.client(ACCOUNT).create_channel()["channel"]["arn"]
        url = self.signed(SigV4QueryAuth, "GET", f"/tags/{created.replace('/', '%2F')}",
                          key=ACCOUNT, expires=60).url

        self.assertEqual(send("GET", url), (200, None, {"tags": {}}))
        status, error, body = send("GET", url.replace("Expires=60", "Expires=61"))
        self.assertEqual((status, error), (403, "InvalidSignatureException"))
        self.assertEqual(body["message"], WRONG_SIGNATURE)

    def test_a_presigned_call_with_a_token_is_served(self):
        url = self.signed(SigV4QueryAuth, "POST", "/ListChannels", key=ACCOUNT,
                          token="AQoEXAMPLE/+==").url

        self.assertEqual(send("POST", url), (200, None, {"channels": []}))
        self.assertEqual(send("POST", url.replace("AQoE", "BQoE"))[:2],
                         (403, "InvalidSignatureException"))

    def test_a_client_can_presign_an_operation(self):
        ivs = self.client(ACCOUNT)
        arn = ivs.create_channel(tags={"team": "video"})["channel"]["arn"]
        url = ivs.generate_presigned_url("list_tags_for_resource", {"resourceArn": arn})
        self.assertEqual(send("GET", url), (200, None, {"tags": {"team": "video"}}))

        # Its header of this operation is signed too, and must be sent as it was.
        url = ivs.generate_presigned_url("list_channels", ExpiresIn=60)
        headers = {"Content-Type": "application/json"}
        self.assertEqual(send("POST", url, b"", headers.items())[0], 200)
        self.assertEqual(send("POST", url, b"{}", headers.items())[:2],
                         (403, "InvalidSignatureException"))

    def test_the_control_api_takes_a_signature_for_any_service(self):
        for service in ("ivs", "execute-api"):
            request = self.signed(SigV4Auth, "POST", "/_ivs-local/ListRequests", "{}",
                                  service=service)
            status, _, body = send("POST", request.url, b"{}", request.headers.items())
            self.assertEqual(status, 200, body)
        self.assertEqual(
            send("POST", self.server.url + "/_ivs-local/ListRequests", b"{}")[:2],
            (403, "MissingAuthenticationTokenException"))
        self.assertEqual(send("GET", self.server.url + "/_ivs-local/health")[0], 200)


class TestNoVerification(unittest.TestCase):
    """By default nothing is verified."""

    def test_a_wrong_secret_is_served(self):
        server = Server()
        self.addCleanup(server.stop)

        ivs = SESSION.client("ivs", "us-east-1", endpoint_url=server.url,
                             aws_access_key_id="any", aws_secret_access_key="thing")
        self.assertEqual(ivs.list_channels()["channels"], [])
