"""Fixtures: a server, an account for each test, a client of IVS, and the control API of IVS Local."""
import json
import secrets

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 4580
REGION = "us-east-1"
SECRET = "test"


@pytest.fixture(scope="session")
def server():
    """The address of a server that runs in a container until the tests end."""
    healthy = HttpWaitStrategy(PORT, "/_ivs-local/health").for_status_code(200)
    container = DockerContainer("ivs-local").with_exposed_ports(PORT).waiting_for(healthy)
    with container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}"


@pytest.fixture
def account(server, monkeypatch):
    """
    An account that no other test uses. Clients that the code under test creates during the test
    use it, too, because they read the environment.
    """
    number = f"{secrets.randbelow(10**12):012}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_IVS", server)
    monkeypatch.setenv("AWS_ENDPOINT_URL_IVSCHAT", server)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", number)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
        monkeypatch.delenv(name, raising=False)
    # boto3.client() creates one session for the whole process, and that session keeps the
    # access key it reads first. Without a new session, all later tests would use the account
    # of the first one.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return number


@pytest.fixture
def ivs(account):
    """A client of IVS for the account of the test."""
    return boto3.client("ivs")


@pytest.fixture
def control(server, account):
    """
    Calls an operation of the control API for the account and region of the test, and returns
    the parsed response, or None if it has no body: control("StartStream", channelArn=arn).
    """

    def call(operation, /, **members):
        request = AWSRequest(
            "POST", f"{server}/_ivs-local/{operation}", data=json.dumps(members).encode()
        )
        SigV4Auth(Credentials(account, SECRET), "ivs", REGION).add_auth(request)
        response = URLLib3Session().send(request.prepare())
        parsed = json.loads(response.content or "null")
        if response.status_code >= 300:
            raise RuntimeError(f"{operation}: {response.status_code} {parsed['message']}")
        if parsed and "warning" in parsed:
            print(f"{operation}: {parsed['warning']}")  # pytest shows it if the test fails
        return parsed

    return call
