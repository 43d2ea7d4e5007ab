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
    """A client with an account of its own, so that no test sees what another made."""
    return boto3.client(
        "ivs",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id=f"{random.randrange(10**12):012}",
        aws_secret_access_key="test",
    )


@pytest.fixture
def control():
    """Calls an operation of the control API: control("StartStream", channelArn=arn)."""

    def call(operation, **members):
        request = urllib.request.Request(
            f"{URL}/_ivs-local/{operation}", json.dumps(members).encode(), method="POST"
        )
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    return call
