"""Fixtures: a client of IVS Local, and its control API."""
import json
import os
import random
import urllib.request

import boto3
import pytest

URL = os.environ.get("AWS_ENDPOINT_URL_IVS", "http://127.0.0.1:4580")


@pytest.fixture
def ivs():
    """A client with its own account, so that tests do not see each other's resources."""
    return boto3.client(
        "ivs",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id=f"{random.randrange(10**12):012}",
        aws_secret_access_key="test",
    )


@pytest.fixture
def control():
    """
    Calls an operation of the control API: control("StartStream", channelArn=arn). The call is
    unsigned, so it acts where an ARN says, or else for the default account and region.
    """

    def call(operation, **members):
        request = urllib.request.Request(
            f"{URL}/_ivs-local/{operation}", json.dumps(members).encode(), method="POST"
        )
        with urllib.request.urlopen(request) as response:
            body = response.read()
        return json.loads(body) if body else None

    return call
