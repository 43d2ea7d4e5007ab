"""Chat rooms: boto3 as the backend, and WebSockets as the visitors."""
import datetime
import re

from botocore.exceptions import ClientError

from support.boto import client
from support.chat import ChatJourney
from support.websocket import Closed, Refused

ID = re.compile(r"[a-zA-Z0-9]{12}")
UNKNOWN = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"
ACCOUNTS = ("111111111111", "222222222222")
REGIONS = ("us-east-1", "eu-west-1")
MINUTE = datetime.timedelta(minutes=1)


class TestMessaging(ChatJourney):
    """What the backend sends reaches the visitors."""

    def test_a_token_has_a_life_of_an_hour_within_its_session(self):
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)

        for minutes, life in ((1, 1), (60, 60), (180, 60)):
            answer = self.chat.create_chat_token(
                roomIdentifier=self.room, userId="ann", sessionDurationInMinutes=minutes)
            session = answer["sessionExpirationTime"] - before
            self.assertTrue(minutes * MINUTE <= session < (minutes + 1) * MINUTE)
            self.assertEqual(answer["sessionExpirationTime"] - answer["tokenExpirationTime"],
                             (minutes - life) * MINUTE)
            self.assertRegex(answer["token"], "^AQICAH[-_0-9a-zA-Z]+$")

    def test_visitors_talk_and_the_server_lists_it(self):
        ann = self.join("ann", attributes={"displayName": "Ann"})
        bob = self.join("bob")

        ann.say("grüße 😀", Attributes={"color": "red"}, RequestId="one")
        heard = bob.receive()
        bob.ask("DELETE_MESSAGE", Id=heard["Id"], Reason="spam")
        deleted = bob.receive()

        self.assertEqual(
            {**heard, "Id": "", "SendTime": ""},
            {"Type": "MESSAGE", "Id": "", "RequestId": "one", "Content": "grüße 😀",
             "Attributes": {"color": "red"}, "SendTime": "",
             "Sender": {"UserId": "ann", "Attributes": {"displayName": "Ann"}}})
        self.assertEqual(deleted["Attributes"], {
            "MessageID": heard["Id"], "MessageId": heard["Id"], "Reason": "spam"})
        self.assertEqual([ann.receive(), ann.receive()], [heard, deleted])
        self.assertEqual(self.messages(), [heard, deleted])

    def test_events_of_the_api_reach_everybody(self):
        visitors = [self.join("ann"), self.join("bob", capabilities=[])]

        event = self.chat.send_event(roomIdentifier=self.room, eventName="app:Note",
                                     attributes={"größe": "1"})["id"]
        deletion = self.chat.delete_message(roomIdentifier=self.room, id="M2YcHkgffEvU",
                                            reason="spam")["id"]

        for visitor in visitors:
            heard, deleted = visitor.receive(), visitor.receive()
            self.assertEqual(
                (heard["Type"], heard["Id"], heard["EventName"], heard["Attributes"]),
                ("EVENT", event, "app:Note", {"größe": "1"}))
            self.assertEqual((deleted["Id"], deleted["EventName"],
                              deleted["Attributes"]["MessageId"]),
                             (deletion, "aws:DELETE_MESSAGE", "M2YcHkgffEvU"))
        self.assertRegex(event, ID)
        self.assertNotEqual(event, deletion)

    def test_a_user_is_disconnected_everywhere_in_the_room_and_may_return(self):
        other_room = self.create_room()
        ann = self.join("ann")
        bobs = [self.join("bob"), self.join("bob")]
        elsewhere = self.join("bob", room=other_room)

        self.chat.disconnect_user(roomIdentifier=self.room, userId="bob", reason="abuse")

        for bob in bobs:
            self.assertEqual(bob.receive()["Attributes"],
                             {"UserId": "bob", "Reason": "abuse"})
            self.assert_closed(1000, bob)
        self.assertEqual(ann.receive()["EventName"], "aws:DISCONNECT_USER")
        self.assertEqual(self.connected(), ["ann"])
        self.assert_talks(elsewhere)
        self.assert_talks(self.join("bob"))

    def test_the_backend_acts_with_nobody_in_the_room(self):
        self.chat.disconnect_user(roomIdentifier=self.room, userId="nobody")
        self.chat.delete_message(roomIdentifier=self.room, id="abcdABCDefgh")
        self.chat.send_event(roomIdentifier=self.room, eventName="hello")

        self.assertEqual([frame["EventName"] for frame in self.messages()],
                         ["aws:DISCONNECT_USER", "aws:DELETE_MESSAGE", "hello"])

    def test_errors_have_the_members_of_their_models(self):
        cases = (
            ("ResourceNotFoundException", 404,
             {"resourceId": "abcdABCDefgh", "resourceType": "ROOM"},
             self.chat.send_event, {"roomIdentifier": UNKNOWN, "eventName": "x"}),
            ("ResourceNotFoundException", 404,
             {"resourceId": "abcdABCDefgh", "resourceType": "ROOM"},
             self.chat.create_chat_token, {"roomIdentifier": UNKNOWN, "userId": "ann"}),
            ("ValidationException", 400,
             {"reason": "FIELD_VALIDATION_FAILED", "fieldList": [{
                 "name": "reason", "message":
                 "DisconnectUser.reason must have a length of between 1 and 256"}]},
             self.chat.disconnect_user,
             {"roomIdentifier": self.room, "userId": "ann", "reason": "x" * 257}),
        )
        for code, status, expected, call, members in cases:
            with self.subTest(code, call=call.__name__):
                with self.assertRaises(self.chat.exceptions.from_code(code)) as raised:
                    call(**members)
                answer = raised.exception.response
                self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
                self.assertEqual({name: answer[name] for name in expected}, expected)
                self.assertEqual(answer["Error"]["Message"], answer["message"])

    def test_a_fault_has_the_members_of_its_error(self):
        # boto3 tries such a call again once.
        self.server.control("PutFault", operation="ivschat:SendEvent", times=2,
                            error="ThrottlingException", message="not now")

        with self.assertRaises(self.chat.exceptions.ThrottlingException) as raised:
            self.chat.send_event(roomIdentifier=self.room, eventName="x")
        answer = raised.exception.response
        self.assertEqual((answer["resourceId"], answer["resourceType"], answer["limit"]),
                         ("000000000000", "ROOM", 0))
        self.chat.send_event(roomIdentifier=self.room, eventName="x")


