"""One test suite's view of a server that others use too: an account in a region."""
import json
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from support.boto import client


class Caller:
    """An account, by its 12-digit access key, in a region."""

    def __init__(self, server, account, region):
        self.server, self.account, self.region = server, account, region
        self.name = f"{account}-{region}"
        self.ivs = client(server, region, account)
        self.request_ids = []  # of all calls of `ivs`, in order

    def call(self, operation, /, **members):
        """The response of the operation of `ivs`."""
        try:
            answer = getattr(self.ivs, operation)(**members)
        except ClientError as error:
            self.remember(error.response)
            raise
        self.remember(answer)
        return answer

    def remember(self, answer):
        """Stores the request id of the response."""
        self.request_ids.append(answer["ResponseMetadata"]["RequestId"])

    def failure(self, operation, /, **members):
        """The Code and Message of the error that the operation returns, or None."""
        try:
            self.call(operation, **members)
        except ClientError as error:
            return error.response["Error"]
        return None

    def collect(self, operation, member, page, **members):
        """The items of all pages, which have at most that size."""
        items, token = [], {}
        while True:
            answer = self.call(operation, maxResults=page, **members, **token)
            assert len(answer[member]) <= page
            items += answer[member]
            if not answer.get("nextToken"):
                return items
            token = {"nextToken": answer["nextToken"]}

    def control(self, operation, /, **members):
        """The response of the control API, if it has a body; the call is signed for this
        account."""
        request = AWSRequest("POST", f"{self.server.url}/_ivs-local/{operation}",
                             {"Content-Type": "application/json"},
                             json.dumps(members).encode())
        SigV4Auth(Credentials(self.account, "test"), "ivs", self.region).add_auth(request)
        signed = request.prepare()
        with urllib.request.urlopen(urllib.request.Request(
                signed.url, signed.body, dict(signed.headers.items()),
                method="POST")) as answer:
            body = answer.read()
        return json.loads(body) if body else None
