"""Tests of code that uses IVS, with pytest and boto3."""
import boto3
import pytest

HOURS = 3600
OTHER = "999999999999"  # an account that no test uses


def create_lobby():
    """Stands for the code under test: it creates its own client."""
    return boto3.client("ivs").create_channel(name="lobby")["channel"]["arn"]


def test_a_channel_has_a_stream_key(ivs):
    created = ivs.create_channel(name="lobby", tags={"team": "video"})

    listed = ivs.list_stream_keys(channelArn=created["channel"]["arn"])["streamKeys"]
    assert [key["arn"] for key in listed] == [created["streamKey"]["arn"]]


def test_viewers_of_a_live_channel_are_counted(ivs, control):
    arn = create_lobby()

    control("StartStream", channelArn=arn, viewerCount=3)
    assert ivs.get_stream(channelArn=arn)["stream"]["viewerCount"] == 3

    control("EndStream", channelArn=arn)
    with pytest.raises(ivs.exceptions.ChannelNotBroadcasting):
        ivs.get_stream(channelArn=arn)


def test_a_fault_makes_a_call_fail(ivs, control):
    control("PutFault", operation="CreateChannel", error="PendingVerification", times=1)

    with pytest.raises(ivs.exceptions.PendingVerification):
        ivs.create_channel()
    ivs.create_channel()


def test_a_stream_ends_after_48_hours(ivs, control):
    arn = create_lobby()
    control("StartStream", channelArn=arn)

    assert control("AdvanceClock", seconds=48 * HOURS)["offsetSeconds"] == 48 * HOURS

    with pytest.raises(ivs.exceptions.ChannelNotBroadcasting):
        ivs.get_stream(channelArn=arn)


def test_the_calls_of_this_test_are_listed(ivs, control):
    create_lobby()
    ivs.list_channels()

    requests = control("ListRequests")["requests"]
    assert [request["operation"] for request in requests] == ["CreateChannel", "ListChannels"]


def test_an_invalid_control_call_says_why(control):
    with pytest.raises(RuntimeError, match="Did you mean times?"):
        control("PutFault", operation="*", latencyMs=1, time=1)


# Twice, since the default session of boto3 remembers the account of the first test.
@pytest.mark.parametrize("run", [1, 2])
def test_a_client_of_the_code_under_test_uses_the_account_of_the_test(account, run):
    assert create_lobby().split(":")[4] == account


def test_a_fault_of_another_account_does_not_apply(ivs, control, capsys):
    ivs.create_channel()

    # The members account and region say whom a control call is for, whoever signs it.
    control("PutFault", operation="*", error="InternalServerException", account=OTHER)

    assert f"Account {OTHER} has no calls" in capsys.readouterr().out
    assert len(ivs.list_channels()["channels"]) == 1
    control("DeleteFault", all=True, account=OTHER)


def test_no_channel_of_another_test_is_seen(ivs):
    assert ivs.list_channels()["channels"] == []