class TestLists(ChatJourney):
    """Pages of what the control API lists."""

    def test_pages_have_each_message_once(self):
        sent = [self.chat.send_event(roomIdentifier=self.room, eventName=f"{i}")["id"]
                for i in range(25)]

        found, token = [], {}
        while True:
            page = self.server.control("ListMessages", roomIdentifier=self.room,
                                       maxResults=10, **token)
            found += [frame["Id"] for frame in page["messages"]]
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}

        self.assertEqual(found, sent)

    def test_the_last_thousand_are_kept(self):
        other = self.create_room()
        kept = self.chat.send_event(roomIdentifier=other, eventName="other")["id"]
        sent = [self.chat.send_event(roomIdentifier=self.room, eventName="x")["id"]
                for _ in range(1010)]

        listed = self.server.control("ListMessages", roomIdentifier=self.room,
                                     maxResults=1000)

        self.assertEqual([frame["Id"] for frame in listed["messages"]], sent[10:])
        self.assertNotIn("nextToken", listed)
        self.assertEqual([frame["Id"] for frame in self.messages(other)], [kept])

    def test_pages_have_each_connection_once(self):
        for number in range(7):
            self.join(f"user-{number}")

        first = self.server.control("ListConnections", roomIdentifier=self.room,
                                    maxResults=5)
        second = self.server.control("ListConnections", roomIdentifier=self.room,
                                     maxResults=5, nextToken=first["nextToken"])

        self.assertEqual([connection["userId"] for connection in
                          first["connections"] + second["connections"]],
                         [f"user-{number}" for number in range(7)])
        self.assertNotIn("nextToken", second)


