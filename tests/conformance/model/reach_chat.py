"""The same as reach.py for `ivschat`."""
from published import Published
from reach import CONFLICT, NO_KNOWN_CAUSE, NOT_FOUND, QUOTA, VALIDATION

# What an operation requires in addition to ARNs of this service.
CHAT = Published("ivschat", {
    "destinationConfiguration": {"s3": {"bucketName": "messages"}},
    "eventName": "app:greeting",
    "id": "abcdABCDefgh",
    "resourceArn": "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh",
    "userId": "viewer",
})

NOT_REACHED = {
    ("CreateLoggingConfiguration", CONFLICT): NO_KNOWN_CAUSE,
    ("CreateLoggingConfiguration", NOT_FOUND): "destinations are not checked",
    ("CreateRoom", CONFLICT): NO_KNOWN_CAUSE,
    ("CreateRoom", QUOTA): "it takes 50,000 rooms",
}


def unknown(operation):
    """Members of which one names a missing resource."""
    members = CHAT.required_members(operation)
    configuration = CHAT.unknown_arn(":logging-configuration/")
    if operation == "CreateRoom":
        members["loggingConfigurationIdentifiers"] = [configuration]
    if operation == "ListRooms":
        members["loggingConfigurationIdentifier"] = configuration
    return members


def make_logging(caller):
    """The ARN of a new logging configuration."""
    return caller.make("CreateLoggingConfiguration",
                       destinationConfiguration=CHAT.samples["destinationConfiguration"])["arn"]


def logging_in_transition(caller):
    """A logging configuration that is being updated until the clock is moved."""
    arn = make_logging(caller)
    caller.control("AdvanceClock", seconds=60)
    caller.make("UpdateLoggingConfiguration", identifier=arn)
    return {"identifier": arn}


def logging_in_use(caller):
    """A logging configuration that a room refers to."""
    arn = make_logging(caller)
    caller.make("CreateRoom", loggingConfigurationIdentifiers=[arn])
    caller.control("AdvanceClock", seconds=60)
    return {"identifier": arn}


def one_logging_too_many(caller):
    """Creates as many as the quota allows."""
    for _ in range(10):
        make_logging(caller)
    return {"destinationConfiguration": CHAT.samples["destinationConfiguration"]}


REACHED = {
    **{(name, VALIDATION): lambda caller, name=name: CHAT.invalid(name)
       for name in CHAT.operations if VALIDATION in CHAT.declared(name)},
    **{(name, NOT_FOUND): lambda caller, name=name: unknown(name)
       for name in CHAT.operations if NOT_FOUND in CHAT.declared(name)
       and (name, NOT_FOUND) not in NOT_REACHED},

    ("CreateLoggingConfiguration", QUOTA): one_logging_too_many,
    ("DeleteLoggingConfiguration", CONFLICT): logging_in_use,
    ("UpdateLoggingConfiguration", CONFLICT): logging_in_transition,
}
