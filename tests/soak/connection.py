"""One WebSocket connection of a chat client (RFC 6455), as far as the soak needs it."""
import base64
import json
import os
import socket
import struct
import time

from client import Difference, Lost

PATIENCE_S = 30
REQUESTS = 8  # of one connection
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Rate:
    """So many requests at once, and each second, are made: fewer than the server allows."""

    def __init__(self, most):
        self.most = self.left = most
        self.counted_at = time.monotonic()

    def allows(self, count=1):
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.counted_at) * self.most)
        self.counted_at = now
        return self.left >= count

    def take(self):
        self.left -= 1


class Refused(Exception):
    """The handshake was answered with this status."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class Connection:
    """A connection of a user in a room. It raises Lost where it ends without a close."""

    def __init__(self, server, room, user, token):
        self.room, self.user, self.starts = room, user, server.starts
        self.closed = None  # the code of the server's close frame
        self.received = b""
        self.rate, self.deadline = Rate(REQUESTS), None
        self.socket = None
        try:
            self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
            self.shake_hands(token)
        except socket.timeout as problem:
            raise Difference("no answer to a handshake") from problem
        except OSError as problem:
            self.end()
            raise Lost(str(problem)) from problem

    def shake_hands(self, token):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {token}\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.received:
            self.read_more()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        status = int(head.split(b" ", 2)[1])
        if status != 101:
            self.end()
            raise Refused(status)

    def end(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def ask(self, **members):
        self.rate.take()
        self.send(TEXT, json.dumps(members).encode())

    def send(self, opcode, payload):
        mask = os.urandom(4)
        length = (bytes([0x80 | len(payload)]) if len(payload) < 126 else
                  struct.pack("!BH", 0x80 | 126, len(payload)))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        try:
            self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)
        except OSError as problem:
            raise Lost(str(problem)) from problem

    def read_more(self):
        try:
            if self.deadline is not None:
                self.socket.settimeout(max(self.deadline - time.monotonic(), 0.001))
            piece = self.socket.recv(65536)
        except socket.timeout as problem:
            raise Difference(f"{self.user} in {self.room} gets nothing") from problem
        except OSError as problem:
            raise Lost(str(problem)) from problem
        if not piece:
            raise Lost("the connection ended")
        self.received += piece

    def take(self, count):
        while len(self.received) < count:
            self.read_more()
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def hear(self):
        """The next frame, or None for a close."""
        self.deadline = time.monotonic() + PATIENCE_S
        while True:
            first, length = self.take(2)
            if length == 126:
                length, = struct.unpack("!H", self.take(2))
            payload = self.take(length)
            opcode = first & 0xf
            if opcode == TEXT:
                return json.loads(payload)
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == CLOSE:
                self.closed, = struct.unpack("!H", payload[:2])
                return None
            else:
                raise Difference(f"an unexpected frame: {first}")

    def expect_close(self, code):
        """The server closes the connection; nothing comes before that."""
        frame = self.hear()
        if frame is not None or self.closed != code:
            raise Difference(f"{self.user} in {self.room} gets {frame} {self.closed} "
                             f"instead of a close with {code}")
        self.end()

    def leave(self):
        """Closes the connection; the server answers."""
        self.send(CLOSE, struct.pack("!H", 1000))
        self.expect_close(1000)