class TestCallers(ChatJourney):
    """Accounts and regions side by side on one server."""

    def setUp(self):
        super().setUp()
        self.clients = {(account, region): client(self.server, region, account, "ivschat")
                        for account in ACCOUNTS for region in REGIONS}
        self.rooms = {caller: self.create_room(chat) for caller, chat in
                      self.clients.items()}

    def visitors(self):
        """A visitor of each caller's room, all with the same name."""
        return {caller: self.join("ann", self.rooms[caller], chat)
                for caller, chat in self.clients.items()}

    def control(self, caller, operation, /, **members):
        """The control API for the account and region of a caller."""
        account, region = caller
        return self.server.control(operation, account=account, region=region, **members)

    def test_a_token_leads_to_the_room_of_its_account_and_region(self):
        visitors = self.visitors()

        for caller, visitor in visitors.items():
            visitor.say("-".join(caller))
        for chat, room in zip(self.clients.values(), self.rooms.values()):
            chat.send_event(roomIdentifier=room, eventName=room.rpartition("/")[2])

        for caller, visitor in visitors.items():
            heard = [visitor.receive(), visitor.receive()]
            self.assertEqual({heard[0].get("Content"), heard[1].get("EventName")},
                             {"-".join(caller), self.rooms[caller].rpartition("/")[2]})
            self.assertEqual(self.connected(self.rooms[caller]), ["ann"])

    def test_nobody_finds_the_room_of_another_caller(self):
        (owner, chat), *others = self.clients.items()
        room = self.rooms[owner]
        visitor = self.join("ann", room, chat)

        for _, other in others:
            for call, members in (
                    (other.get_room, {"identifier": room}),
                    (other.delete_room, {"identifier": room}),
                    (other.create_chat_token, {"roomIdentifier": room, "userId": "eve"}),
                    (other.send_event, {"roomIdentifier": room, "eventName": "x"}),
                    (other.delete_message, {"roomIdentifier": room, "id": "abcdABCDefgh"}),
                    (other.disconnect_user, {"roomIdentifier": room, "userId": "ann"})):
                with self.assertRaises(ClientError) as raised:
                    call(**members)
                self.assertEqual(raised.exception.response["Error"]["Code"],
                                 "ResourceNotFoundException")

        self.assert_talks(visitor)
        self.assertEqual(len(self.messages(room)), 1)

    def test_a_clock_ends_only_the_sessions_of_its_caller(self):
        visitors = self.visitors()
        moved, *others = self.clients

        self.control(moved, "AdvanceClock", seconds=3600)

        self.assertEqual(visitors[moved].receive()["ErrorCode"], 401)
        self.assert_closed(1000, visitors[moved])
        for caller in others:
            self.assert_talks(visitors[caller])
        # A session that begins now has its whole duration.
        later = self.join("ann", self.rooms[moved], self.clients[moved])
        self.assert_talks(later)

    def test_a_reset_ends_only_the_connections_of_its_caller(self):
        visitors = self.visitors()
        gone, *others = self.clients
        token = self.token("bob", self.rooms[gone], self.clients[gone])

        self.control(gone, "Reset")

        self.assert_closed(1000, visitors[gone])
        with self.assertRaises(Refused) as refused:
            self.connect().open(token)
        self.assertEqual(refused.exception.status, 403)
        for caller in others:
            self.assert_talks(visitors[caller])

    def test_a_fault_is_for_the_connections_of_its_caller(self):
        visitors = self.visitors()
        broken, *others = self.clients
        self.control(broken, "PutFault", operation="ivschat:SEND_MESSAGE", errorCode=500)

        for visitor in visitors.values():
            visitor.say("Hi")

        self.assertEqual(visitors[broken].receive()["ErrorCode"], 500)
        for caller in others:
            self.assertEqual(visitors[caller].receive()["Content"], "Hi")


SEED = {"calls": [
    {"operation": "CreateLoggingConfiguration", "as": "logs", "input": {
        "destinationConfiguration": {"cloudWatchLogs": {"logGroupName": "chat"}}}},
    {"operation": "CreateRoom", "as": "lobby", "input": {
        "name": "lobby", "loggingConfigurationIdentifiers": ["${logs.arn}"]}},
    {"operation": "CreateChatToken", "as": "ann", "input": {
        "roomIdentifier": "${lobby.arn}", "userId": "ann",
        "capabilities": ["SEND_MESSAGE"]}},
    {"operation": "SendEvent", "as": "event", "input": {
        "roomIdentifier": "${lobby.arn}", "eventName": "seeded",
        "attributes": {"room": "${lobby.name}"}}},
]}


