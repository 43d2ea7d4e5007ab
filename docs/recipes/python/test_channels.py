"""Tests of code that uses IVS, with pytest and boto3."""
import pytest


def test_a_channel_has_a_stream_key(ivs):
    created = ivs.create_channel(name="lobby", tags={"team": "video"})

    listed = ivs.list_stream_keys(channelArn=created["channel"]["arn"])["streamKeys"]
    assert [key["arn"] for key in listed] == [created["streamKey"]["arn"]]


def test_viewers_of_a_live_channel_are_counted(ivs, control):
    arn = ivs.create_channel()["channel"]["arn"]

    control("StartStream", channelArn=arn, viewerCount=3)
    assert ivs.get_stream(channelArn=arn)["stream"]["viewerCount"] == 3

    control("EndStream", channelArn=arn)
    with pytest.raises(ivs.exceptions.ChannelNotBroadcasting):
        ivs.get_stream(channelArn=arn)


def test_no_channel_of_another_test_is_seen(ivs):
    assert ivs.list_channels()["channels"] == []
