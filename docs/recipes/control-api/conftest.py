"""Fixtures: clients of IVS Local and of its control API, for the same account."""
import json
import os
import secrets
import urllib.request

import boto3
import pytest

URL = os.environ.get("AWS_ENDPOINT_URL_IVS", "http://127.0.0.1:4580")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with the service model of the control API, for AWS_DATA_PATH."""
    with urllib.request.urlopen(f"{URL}/_ivs-local/model.json") as response:
        text = response.read()
    folder = tmp_path_factory.mktemp("models")
    file = folder / "ivs-local" / json.loads(text)["metadata"]["apiVersion"] / "service-2.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(text)
    return folder


@pytest.fixture
def session(models, monkeypatch):
    """A session with its own account, so that tests do not see each other's resources."""
    monkeypatch.setenv("AWS_DATA_PATH", str(models))
    return boto3.Session(
        region_name="us-east-1",
        aws_access_key_id=f"{secrets.randbelow(10**12):012}",
        aws_secret_access_key="test",
    )


@pytest.fixture
def ivs(session):
    return session.client("ivs", endpoint_url=URL)


@pytest.fixture
def control(session):
    return session.client("ivs-local", endpoint_url=URL)
