"""Sockets that no client for chat would make. Whatever they do, the others are served."""
import http.client
import json
import resource
import socket

from support.chat import ChatJourney
from support.report import skip
from support.websocket import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Closed, Refused,
                               frame, handshake)

IDLE_CONNECTIONS = 2000
# Of an idle connection. scripts/bench has the exact figure.
MAX_BYTES_PER_CONNECTION = 8 * 1024
FILES_BESIDES_CONNECTIONS = 200
HALF_OPEN_CONNECTIONS = 200
MESSAGE_MAX_BYTES = 128 * 1024
CODE_OF_PROTOCOL_ERROR, CODE_OF_INVALID_DATA, CODE_OF_TOO_BIG = 1002, 1007, 1009


def request(content="Hi"):
    """A request as bytes."""
    return json.dumps({"Action": "SEND_MESSAGE", "Content": content}).encode()


class TestHandshakes(ChatJourney):
    """Requests that are nearly a handshake."""

    def setUp(self):
        super().setUp()
        self.witness = self.join("witness")

    def tearDown(self):
        self.assert_talks(self.witness)
        self.assertEqual(self.connected(), ["witness"])

    def status(self, data):
        """The status of the response to these bytes."""
        connection = self.connect()
        connection.send_bytes(data)
        return connection.read_head()[0]

    def test_an_offer_that_is_not_a_token_is_refused(self):
        token = self.token()
        for offer, status in (
                (None, 401), ("chat", 401), (token[:-4], 401), (token + "A" * 4, 401),
                (f"{token}, chat", 401), ("A" * 2000, 401), (token.lower(), 401),
                ("", 400), (f"{token}, {token}", 400), ("a b", 400), ("größe", 400)):
            with self.subTest(offer):
                data = handshake(self.witness.host, offer)
                self.assertEqual(self.status(data), status)
        # None of these has used it.
        self.connect().open(token).close()
        self.wait_until_connected("witness")

    def test_an_upgrade_that_is_not_of_rfc_6455_is_refused(self):
        for fields, status in (
                ({"Sec_WebSocket_Key": None}, 400), ({"Sec_WebSocket_Key": "short"}, 400),
                ({"Sec_WebSocket_Key": "A" * 24}, 400),
                ({"Sec_WebSocket_Version": None}, 426),
                ({"Sec_WebSocket_Version": "8"}, 426), ({"Connection": None}, 400),
                ({"Connection": "close"}, 400)):
            with self.subTest(fields):
                token = self.token()
                data = handshake(self.witness.host, token, **fields)
                self.assertEqual(self.status(data), status)
                # Such a request has not used it.
                self.connect().open(token).close()
                self.wait_until_connected("witness")

    def test_other_methods_and_versions_of_http_are_refused(self):
        for before, after, status in ((b"GET /", b"POST /", 405),
                                      (b"GET /", b"HEAD /", 405),
                                      (b"HTTP/1.1", b"HTTP/1.0", 400)):
            with self.subTest(after):
                data = handshake(self.witness.host, self.token()).replace(before, after, 1)
                self.assertEqual(self.status(data), status)

    def test_another_upgrade_is_not_a_handshake(self):
        data = handshake(self.witness.host, self.token(), Upgrade="h2c")

        self.assertEqual(self.status(data), 404)

    def test_any_path_and_more_headers_are_accepted(self):
        data = handshake(self.witness.host, self.token(), Upgrade="WebSocket",
                         Connection="keep-alive, upgrade", X_Any="thing")
        connection = self.connect()

        connection.send_bytes(data.replace(b"GET /", b"GET /chat?x=1", 1))

        self.assertEqual(connection.read_head()[0], 101)
        self.assert_talks(connection)
        connection.close()
        self.wait_until_connected("witness")

    def test_a_request_may_follow_its_handshake_at_once(self):
        connection = self.connect()

        connection.send_bytes(handshake(connection.host, self.token()) +
                              frame(TEXT, request("early")))

        self.assertEqual(connection.read_head()[0], 101)
        self.assertEqual(connection.receive()["Content"], "early")
        connection.close()
        self.wait_until_connected("witness")

    def test_the_longest_token_fits(self):
        escaped = "\u0001" * 1000
        token = self.token("\U0001F600" * 128, attributes={"a": escaped})

        connection = self.connect().open(token)

        self.assert_talks(connection)
        connection.close()
        self.wait_until_connected("witness")

    def test_handshakes_that_never_end_leave_room_for_others(self):
        data = handshake(self.witness.host, self.token())
        stuck = [self.connect() for _ in range(HALF_OPEN_CONNECTIONS)]
        for number, connection in enumerate(stuck):
            connection.send_bytes(data[:number % len(data)])

        self.assert_talks(self.witness)
        other = self.join("other")
        self.assert_talks(other)
        self.chat.send_event(roomIdentifier=self.room, eventName="x")
        other.close()
        self.wait_until_connected("witness")

    def test_clients_that_go_away_during_the_handshake_are_forgotten(self):
        for _ in range(50):
            connection = self.connect()
            connection.send_bytes(handshake(connection.host, self.token("hasty")))
            connection.close()

        self.wait_until_connected("witness")


