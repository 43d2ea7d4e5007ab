"""The journey of ../journey.md with boto3."""
import json
import os
import re
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ["AWS_ENDPOINT_URL_IVS"]
UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
UNKNOWN_ROOM = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"
DESTINATION = {"s3": {"bucketName": "demo-recordings"}}
LOGS = {"destinationConfiguration": {"cloudWatchLogs": {"logGroupName": "chat"}}}
HANDLER = "arn:aws:lambda:us-east-1:000000000000:function:review"
ONCE = boto3.client("ivs", config=Config(retries={"total_max_attempts": 1}))
CHAT = boto3.client("ivschat", config=Config(retries={"total_max_attempts": 1}))


def post(path, /, **members):
    """A bare call. Returns the status and the parsed JSON."""
    request = urllib.request.Request(f"{URL}/{path}", json.dumps(members).encode(),
                                     {"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    return status, json.loads(body) if body else None


def raw(path, /, **members):
    """The response of a bare call that succeeds."""
    status, answer = post(path, **members)
    assert status < 300, f"{path}: {status} {answer}"
    return answer


def control(name, /, **members):
    return raw(f"_ivs-local/{name}", **members)


def plain(parsed):
    """What the SDK parsed, or JSON, in the form of JSON. Times have no zeros at the end."""
    if isinstance(parsed, dict):
        return {name: plain(value) for name, value in parsed.items()
                if name != "ResponseMetadata"}
    if isinstance(parsed, list):
        return [plain(value) for value in parsed]
    if isinstance(parsed, datetime):
        parsed = parsed.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(parsed, str):
        return re.sub(r"(T[0-9:]{8})(?:\.0*|(\.[0-9]*?)0*)Z$", r"\1\2Z", parsed)
    return parsed


def equal(seen, wanted):
    seen, wanted = plain(seen), plain(wanted)
    assert seen == wanted, f"{seen} is not {wanted}"


def new_channel(**members):
    """The ARN of a channel that a bare call created."""
    return raw("CreateChannel", **members)["channel"]["arn"]


def create_channel():
    recording = raw("CreateRecordingConfiguration", destinationConfiguration=DESTINATION)
    policy = raw("CreatePlaybackRestrictionPolicy")
    sent = {
        "name": "lobby", "latencyMode": "NORMAL", "type": "STANDARD", "authorized": True,
        "insecureIngest": True, "containerFormat": "FRAGMENTED_MP4",
        "multitrackInputConfiguration": {
            "enabled": True, "policy": "REQUIRE", "maximumResolution": "HD"},
        "recordingConfigurationArn": recording["recordingConfiguration"]["arn"],
        "playbackRestrictionPolicyArn": policy["playbackRestrictionPolicy"]["arn"],
        "tags": {"team": "video"}}

    answer = ONCE.create_channel(**sent)

    channel, key = answer["channel"], answer["streamKey"]
    equal({name: channel[name] for name in sent}, sent)
    equal(channel, raw("GetChannel", arn=channel["arn"])["channel"])
    equal(key, raw("GetStreamKey", arn=key["arn"])["streamKey"])


def get_channel():
    arn = new_channel()
    equal(ONCE.get_channel(arn=arn), raw("GetChannel", arn=arn))


def list_channels():
    new_channel(name="lobby")
    arn = new_channel(name="stage")

    listed = ONCE.list_channels(filterByName="stage")

    equal([channel["arn"] for channel in listed["channels"]], [arn])
    equal(listed, raw("ListChannels", filterByName="stage"))


def update_channel():
    arn = new_channel(name="lobby", tags={"team": "video"})
    before = raw("GetChannel", arn=arn)["channel"]

    updated = ONCE.update_channel(arn=arn, name="stage", authorized=True)["channel"]

    equal(updated, {**before, "name": "stage", "authorized": True})
    equal(updated, raw("GetChannel", arn=arn)["channel"])


def delete_channel():
    arn = new_channel()
    ONCE.delete_channel(arn=arn)
    equal(post("GetChannel", arn=arn)[0], 404)


def create_stream_key():
    first = raw("CreateChannel")["streamKey"]
    raw("DeleteStreamKey", arn=first["arn"])

    key = ONCE.create_stream_key(channelArn=first["channelArn"],
                                 tags={"team": "video"})["streamKey"]

    equal(key["tags"], {"team": "video"})
    equal(key, raw("GetStreamKey", arn=key["arn"])["streamKey"])


def get_stream_key():
    key = raw("CreateChannel")["streamKey"]
    equal(ONCE.get_stream_key(arn=key["arn"])["streamKey"], key)


def create_recording_configuration():
    sent = {
        "name": "films", "destinationConfiguration": DESTINATION,
        "thumbnailConfiguration": {
            "recordingMode": "INTERVAL", "targetIntervalSeconds": 30, "resolution": "HD",
            "storage": ["SEQUENTIAL", "LATEST"]},
        "renditionConfiguration": {
            "renditionSelection": "CUSTOM", "renditions": ["HD", "SD"]},
        "recordingReconnectWindowSeconds": 60, "tags": {"team": "video"}}

    made = ONCE.create_recording_configuration(**sent)["recordingConfiguration"]

    equal({name: made[name] for name in sent}, sent)
    wanted = raw("GetRecordingConfiguration", arn=made["arn"])["recordingConfiguration"]
    equal(made, {**wanted, "state": "CREATING"})


def get_recording_configuration():
    arn = raw("CreateRecordingConfiguration",
              destinationConfiguration=DESTINATION)["recordingConfiguration"]["arn"]

    answer = ONCE.get_recording_configuration(arn=arn)
    while answer["recordingConfiguration"]["state"] == "CREATING":
        answer = ONCE.get_recording_configuration(arn=arn)

    equal(answer["recordingConfiguration"]["state"], "ACTIVE")
    equal(answer, raw("GetRecordingConfiguration", arn=arn))


def pages():
    names = [f"channel-{i}" for i in range(5)]
    for name in names:
        new_channel(name=name)

    found = list(ONCE.get_paginator("list_channels").paginate(
        PaginationConfig={"PageSize": 2}))

    equal([len(page["channels"]) for page in found], [2, 2, 1])
    equal([channel["name"] for page in found for channel in page["channels"]], names)


def tags():
    arn = new_channel()
    ONCE.tag_resource(resourceArn=arn, tags={"Größe": "über + alles", "a": "1"})
    equal(ONCE.list_tags_for_resource(resourceArn=arn)["tags"],
          {"Größe": "über + alles", "a": "1"})
    ONCE.untag_resource(resourceArn=arn, tagKeys=["a"])
    equal(ONCE.list_tags_for_resource(resourceArn=arn)["tags"],
          {"Größe": "über + alles"})


def stream():
    arn = new_channel()
    control("StartStream", channelArn=arn, viewerCount=7)

    seen = ONCE.get_stream(channelArn=arn)
    listed = ONCE.list_streams()["streams"]

    equal(seen["stream"]["viewerCount"], 7)
    equal(seen, raw("GetStream", channelArn=arn))
    equal([entry["streamId"] for entry in listed], [seen["stream"]["streamId"]])


def session():
    arn = new_channel()
    control("StartStream", channelArn=arn)
    control("EndStream", channelArn=arn)

    seen = ONCE.get_stream_session(channelArn=arn)
    listed = ONCE.list_stream_sessions(channelArn=arn)["streamSessions"]

    assert "endTime" in seen["streamSession"], seen
    equal(seen, raw("GetStreamSession", channelArn=arn))
    equal([entry["streamId"] for entry in listed], [seen["streamSession"]["streamId"]])


def refused(name, status, message, call, /, **members):
    """The call fails with exactly this error: what the SDK parsed of it."""
    try:
        call(**members)
    except ClientError as error:
        exceptions = call.__self__.exceptions
        assert isinstance(error, getattr(exceptions, name)), type(error)
        answer = error.response
        equal(answer["Error"]["Code"], name)
        equal(answer["Error"]["Message"], message)
        equal(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        assert answer["ResponseMetadata"]["RequestId"], "there is no request id"
        return answer
    raise AssertionError(f"no {name}")


def validation():
    refused("ValidationException", 400,
            "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*",
            ONCE.create_channel, name="my lobby")


def not_found():
    refused("ResourceNotFoundException", 404, f"Resource: {UNKNOWN} not found",
            ONCE.get_channel, arn=UNKNOWN)


def conflict():
    refused("ConflictException", 409,
            "ListChannels takes only one of its filters at a time",
            ONCE.list_channels, filterByName="a",
            filterByRecordingConfigurationArn=UNKNOWN.replace(
                "channel/", "recording-configuration/"))


def quota():
    refused("ServiceQuotaExceededException", 402,
            "Service quota exceeded: 1 stream key per channel",
            ONCE.create_stream_key, channelArn=new_channel())


def not_broadcasting():
    arn = new_channel()
    refused("ChannelNotBroadcasting", 404,
            f"ChannelNotBroadcasting: Channel: {arn} is not currently online",
            ONCE.get_stream, channelArn=arn)


def fault(name, status, operation, call, **members):
    """A step: the operation fails with the fault that the control API was given."""
    def step():
        control("PutFault", operation=operation, error=name, message=f"fault: {name}",
                times=1)
        refused(name, status, f"fault: {name}", call, **members)
    return step


def retry():
    control("PutFault", operation="ListChannels", error="ThrottlingException",
            message="fault: ThrottlingException", times=2)
    equal(boto3.client("ivs").list_channels()["channels"], [])

    failed = control("ListRequests", operation="ListChannels", errorsOnly=True)
    throttled = [call for call in failed["requests"]
                 if call["error"] == "ThrottlingException"]
    equal(len(throttled), 2)


def new_room(**members):
    """A room that a bare call created."""
    return raw("CreateRoom", **members)


def create_room():
    logs = raw("CreateLoggingConfiguration", **LOGS)["arn"]
    sent = {
        "name": "lobby", "maximumMessageRatePerSecond": 5, "maximumMessageLength": 100,
        "messageReviewHandler": {"uri": HANDLER, "fallbackResult": "DENY"},
        "loggingConfigurationIdentifiers": [logs], "tags": {"team": "video"}}

    room = CHAT.create_room(**sent)

    equal({name: room[name] for name in sent}, sent)
    equal(room, raw("GetRoom", identifier=room["arn"]))


def list_rooms():
    new_room(name="lobby")
    arn = new_room(name="stage", messageReviewHandler={"uri": HANDLER})["arn"]

    listed = CHAT.list_rooms(name="stage")

    equal([room["arn"] for room in listed["rooms"]], [arn])
    equal(listed, raw("ListRooms", name="stage"))


def update_room():
    arn = new_room(name="lobby", messageReviewHandler={
        "uri": HANDLER, "fallbackResult": "DENY"})["arn"]

    updated = CHAT.update_room(identifier=arn, name="stage",
                               messageReviewHandler={"uri": ""})

    equal(updated["name"], "stage")
    equal(updated["messageReviewHandler"], {"uri": "", "fallbackResult": "ALLOW"})
    equal(updated, raw("GetRoom", identifier=arn))


def delete_room():
    arn = new_room()["arn"]
    CHAT.delete_room(identifier=arn)
    equal(post("GetRoom", identifier=arn)[0], 404)


def create_logging_configuration():
    sent = {"name": "logs", "tags": {"team": "video"}, **LOGS}

    made = CHAT.create_logging_configuration(**sent)

    equal({name: made[name] for name in sent}, sent)
    stored = raw("GetLoggingConfiguration", identifier=made["arn"])
    equal(made, {**stored, "state": "ACTIVE"})


def create_chat_token():
    room = new_room()
    answer = CHAT.create_chat_token(
        roomIdentifier=room["arn"], userId="ann", sessionDurationInMinutes=180,
        capabilities=["SEND_MESSAGE", "DISCONNECT_USER", "DELETE_MESSAGE"],
        attributes={"displayName": "Ann"})

    minute = timedelta(minutes=1)
    ends = answer["sessionExpirationTime"]
    duration = ends - datetime.fromisoformat(room["createTime"].replace("Z", "+00:00"))
    equal(answer["token"][:6], "AQICAH")
    equal(ends - answer["tokenExpirationTime"], 120 * minute)
    assert 179 * minute <= duration <= 181 * minute, duration


def send_event():
    arn = new_room()["arn"]

    event = CHAT.send_event(roomIdentifier=arn, eventName="app:Note",
                            attributes={"größe": "1"})

    sent, = control("ListMessages", roomIdentifier=arn)["messages"]
    equal([sent["Id"], sent["EventName"], sent["Attributes"]],
          [event["id"], "app:Note", {"größe": "1"}])


def has(answer, **members):
    """The SDK parsed these members of an error."""
    equal({name: answer.get(name) for name in members}, members)


def chat_validation():
    text = "CreateRoom.name does not match pattern [a-zA-Z0-9-_]*"
    has(refused("ValidationException", 400, text, CHAT.create_room, name="my lobby"),
        reason="FIELD_VALIDATION_FAILED", fieldList=[{"name": "name", "message": text}])


def chat_not_found():
    has(refused("ResourceNotFoundException", 404, f"Resource: {UNKNOWN_ROOM} not found",
                CHAT.get_room, identifier=UNKNOWN_ROOM),
        resourceId="abcdABCDefgh", resourceType="ROOM")


def chat_quota():
    for _ in range(10):
        raw("CreateLoggingConfiguration", **LOGS)
    has(refused("ServiceQuotaExceededException", 402,
                "Service quota exceeded: 10 logging configurations per region",
                CHAT.create_logging_configuration, **LOGS),
        resourceId="000000000000", resourceType="ROOM", limit=10)


def chat_throttling():
    name = "ThrottlingException"
    control("PutFault", operation="SendEvent", error=name, message=f"fault: {name}", times=1)
    has(refused(name, 429, f"fault: {name}", CHAT.send_event, roomIdentifier=UNKNOWN_ROOM,
                eventName="x"),
        resourceId="000000000000", resourceType="ROOM", limit=0)


STEPS = {
    "CreateChannel": create_channel,
    "GetChannel": get_channel,
    "ListChannels": list_channels,
    "UpdateChannel": update_channel,
    "DeleteChannel": delete_channel,
    "CreateStreamKey": create_stream_key,
    "GetStreamKey": get_stream_key,
    "CreateRecordingConfiguration": create_recording_configuration,
    "GetRecordingConfiguration": get_recording_configuration,
    "Pages": pages,
    "Tags": tags,
    "Stream": stream,
    "Session": session,
    "ValidationException": validation,
    "ResourceNotFoundException": not_found,
    "ConflictException": conflict,
    "ServiceQuotaExceededException": quota,
    "ChannelNotBroadcasting": not_broadcasting,
    "ThrottlingException": fault("ThrottlingException", 429, "PutMetadata",
                                 ONCE.put_metadata, channelArn=UNKNOWN, metadata="x"),
    "AccessDeniedException": fault("AccessDeniedException", 403, "GetChannel",
                                   ONCE.get_channel, arn=UNKNOWN),
    "PendingVerification": fault("PendingVerification", 403, "CreateChannel",
                                 ONCE.create_channel),
    "InternalServerException": fault("InternalServerException", 500,
                                     "ListRecordingConfigurations",
                                     ONCE.list_recording_configurations),
    "ServiceUnavailable": fault("ServiceUnavailable", 503, "BatchGetChannel",
                                ONCE.batch_get_channel, arns=[UNKNOWN]),
    "StreamUnavailable": fault("StreamUnavailable", 503, "StopStream",
                               ONCE.stop_stream, channelArn=UNKNOWN),
    "Retry": retry,
    "CreateRoom": create_room,
    "ListRooms": list_rooms,
    "UpdateRoom": update_room,
    "DeleteRoom": delete_room,
    "CreateLoggingConfiguration": create_logging_configuration,
    "CreateChatToken": create_chat_token,
    "SendEvent": send_event,
    "ChatValidationException": chat_validation,
    "ChatResourceNotFoundException": chat_not_found,
    "ChatServiceQuotaExceededException": chat_quota,
    "ChatThrottlingException": chat_throttling,
}


def main():
    print(f"sdk boto3 {boto3.__version__}", flush=True)
    failed = False
    for name, step in STEPS.items():
        try:
            control("Reset")
            step()
            print(f"step {name} passed", flush=True)
        except Exception as error:  # pylint: disable=broad-exception-caught
            failed = True
            print(f"step {name} FAILED: {error!r}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
