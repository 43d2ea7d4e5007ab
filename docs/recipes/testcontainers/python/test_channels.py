"""Tests that start their own IVS Local, with testcontainers. See conftest.py."""
import pytest

HOURS = 3600


def test_a_fault_makes_a_call_fail(ivs, control):
    control("PutFault", operation="CreateChannel", error="PendingVerification", times=1)

    with pytest.raises(ivs.exceptions.PendingVerification):
        ivs.create_channel(name="lobby")
    assert ivs.create_channel(name="lobby")["channel"]["name"] == "lobby"

    requests = control("ListRequests")["requests"]
    assert [request["status"] for request in requests] == [403, 200]


def test_a_stream_ends_after_48_hours(ivs, control):
    arn = ivs.create_channel()["channel"]["arn"]
    control("StartStream", channelArn=arn)

    control("AdvanceClock", seconds=48 * HOURS)

    with pytest.raises(ivs.exceptions.ChannelNotBroadcasting):
        ivs.get_stream(channelArn=arn)