class TestFrames(ChatJourney):
    """Frames that are unusual, and those that RFC 6455 forbids."""

    def setUp(self):
        super().setUp()
        self.witness = self.join("witness")
        self.connection = self.join("ann")

    def tearDown(self):
        self.assert_talks(self.witness)

    def test_fragments_are_one_request(self):
        text = request("grüße 😀")

        for number in range(len(text)):
            self.connection.send_bytes(frame(TEXT if number == 0 else CONTINUATION,
                                             text[number:number + 1], final=False))
            if number == 50:
                break
        self.connection.send_bytes(frame(CONTINUATION, text[51:]))

        self.assertEqual(self.connection.receive()["Content"], "grüße 😀")

    def test_control_frames_may_come_between_fragments(self):
        text = request("between")

        self.connection.send_bytes(
            frame(TEXT, text[:10], final=False) + frame(PING, b"are you there?") +
            frame(CONTINUATION, b"", final=False) + frame(PONG, b"unasked") +
            frame(CONTINUATION, text[10:]))

        self.assertEqual(self.connection.read_frame(), (PONG, b"are you there?"))
        self.assertEqual(self.connection.receive()["Content"], "between")

    def test_bytes_may_come_one_by_one(self):
        for byte in frame(TEXT, request("slow")):
            self.connection.send_bytes(bytes([byte]))

        self.assertEqual(self.connection.receive()["Content"], "slow")

    def test_many_requests_may_come_at_once(self):
        self.connection.send_bytes(b"".join(
            frame(TEXT, request(f"{number}")) for number in range(5)))

        self.assertEqual([self.connection.receive()["Content"] for _ in range(5)],
                         [f"{number}" for number in range(5)])

    def test_bytes_are_read_like_text(self):
        self.connection.send_bytes(frame(BINARY, request("binary")))

        self.assertEqual(self.connection.receive()["Content"], "binary")

    def test_what_is_no_request_gets_an_error(self):
        for text in ("", "null", "[]", "{", '"SEND_MESSAGE"', '{"Action":1}', "{}",
                     '{"Action":"SEND_MESSAGE"}', "[" * 5000):
            with self.subTest(text[:40]):
                connection = self.join("ann")
                connection.send(text)
                heard = connection.receive()
                self.assertEqual((heard["Type"], heard["ErrorCode"]), ("ERROR", 400))
                self.assert_talks(connection)

    def test_forbidden_frames_end_the_connection(self):
        cases = {
            "without a mask": (frame(TEXT, request(), is_masked=False),
                               CODE_OF_PROTOCOL_ERROR),
            "a reserved bit": (frame(TEXT | 0x40, request()), CODE_OF_PROTOCOL_ERROR),
            "an unknown opcode": (frame(0x3, request()), CODE_OF_PROTOCOL_ERROR),
            "an unknown control frame": (frame(0xB, b""), CODE_OF_PROTOCOL_ERROR),
            "nothing to continue": (frame(CONTINUATION, request()), CODE_OF_PROTOCOL_ERROR),
            "a text within a text": (frame(TEXT, b"{", final=False) + frame(TEXT, request()),
                                     CODE_OF_PROTOCOL_ERROR),
            "a ping in fragments": (frame(PING, b"", final=False), CODE_OF_PROTOCOL_ERROR),
            "a ping of 126 bytes": (frame(PING, b"x" * 126), CODE_OF_PROTOCOL_ERROR),
            "half a close code": (frame(CLOSE, b"\x03"), CODE_OF_PROTOCOL_ERROR),
            "a close code that is not sent": (frame(CLOSE, b"\x03\xed"),
                                              CODE_OF_PROTOCOL_ERROR),
            "no UTF-8": (frame(TEXT, b'{"Action":"\xff"}'), CODE_OF_INVALID_DATA),
            "a reason that is no UTF-8": (frame(CLOSE, b"\x03\xe8\xff"),
                                          CODE_OF_INVALID_DATA),
            "a message that is too long": (frame(TEXT, b"", length=MESSAGE_MAX_BYTES + 1),
                                           CODE_OF_TOO_BIG),
            "a message of 2^62 bytes": (frame(TEXT, b"", length=1 << 62), CODE_OF_TOO_BIG),
            "fragments that are too long together": (
                frame(TEXT, b" " * (100 * 1024), final=False) +
                frame(CONTINUATION, b" " * (100 * 1024)), CODE_OF_TOO_BIG),
        }
        for name, (data, code) in cases.items():
            with self.subTest(name):
                connection = self.join("bad")
                connection.send_bytes(data)
                self.assertEqual(connection.ending(), code)
                self.wait_until_connected("witness", "ann")

    def test_too_many_fragments_end_the_connection(self):
        self.connection.send_bytes(frame(TEXT, b" ", final=False) +
                                   frame(CONTINUATION, b" ", final=False) * 100)

        self.assertIn(self.connection.ending(), (1008, CODE_OF_TOO_BIG))
        self.wait_until_connected("witness")

    def test_a_close_is_returned(self):
        for data, code in ((b"\x03\xe8", 1000), (b"\x0f\xa0bye", 4000)):
            connection = self.join("leaving")
            connection.send_bytes(frame(CLOSE, data))
            self.assertEqual(connection.ending(), code)
            self.wait_until_connected("witness", "ann")

    def test_a_close_without_a_code_is_returned(self):
        self.connection.send_bytes(frame(CLOSE))

        self.assertEqual(self.connection.read_frame().opcode, CLOSE)
        self.wait_until_connected("witness")

    def test_a_socket_that_is_half_closed_is_gone(self):
        self.connection.socket.shutdown(socket.SHUT_WR)

        with self.assertRaises(Closed):
            self.connection.read_bytes(1)
        self.wait_until_connected("witness")

    def test_a_socket_that_closes_within_a_frame_is_gone(self):
        self.connection.send_bytes(frame(TEXT, request())[:10])

        self.connection.close()

        self.wait_until_connected("witness")

    def test_a_socket_that_is_reset_is_gone(self):
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        self.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        self.connection.close()

        self.wait_until_connected("witness")


