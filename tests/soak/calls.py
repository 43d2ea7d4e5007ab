"""Shared by all actions of a caller: calls whose outcome is known, or is determined
afterwards."""
import random
import time

from client import Client, Difference, Lost
from model import Model

NOT_FOUND, CONFLICT = "ResourceNotFoundException", "ConflictException"
QUOTA, OFFLINE = "ServiceQuotaExceededException", "ChannelNotBroadcasting"

# The effects of faults: the members of PutFault, and the outcome of the call.
TRUNCATED = ({"connection": "TRUNCATE"}, None)
FAULTS = (
    ({"error": "ThrottlingException"}, (429, "ThrottlingException")),
    ({"error": "InternalServerException", "latencyMs": 5}, (500, "InternalServerException")),
    ({"connection": "GATEWAY"}, (503, None)),
    ({"connection": "CLOSE"}, None),
    TRUNCATED,
)


def settled(resource):
    """Drops empty members, which a response may contain or omit."""
    return {name: value for name, value in resource.items() if value not in ({}, "")}


class Calls:
    def __init__(self, number, seed, server):
        self.random = random.Random(f"{seed}/{number}")
        self.server, self.client = server, Client(server, f"{number:012}")
        self.model = Model()
        self.done = {}  # how often each action was performed
        self.uncertain = 0

    def open_count(self):
        """The connections of the caller besides the one of its client."""
        return 0

    def until_certain(self, find_out):
        """Waits until the server is available again, and determines what it has done."""
        give_up = time.monotonic() + 60
        while True:
            try:
                self.client.expect("/DeleteFault", {"all": True})
                find_out()
                return
            except Lost:
                if time.monotonic() > give_up:
                    raise Difference("the server does not come back") from None
                time.sleep(0.02)

    def put_fault(self, operation):
        """
        Sometimes makes the next call of the operation fail. Returns the fault, or None.
        The control API has no faults.
        """
        if operation[0] == "/" or self.random.random() > 0.03:
            return None
        fault = self.random.choice(FAULTS)
        self.client.expect("/PutFault", {"operation": operation, "times": 1, **fault[0]})
        self.done["faults"] = self.done.get("faults", 0) + 1
        return fault

    def change(self, operation, body, apply, find_out, **how):
        """
        Calls, and applies the response to the model, without a further call. If there is
        no response, `find_out` determines the outcome.
        """
        starts = self.server.starts
        try:
            fault = self.put_fault(operation)
            answer = self.client.call(operation, body, **how)
        except Lost:
            self.uncertain += 1
            self.until_certain(find_out)
            return
        if fault is not None and (answer.status, answer.error) == fault[1]:
            return
        if answer.status >= 300:
            raise Difference(f"{operation}: {answer.status} {answer.error}")
        # A restart removes the fault, and a response without a body cannot be truncated.
        if fault is not None and self.server.starts == starts and \
                not (fault is TRUNCATED and answer.status == 204):
            raise Difference(f"{operation}: success under the fault {fault[0]}")
        apply(answer.body)

    def read(self, kind, arn):
        return settled(self.client.expect(kind.get, {"arn": arn})[kind.name])

    def check_has(self, what, resource, wanted):
        for name, value in settled(wanted).items():
            if name in resource and resource[name] != value:
                raise Difference(f"{what}: {name} is {resource[name]!r}, not {value!r}")

    def list(self, kind, **body):
        return self.client.pages(kind.list, kind.plural, self.random.randint(1, 100), **body)

    def pick(self, arns):
        arns = list(arns)
        return self.random.choice(arns) if arns else None

    def same(self, what, found, expected):
        if found != expected:
            raise Difference(f"{what}:\n  found    {found}\n  expected {expected}")
