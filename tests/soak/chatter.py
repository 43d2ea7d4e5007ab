"""
A caller with chat rooms: it knows who is connected to them, and what everybody must
receive. Its account is its own, so nothing else happens in its rooms.
"""
import copy
import itertools
import threading
import time

from calls import CONFLICT, NOT_FOUND, Calls, settled
from client import Difference, Lost
from connection import Connection, Rate, Refused
from model import Kind

# Few rooms, so that the frames that the server keeps for each soon are as many as ever.
ROOM = Kind("Room", "Rooms", 2)
LOGGING = Kind("LoggingConfiguration", "LoggingConfigurations", 5)
CHAT_KINDS = (ROOM, LOGGING)
MOST_CONNECTIONS = 12
MOST_ON_PAGE = 50
MOST_TOKENS = 20
USED_TO_VERIFY = 50
MESSAGES = 80  # of one room
SESSION_MINUTES = 180
TOKEN_LIFE_S = 50 * 60  # some minutes less than it has
ALL = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"]
UNKNOWN_ID = "a1b2c3d4e5f6"


class ChatModel:
    def __init__(self):
        self.resources = {kind.name: {} for kind in CHAT_KINDS}  # ARN -> as Get returns it
        self.tokens = {}  # that were not used: text -> (room's ARN, user, time)
        self.used = {}    # that were: text -> room's ARN
        self.deleted = []

    def of(self, kind):
        return self.resources[kind.name]

    def copy(self):
        return copy.deepcopy(self, {id(kind): kind for kind in CHAT_KINDS})