class TestManyConnections(ChatJourney):
    """What waiting visitors cost."""

    options = ("--quotas", "off")

    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # The server uses half of its files for connections.
        if hard < 2 * IDLE_CONNECTIONS + FILES_BESIDES_CONNECTIONS:
            skip(f"{IDLE_CONNECTIONS} connections need more than {hard} files (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def make_tokens(self, count):
        """As many tokens, by the quickest client."""
        calls = http.client.HTTPConnection(self.connect().host)
        self.addCleanup(calls.close)
        tokens = []
        for number in range(count):
            calls.request("POST", "/CreateChatToken", json.dumps(
                {"roomIdentifier": self.room, "userId": f"user-{number}"}))
            tokens.append(json.loads(calls.getresponse().read())["token"])
        return tokens

    def resident_bytes(self):
        """The memory that the server uses."""
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def test_thousands_wait_in_little_memory_and_all_hear_an_event(self):
        tokens = self.make_tokens(IDLE_CONNECTIONS + 100)
        connections = [self.connect().open(token) for token in tokens[:100]]
        before = self.resident_bytes()
        connections += [self.connect().open(token) for token in tokens[100:]]
        grown = self.resident_bytes() - before

        print(f"{grown / IDLE_CONNECTIONS:.0f} bytes per idle connection")
        self.assertLessEqual(grown, IDLE_CONNECTIONS * MAX_BYTES_PER_CONNECTION)

        event = self.chat.send_event(roomIdentifier=self.room, eventName="x")["id"]
        self.assertEqual({connection.receive()["Id"] for connection in connections}, {event})
        for connection in connections:
            connection.close()
        self.wait_until_connected()

    def test_thousands_connect_and_leave_without_a_trace(self):
        tokens = self.make_tokens(3000)
        for token in tokens[:1000]:
            self.connect().open(token).close()
        self.wait_until_connected()
        before = self.resident_bytes()

        for token in tokens[1000:]:
            self.connect().open(token).close()
        self.wait_until_connected()

        # The tokens are stored, since they must not be used again.
        self.assertLess(self.resident_bytes() - before, 2 * 1024 * 1024)
        with self.assertRaises(Refused):
            self.connect().open(tokens[0])
