"""What the suites of chat in Python share."""
from support.boto import SESSION, Journey, client
from support.report import skip
from support.websocket import PATIENCE_SECONDS, Closed, WebSocket

MAY_ALL = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"]

# One try takes at least a millisecond.
MAX_TRIES = PATIENCE_SECONDS * 1000


class ChatJourney(Journey):
    """A test with a new server, a client of `ivschat` and a room."""

    def setUp(self):
        super().setUp()
        if "ivschat" not in SESSION.get_available_services():
            skip("boto3 has no ivschat")
        self.chat = client(self.server, service="ivschat")
        self.room = self.create_room()

    def create_room(self, chat=None, **members):
        """The ARN of a new room, whose rate does not disturb the tests."""
        return (chat or self.chat).create_room(maximumMessageRatePerSecond=100,
                                               **members)["arn"]

    def token(self, user="ann", room=None, chat=None, **members):
        """A token of a user who may do everything, unless `members` say otherwise."""
        return (chat or self.chat).create_chat_token(
            roomIdentifier=room or self.room, userId=user,
            **{"capabilities": MAY_ALL, **members})["token"]

    def connect(self):
        """A connection without a handshake, which ends with the test."""
        connection = WebSocket(self.server.url)
        self.addCleanup(connection.close)
        return connection

    def join(self, user="ann", room=None, chat=None, **members):
        """A connection to the room."""
        return self.connect().open(self.token(user, room, chat, **members))

    def connected(self, room=None):
        """The users who are connected to the room."""
        return [connection["userId"] for connection in self.server.control(
            "ListConnections", maxResults=1000,
            roomIdentifier=room or self.room)["connections"]]

    def messages(self, room=None):
        """What the visitors of the room got, as the control API lists it."""
        return self.server.control("ListMessages",
                                   roomIdentifier=room or self.room)["messages"]

    def wait_until_connected(self, *users, room=None):
        """Waits until the server has noticed that these users are connected, and no
        others."""
        for _ in range(MAX_TRIES):
            if self.connected(room) == list(users):
                return
        self.assertEqual(self.connected(room), list(users))

    def assert_talks(self, connection):
        """The connection still sends and receives."""
        connection.say("are you there?", RequestId="check")
        for _ in range(MAX_TRIES):
            heard = connection.receive()
            if heard["RequestId"] == "check":
                break
        self.assertEqual((heard["Type"], heard["Content"]), ("MESSAGE", "are you there?"))

    def assert_closed(self, code, connection):
        """The next thing that the connection receives is its end, with that code."""
        with self.assertRaises(Closed) as raised:
            connection.receive()
        self.assertEqual(raised.exception.code, code)