class TestStates(ChatJourney):
    """Seeds and snapshots."""

    options = ("--transitions", "0")

    def test_a_seed_makes_a_room_and_a_token_for_it(self):
        results = {result["as"]: result["output"]
                   for result in self.server.control("Seed", **SEED)["results"]}

        room = results["lobby"]["arn"]
        ann = self.connect().open(results["ann"]["token"])
        ann.say("Hi")
        self.assertEqual(ann.receive()["Sender"], {"UserId": "ann", "Attributes": {}})
        self.assertEqual(self.chat.get_room(identifier=room)["name"], "lobby")
        seeded, said = self.messages(room)
        self.assertEqual((seeded["Id"], seeded["Attributes"]),
                         (results["event"]["id"], {"room": "lobby"}))
        self.assertEqual(said["Content"], "Hi")

    def test_a_seed_that_fails_leaves_no_room(self):
        before = self.chat.list_rooms()["rooms"]
        with self.assertRaises(Exception):
            self.server.control("Seed", calls=[*SEED["calls"], {
                "operation": "GetRoom", "input": {"identifier": UNKNOWN}}])

        self.assertEqual(self.chat.list_rooms()["rooms"], before)

    def test_a_snapshot_brings_back_rooms_but_no_used_token(self):
        self.server.control("Seed", **SEED)
        before = self.chat.list_rooms()["rooms"]
        used, fresh = self.token("ann"), self.token("bob")
        ann = self.connect().open(used)
        self.server.control("SaveSnapshot", name="clean")
        later = self.create_room(name="later")
        late = self.join("eve", room=later)
        self.chat.update_room(identifier=self.room, maximumMessageLength=1)

        self.server.control("RestoreSnapshot", name="clean")

        self.assertEqual(self.chat.list_rooms()["rooms"], before)
        self.assert_closed(1000, late)
        self.assert_talks(ann)
        with self.assertRaises(Refused) as refused:
            self.connect().open(used)
        self.assertEqual(refused.exception.status, 401)
        self.assert_talks(self.connect().open(fresh))

    def test_a_reset_leaves_nothing(self):
        self.server.control("Seed", **SEED)
        ann = self.join("ann")

        self.server.control("Reset")

        self.assert_closed(1000, ann)
        self.assertEqual(self.chat.list_rooms()["rooms"], [])
        self.assertEqual(
            self.chat.list_logging_configurations()["loggingConfigurations"], [])
        self.assertEqual(self.messages(self.create_room()), [])


class TestSessions(ChatJourney):
    """Time and what ends connections."""

    def test_a_session_ends_with_its_duration(self):
        ann = self.join("ann", sessionDurationInMinutes=5)
        bob = self.join("bob", sessionDurationInMinutes=6)

        self.server.control("AdvanceClock", seconds=5 * 60)

        self.assertEqual(ann.receive()["ErrorCode"], 401)
        self.assert_closed(1000, ann)
        self.assert_talks(bob)

    def test_the_room_of_a_visitor_is_deleted(self):
        ann = self.join("ann")

        self.chat.delete_room(identifier=self.room)

        self.assert_closed(1000, ann)
        with self.assertRaises(self.chat.exceptions.ResourceNotFoundException):
            self.token("ann")

    def test_a_visitor_who_goes_without_a_word_is_gone(self):
        ann, bob = self.join("ann"), self.join("bob")

        bob.close()

        self.wait_until_connected("ann")
        self.assert_talks(ann)

    def test_a_used_token_is_refused(self):
        token = self.token("ann")
        self.connect().open(token)

        with self.assertRaises(Refused) as refused:
            self.connect().open(token)
        self.assertEqual(refused.exception.status, 401)
        self.assertEqual(self.connected(), ["ann"])

    def test_the_end_of_the_server_is_clean(self):
        ann = self.join("ann")

        self.server.process.terminate()

        with self.assertRaises(Closed) as closed:
            ann.receive()
        self.assertEqual(closed.exception.code, 1001)