class Chatter(Calls):
    def __init__(self, number, seed, server, gate, stop):
        super().__init__(number, seed, server)
        self.gate, self.stop = gate, stop
        self.model, self.saved = ChatModel(), ChatModel()
        self.connections = []
        self.rates = {}  # room's ARN -> the rate of its messages
        self.numbers = itertools.count(1)
        self.problem = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.stop.is_set():
            with self.gate:
                try:
                    self.act_or_recover()
                except Exception as problem:  # pylint: disable=broad-except
                    self.problem = problem
                    self.stop.set()
        for connection in self.connections:
            connection.end()

    def act_or_recover(self):
        try:
            self.act()
        except Lost:
            self.recover()

    def act(self):
        actions, weights = zip(*ACTIONS)
        action = self.random.choices(actions, weights)[0]
        action(self)
        self.done[action.__name__] = self.done.get(action.__name__, 0) + 1

    def recover(self):
        """After a connection or a call was lost: only a server that ended may do that."""
        starts = {connection.starts for connection in self.connections}
        self.until_certain(lambda: None)
        give_up = time.monotonic() + 5
        while self.server.starts in starts and time.monotonic() < give_up:
            time.sleep(0.02)
        if self.server.starts in starts:
            raise Difference("a connection ended, but not the server")
        self.drop_lost()

    def open_count(self):
        return len(self.connections)

    def drop_lost(self):
        """The connections of a server that has ended."""
        for connection in self.connections:
            if connection.starts != self.server.starts:
                connection.end()
        self.connections = [connection for connection in self.connections
                            if connection.starts == self.server.starts]

    # Rooms

    def inputs(self, kind):
        word = f"n{next(self.numbers)}"
        tags = {"tags": {"k": word}} if self.random.random() < 0.3 else {}
        if kind is LOGGING:
            return {"name": word, **tags, "destinationConfiguration": {
                "cloudWatchLogs": {"logGroupName": word}}}
        arn = self.pick(self.model.of(LOGGING))
        logging = {"loggingConfigurationIdentifiers": [arn]} if arn else {}
        return {"name": word, "maximumMessageRatePerSecond": 100, **tags, **logging}

    def create(self):
        kind = self.random.choice((ROOM, ROOM, LOGGING))
        if len(self.model.of(kind)) >= kind.most:
            return
        inputs = self.inputs(kind)

        def apply(body):
            resource = settled(body)
            self.check_has(kind.create, resource, inputs)
            self.model.of(kind)[resource["arn"]] = resource

        def find_out():
            listed = [entry["arn"] for entry in self.list(kind)]
            added = [arn for arn in listed if arn not in self.model.of(kind)]
            if len(added) > 1 or len(listed) != len(self.model.of(kind)) + len(added):
                raise Difference(f"{kind.plural}: {listed}")
            for arn in added:
                apply(self.read_chat(kind, arn))
        self.change(kind.create, inputs, apply, find_out)

    def list(self, kind, **body):
        return self.client.pages(kind.list, kind.plural, self.random.randint(1, MOST_ON_PAGE),
                                 **body)

    def read_chat(self, kind, arn):
        return settled(self.client.expect(kind.get, {"identifier": arn}))

    def update(self):
        arn = self.pick(self.model.of(ROOM))
        if arn is None:
            return
        old = self.model.of(ROOM)[arn]
        changes = {"name": f"u{next(self.numbers)}"}

        def apply(body):
            new = settled(body)
            self.same(f"UpdateRoom {arn}", {**new, "updateTime": None},
                      {**old, **changes, "updateTime": None})
            self.model.of(ROOM)[arn] = new

        def find_out():
            found = self.read_chat(ROOM, arn)
            if found["name"] not in (old.get("name"), changes["name"]):
                raise Difference(f"UpdateRoom: {found} is neither {old} nor changed")
            self.model.of(ROOM)[arn] = found
        self.change("UpdateRoom", {"identifier": arn, **changes}, apply, find_out)

    def delete(self):
        kind = self.random.choice(CHAT_KINDS)
        arn = self.pick(self.model.of(kind))
        if arn is None:
            return
        if kind is LOGGING and any(arn in room.get("loggingConfigurationIdentifiers", ())
                                   for room in self.model.of(ROOM).values()):
            self.client.expect(kind.delete, {"identifier": arn}, error=CONFLICT)
            return

        def apply(_):
            if self.model.of(kind).pop(arn, None) is not None:
                self.model.deleted.append((kind, arn))
            self.expect_closed(lambda connection: connection.room == arn)

        def find_out():
            answer = self.client.call(kind.get, {"identifier": arn})
            if answer.error == NOT_FOUND:
                self.drop_lost()
                apply(None)
            elif answer.status != 200:
                raise Difference(f"{kind.get}: {answer.status} {answer.error}")
        self.change(kind.delete, {"identifier": arn}, apply, find_out)

    # Connections

    def members(self, room):
        return [connection for connection in self.connections if connection.room == room]

    def forget(self, connections):
        self.connections = [connection for connection in self.connections
                            if connection not in connections]

    def expect_closed(self, which):
        """These connections are closed by the server, cleanly."""
        closing = [connection for connection in self.connections if which(connection)]
        for connection in closing:
            connection.expect_close(1000)
        self.forget(closing)

    def make_token(self):
        room = self.pick(self.model.of(ROOM))
        if room is None or len(self.model.tokens) >= MOST_TOKENS:
            return
        user = self.random.choice(("ann", "bob", "eve"))

        def apply(body):
            self.model.tokens[body["token"]] = (room, user, time.monotonic())
        self.change("CreateChatToken", {
            "roomIdentifier": room, "userId": user, "capabilities": ALL,
            "sessionDurationInMinutes": SESSION_MINUTES}, apply, lambda: None)

    def connect(self):
        now = time.monotonic()
        self.model.tokens = {token: about for token, about in self.model.tokens.items()
                             if now - about[2] < TOKEN_LIFE_S}
        token = self.pick(self.model.tokens)
        if token is None or len(self.connections) >= MOST_CONNECTIONS:
            return
        # If there is no answer, it is not known whether the token was used.
        room, user, _ = self.model.tokens.pop(token)
        if room not in self.model.of(ROOM):
            self.expect_refusal(token, 403)
            return
        self.connections.append(Connection(self.server, room, user, token))
        self.model.used[token] = room

    def expect_refusal(self, token, status):
        try:
            Connection(self.server, "no room", "nobody", token).end()
        except Refused as refused:
            self.same("the status of a handshake", refused.status, status)
            return
        raise Difference(f"a handshake is accepted, with {status} expected: {token}")

    def reuse(self):
        token = self.pick(self.model.used)
        if token is not None:
            self.expect_used(token)

    def expect_used(self, token):
        exists = self.model.used[token] in self.model.of(ROOM)
        self.expect_refusal(token, 401 if exists else 403)

    def leave(self):
        connection = self.pick(self.connections)
        if connection is None:
            return
        self.connections.remove(connection)
        if self.random.random() < 0.5:
            connection.leave()
        else:
            connection.end()

    # What everybody gets

    def hear_all(self, room, expected):
        """Everybody in the room gets frames with these ids of requests (events of the API:
        their own ids), all in the same order. Returns the frames."""
        order = None
        for connection in self.members(room):
            frames = [self.hear_one(connection) for _ in expected]
            if None in frames:
                raise Difference(f"{connection.user} in {room} is closed with "
                                 f"{connection.closed} instead of {expected}")
            found = [frame["Id"] for frame in frames]
            if order is None:
                order, first = found, frames
                self.same(f"frames in {room}",
                          sorted(frame["RequestId"] or frame["Id"] for frame in frames),
                          sorted(expected))
            self.same(f"order of frames in {room}", found, order)
        return first if order else []

    def hear_one(self, connection):
        frame = connection.hear()
        if frame is not None and frame["Type"] == "ERROR":
            raise Difference(f"{connection.user} in {connection.room}: {frame}")
        return frame

    def talk(self):
        """Several connections speak before anybody listens."""
        room = self.pick(self.model.of(ROOM))
        rate = self.rates.setdefault(room, Rate(MESSAGES))
        senders = [member for member in self.members(room) if member.rate.allows()]
        said = {}
        for sender in self.random.sample(senders, min(len(senders), 4)):
            said[sender] = []
            for _ in range(self.random.randint(1, 2)):
                if sender.rate.allows() and rate.allows():
                    rate.take()
                    text = f"m{next(self.numbers)}"
                    sender.ask(Action="SEND_MESSAGE", RequestId=text, Content=text)
                    said[sender].append(text)
        expected = [text for texts in said.values() for text in texts]
        frames = self.hear_all(room, expected) if expected else []
        for sender, texts in said.items():
            self.same(f"order of messages of {sender.user}",
                      [frame["Content"] for frame in frames if frame["Content"] in texts],
                      texts)
        self.done["messages"] = self.done.get("messages", 0) + len(frames)

    def send_event(self):
        room = self.pick(self.model.of(ROOM))
        if room is None:
            return
        if self.random.random() < 0.5:
            call = ("SendEvent", {"eventName": "x", "attributes": {"a": "b"}})
        else:
            call = ("DeleteMessage", {"id": UNKNOWN_ID, "reason": "spam"})

        def apply(body):
            self.hear_all(room, [body["id"]])
        self.change(call[0], {"roomIdentifier": room, **call[1]}, apply, self.find_no_frames)

    def find_no_frames(self):
        """After a call without a response it is not known which frames there are: everybody
        leaves."""
        self.drop_lost()
        for connection in self.connections:
            connection.end()
        self.connections = []

    def delete_message(self):
        connection = self.pick(self.connections)
        if connection is not None and connection.rate.allows():
            request = f"d{next(self.numbers)}"
            connection.ask(Action="DELETE_MESSAGE", RequestId=request, Id=UNKNOWN_ID)
            frame, = self.hear_all(connection.room, [request])
            self.same("attributes of a deletion", frame["Attributes"],
                      {"MessageID": UNKNOWN_ID, "MessageId": UNKNOWN_ID})

    def kick(self):
        connection = self.pick(self.connections)
        if connection is None or not connection.rate.allows():
            return
        room, user = connection.room, self.random.choice(("ann", "bob", "eve"))
        request = f"k{next(self.numbers)}"
        connection.ask(Action="DISCONNECT_USER", RequestId=request, UserId=user)
        frame, = self.hear_all(room, [request])
        self.same("attributes of a kick", frame["Attributes"], {"UserId": user})
        self.expect_closed(lambda one: one.room == room and one.user == user)

    def expire(self):
        """All sessions and tokens end."""
        def apply(_):
            tokens = (*self.model.tokens, *self.model.used)
            self.model.tokens, self.model.used = {}, {}
            for connection in self.connections:
                frame = connection.hear()
                if frame is None or frame.get("ErrorCode") != 401:
                    raise Difference(f"{frame} instead of the end of a session")
            self.expect_closed(lambda _: True)
            for token in tokens:
                self.expect_refusal(token, 401)

        def find_out():
            self.find_no_frames()
            self.model.tokens, self.model.used = {}, {}
        self.change("/AdvanceClock", {"seconds": SESSION_MINUTES * 60 + 60}, apply, find_out)

    def reset(self):
        def apply(_):
            self.model = ChatModel()
            self.expect_closed(lambda _: True)

        def find_out():
            self.find_no_frames()
            listed = [entry["arn"] for kind in CHAT_KINDS for entry in self.list(kind)]
            if not listed:
                self.model = ChatModel()
            elif len(listed) != sum(map(len, self.model.resources.values())):
                raise Difference(f"Reset: of all there was, this is left: {listed}")
        self.change("/Reset", {}, apply, find_out)

    # Agreement

    def look(self):
        kind = self.random.choice(CHAT_KINDS)
        arn = self.pick(self.model.of(kind))
        if arn is not None:
            self.same(arn, self.read_chat(kind, arn), self.model.of(kind)[arn])
        if self.model.deleted:
            kind, gone = self.random.choice(self.model.deleted)
            self.client.expect(kind.get, {"identifier": gone}, error=NOT_FOUND)

    def look_at_members(self):
        room = self.pick(self.model.of(ROOM))
        if room is None:
            return
        # The server may not have noticed yet who has left without a close.
        give_up = time.monotonic() + 5
        while True:
            found = self.client.pages("/ListConnections", "connections",
                                      self.random.randint(1, 20), roomIdentifier=room)
            users = [one["userId"] for one in found]
            expected = [one.user for one in self.members(room)]
            if users == expected or time.monotonic() > give_up:
                break
            time.sleep(0.02)
        self.same(f"users in {room}", users, expected)

    def verify(self):
        """Compares everything with the model. A restored snapshot may lack rooms, and then
        their connections were closed."""
        self.drop_lost()
        self.expect_closed(lambda one: one.room not in self.model.of(ROOM))
        for kind in CHAT_KINDS:
            entries = self.list(kind)
            times = [entry["updateTime"] for entry in entries]
            self.same(f"order of {kind.list}", times, sorted(times, reverse=True))
            self.same(kind.list, sorted(entry["arn"] for entry in entries),
                      sorted(self.model.of(kind)))
            for arn, wanted in self.model.of(kind).items():
                self.same(arn, self.read_chat(kind, arn), wanted)
        for token in self.random.sample(list(self.model.used),
                                        min(len(self.model.used), USED_TO_VERIFY)):
            self.expect_used(token)


# The actions of a chatter, and their weights.
ACTIONS = (
    (Chatter.create, 6),
    (Chatter.update, 3),
    (Chatter.delete, 1),
    (Chatter.make_token, 20),
    (Chatter.connect, 20),
    (Chatter.reuse, 3),
    (Chatter.leave, 6),
    (Chatter.talk, 30),
    (Chatter.send_event, 6),
    (Chatter.delete_message, 4),
    (Chatter.kick, 2),
    (Chatter.look, 4),
    (Chatter.look_at_members, 4),
    (Chatter.expire, 0.1),
    (Chatter.reset, 0.1),
)
