"""
A WebSocket as a chat client uses it, of nothing but sockets, so that a test can also send what
no library would.
"""
import base64
import json
import os
import socket
import struct
from typing import NamedTuple
from urllib.parse import urlsplit

# A test that would wait forever fails instead.
PATIENCE_SECONDS = 30

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL = 0x80
MASKED = 0x80


class Refused(Exception):
    """The handshake was refused: `status` and `body` of the response."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body


class Closed(Exception):
    """The server ended the connection. `code` is None without a close frame."""

    def __init__(self, code=None, reason=""):
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class Frame(NamedTuple):
    """A frame that the server sent."""
    opcode: int
    payload: bytes


def mask(payload, key):
    """The payload with its mask applied, or removed."""
    repeated = (key * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^
            int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")


def frame(opcode, payload=b"", final=True, is_masked=True, length=None):
    """The bytes of a frame. `length` is what its header says, if not the truth."""
    length = len(payload) if length is None else length
    masked = MASKED if is_masked else 0
    head = bytes([opcode | (FINAL if final else 0)])
    if length < 126:
        head += bytes([masked | length])
    elif length < 1 << 16:
        head += struct.pack(">BH", masked | 126, length)
    else:
        head += struct.pack(">BQ", masked | 127, length)
    if not is_masked:
        return head + payload
    key = os.urandom(4)
    return head + key + mask(payload, key)


def handshake(host, token, **headers):
    """The request that opens a connection. A header with the value None is left out; an
    underscore in a name stands for a hyphen."""
    fields = {"Host": host, "Upgrade": "websocket", "Connection": "Upgrade",
              "Sec-WebSocket-Version": "13",
              "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
              "Sec-WebSocket-Protocol": token}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value is not None]
    return ("GET / HTTP/1.1\r\n" + "".join(lines) + "\r\n").encode()


class WebSocket:
    """A connection to the server at the URL, which may be of http."""

    def __init__(self, url):
        address = urlsplit(url)
        self.host = address.netloc
        self.received = b""
        self.socket = socket.create_connection((address.hostname, address.port),
                                               PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def open(self, token, **headers):
        """Makes the handshake. Returns the connection."""
        self.send_bytes(handshake(self.host, token, **headers))
        status, fields = self.read_head()
        if status != 101:
            body = self.read_bytes(int(fields.get("content-length", 0)))
            raise Refused(status, body.decode())
        assert fields["sec-websocket-protocol"] == token, fields
        return self

    def read_head(self):
        """The status and the headers of a response."""
        while b"\r\n\r\n" not in self.received:
            self.receive_more()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        line, *lines = head.decode("latin-1").split("\r\n")
        fields = dict(field.split(": ", 1) for field in lines)
        return int(line.split()[1]), {name.lower(): value for name, value in fields.items()}

    def receive_more(self):
        """Waits for more bytes."""
        try:
            more = self.socket.recv(65536)
        except ConnectionError:
            more = b""
        if not more:
            raise Closed()
        self.received += more

    def read_bytes(self, count):
        """So many bytes."""
        while len(self.received) < count:
            self.receive_more()
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def read_frame(self):
        """The next frame. Servers mask nothing, and ours fragments nothing."""
        first, second = self.read_bytes(2)
        assert first & ~0x0F == FINAL and second < MASKED, (first, second)
        length = second
        if second == 126:
            length, = struct.unpack(">H", self.read_bytes(2))
        elif second == 127:
            length, = struct.unpack(">Q", self.read_bytes(8))
        return Frame(first & 0x0F, self.read_bytes(length))

    def receive(self):
        """What the next text says as JSON. Pings are answered. Closed: there is none."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == TEXT:
                return json.loads(payload)
            if opcode == PING:
                self.send_bytes(frame(PONG, payload))
            if opcode == CLOSE:
                self.socket.sendall(frame(CLOSE, payload[:2]))
                raise Closed(struct.unpack(">H", payload[:2])[0], payload[2:].decode())

    def send_bytes(self, data):
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def send(self, text):
        """Sends a text."""
        self.send_bytes(frame(TEXT, text.encode()))

    def ask(self, action, **members):
        """Sends a request."""
        self.send(json.dumps({"Action": action, **members}))

    def say(self, content, **members):
        """Sends a message to the room."""
        self.ask("SEND_MESSAGE", Content=content, **members)

    def ending(self):
        """The close code that ends the connection, after whatever comes before it."""
        try:
            while True:
                self.receive()
        except Closed as closed:
            return closed.code

    def close(self):
        """Ends the connection without a word. May be called twice."""
        self.socket.close()
