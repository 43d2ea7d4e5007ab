"""A test that starts its own IVS Local, with testcontainers."""
import boto3
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 4580


@pytest.fixture(scope="session")
def ivs():
    """A client of a server that runs until the tests end."""
    healthy = HttpWaitStrategy(PORT, "/_ivs-local/health").for_status_code(200)
    server = DockerContainer("ivs-local").with_exposed_ports(PORT).waiting_for(healthy)
    with server:
        address = f"{server.get_container_host_ip()}:{server.get_exposed_port(PORT)}"
        yield boto3.client(
            "ivs",
            endpoint_url=f"http://{address}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def test_a_channel_is_created(ivs):
    assert ivs.create_channel(name="lobby")["channel"]["name"] == "lobby"
