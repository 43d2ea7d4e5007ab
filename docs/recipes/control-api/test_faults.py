"""Tests that make calls fail, move the clock and act as the encoder, with boto3."""
from datetime import timedelta

import pytest


def test_a_call_fails_once(ivs, control):
    control.put_fault(operation="CreateChannel", error="PendingVerification", times=1)

    with pytest.raises(ivs.exceptions.PendingVerification):
        ivs.create_channel(name="lobby")
    ivs.create_channel(name="lobby")

    requests = control.list_requests(operation="CreateChannel")["requests"]
    assert [request["status"] for request in requests] == [403, 200]


def test_a_stream_ends_after_48_hours(ivs, control):
    arn = ivs.create_channel()["channel"]["arn"]
    started = control.start_stream(channelArn=arn)["stream"]["startTime"]

    now = control.advance_clock(seconds=48 * 3600)["now"]

    assert now - started >= timedelta(hours=48)
    with pytest.raises(ivs.exceptions.ChannelNotBroadcasting):
        ivs.get_stream(channelArn=arn)


def test_errors_have_types(control):
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.delete_fault(faultId="unknown")
