"""
How each error that the published model of `ivs` declares for an operation is reached, as far
as it can be. REACHED maps (operation, error) to a function that prepares its caller for the
error and returns the members of the call that fails.
"""
from published import Published
from support.keys import KEYS

VALIDATION = "ValidationException"
NOT_FOUND = "ResourceNotFoundException"
OFFLINE = "ChannelNotBroadcasting"
CONFLICT = "ConflictException"
QUOTA = "ServiceQuotaExceededException"

# The errors of AWS's own failures, of its permissions and of its call rates.
NEVER = ("AccessDeniedException", "InternalServerException", "PendingVerification",
         "ServiceUnavailable", "StreamUnavailable", "ThrottlingException")

NO_KNOWN_CAUSE = "declared, and nobody published what causes it"
NOT_REACHED = {
    ("CreateAdConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("CreateFailoverSlateConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("CreateRecordingConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("ListPlaybackRestrictionPolicies", CONFLICT): NO_KNOWN_CAUSE,
    ("UpdateAdConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("UpdateAdConfiguration", QUOTA): NO_KNOWN_CAUSE,
    ("UpdateFailoverSlateConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("UpdateFailoverSlateConfiguration", QUOTA): NO_KNOWN_CAUSE,
    ("UpdatePlaybackRestrictionPolicy", CONFLICT): NO_KNOWN_CAUSE,
    ("CreateChannel", QUOTA): "it takes 5,000 channels",
}


def media_tailor(account):
    """An entry of an ad configuration."""
    return {"playbackConfigurationArn":
            f"arn:aws:mediatailor:us-east-1:{account}:playbackConfiguration/ads"}


# What an operation requires in addition to ARNs of this service.
IVS = Published("ivs", {
    "destinationConfiguration": {"s3": {"bucketName": "films"}},
    "durationSeconds": 30,
    "mediaTailorPlaybackConfigurations": [media_tailor("999999999999")],
    "metadata": "hello",
    "publicKeyMaterial": KEYS[0],
    "resourceArn": "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh",
    "viewerId": "viewer",
})


def unknown(operation):
    """Members of which one names a missing resource."""
    members = IVS.required_members(operation)
    if operation == "CreateChannel":
        members["recordingConfigurationArn"] = IVS.unknown_arn(":recording-configuration/")
    return members


def make_ads(caller):
    """The ARN of a new ad configuration."""
    return caller.make("CreateAdConfiguration", mediaTailorPlaybackConfigurations=[
        media_tailor(caller.account)])["adConfiguration"]["arn"]


def make_channel(caller, **members):
    """The ARN of a new channel."""
    return caller.make("CreateChannel", **members)["channel"]["arn"]


def make_live_channel(caller, **members):
    """The ARN of a new channel that is live."""
    arn = make_channel(caller, **members)
    caller.control("StartStream", channelArn=arn)
    return arn


def in_use(operation, member, **members):
    """Creates a resource with this operation, which a channel then uses."""
    def reach(caller):
        made = caller.make(operation, **members)
        (resource,) = made.values()
        make_channel(caller, **{member: resource["arn"]})
        return {"arn": resource["arn"]}
    return reach


def ads_in_use(caller):
    """An ad configuration that a channel uses."""
    arn = make_ads(caller)
    make_channel(caller, adConfigurationArn=arn)
    return {"arn": arn}


def one_too_many(operation, most, **members):
    """Creates as many as the quota allows."""
    def reach(caller):
        for _ in range(most):
            caller.make(operation, **members)
        return members
    return reach


def one_ad_configuration_too_many(caller):
    """Creates as many as the quota allows."""
    for _ in range(20):
        make_ads(caller)
    return {"mediaTailorPlaybackConfigurations": [media_tailor(caller.account)]}


def one_key_too_many(caller):
    """Imports as many as the quota allows."""
    for key in KEYS[:3]:
        caller.make("ImportPlaybackKeyPair", publicKeyMaterial=key)
    return {"publicKeyMaterial": KEYS[3]}


def same_key_again(caller):
    """Imports the key."""
    caller.make("ImportPlaybackKeyPair", publicKeyMaterial=KEYS[0])
    return {"publicKeyMaterial": KEYS[0]}


def two_ad_breaks(caller):
    """Inserts the first ad break."""
    arn = make_live_channel(caller, adConfigurationArn=make_ads(caller))
    members = {"channelArn": arn, "durationSeconds": 300}
    caller.make("InsertAdBreak", **members)
    return members


def offline(operation):
    """Creates a channel that is not live."""
    return lambda caller: {**IVS.required_members(operation),
                           "channelArn": make_channel(caller)}


REACHED = {
    **{(name, VALIDATION): lambda caller, name=name: IVS.invalid(name)
       for name in IVS.operations if VALIDATION in IVS.declared(name)},
    **{(name, NOT_FOUND): lambda caller, name=name: unknown(name)
       for name in IVS.operations if NOT_FOUND in IVS.declared(name)},
    **{(name, OFFLINE): offline(name)
       for name in IVS.operations if OFFLINE in IVS.declared(name)},

    ("DeleteAdConfiguration", CONFLICT): ads_in_use,
    ("DeleteChannel", CONFLICT): lambda caller: {"arn": make_live_channel(caller)},
    ("DeleteFailoverSlateConfiguration", CONFLICT): in_use(
        "CreateFailoverSlateConfiguration", "failoverSlateConfigurationArn"),
    ("DeletePlaybackRestrictionPolicy", CONFLICT): in_use(
        "CreatePlaybackRestrictionPolicy", "playbackRestrictionPolicyArn"),
    ("DeleteRecordingConfiguration", CONFLICT): in_use(
        "CreateRecordingConfiguration", "recordingConfigurationArn",
        destinationConfiguration=IVS.samples["destinationConfiguration"]),
    ("ImportPlaybackKeyPair", CONFLICT): same_key_again,
    ("InsertAdBreak", CONFLICT): two_ad_breaks,
    ("ListChannels", CONFLICT): lambda caller: {
        "filterByName": "lobby", "filterByRecordingConfigurationArn":
        IVS.unknown_arn(":recording-configuration/")},
    ("UpdateChannel", CONFLICT): lambda caller: {
        "arn": make_live_channel(caller), "name": "stage"},

    ("CreateAdConfiguration", QUOTA): one_ad_configuration_too_many,
    ("CreateFailoverSlateConfiguration", QUOTA): one_too_many(
        "CreateFailoverSlateConfiguration", 20),
    ("CreatePlaybackRestrictionPolicy", QUOTA): one_too_many(
        "CreatePlaybackRestrictionPolicy", 3),
    ("CreateRecordingConfiguration", QUOTA): one_too_many(
        "CreateRecordingConfiguration", 20,
        destinationConfiguration=IVS.samples["destinationConfiguration"]),
    ("CreateStreamKey", QUOTA): lambda caller: {"channelArn": make_channel(caller)},
    ("ImportPlaybackKeyPair", QUOTA): one_key_too_many,
}
