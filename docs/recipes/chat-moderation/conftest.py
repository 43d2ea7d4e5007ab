"""
Fixtures: a chat room with a review handler for each test, its visitors, and the function in a
web server.
"""
import json
import os
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
import websocket

from handler import handler

REGION = "us-east-1"
SECONDS = 10  # a test that would wait forever fails instead


@pytest.fixture(scope="session")
def server():
    """The address of IVS Local. Start it with --lambda review=http://127.0.0.1:4581."""
    return os.environ.get("AWS_ENDPOINT_URL_IVSCHAT", "http://127.0.0.1:4580")


@pytest.fixture(scope="session")
def function():
    """
    The Lambda function `review` behind HTTP. Each POST has the event of a message. What is put
    into the list is returned instead of calling the function.
    """
    instead = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(instead.pop() if instead else handler(event, None)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    port = int(os.environ.get("REVIEW_PORT", "4581"))
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield instead
        http.shutdown()
        thread.join()


@pytest.fixture
def account():
    """An account that no other test uses."""
    return f"{secrets.randbelow(10**12):012}"


@pytest.fixture
def chat(server, account):
    """A client of IVS Chat for the account of the test."""
    return boto3.client(
        "ivschat",
        endpoint_url=server,
        region_name=REGION,
        aws_access_key_id=account,
        aws_secret_access_key="test",
    )


@pytest.fixture
def room(chat, account, function):
    """The ARN of a room whose messages are reviewed."""
    return chat.create_room(
        messageReviewHandler={
            "uri": f"arn:aws:lambda:{REGION}:{account}:function:review",
            "fallbackResult": "DENY",
        },
    )["arn"]


class Visitor:
    """A connection to a room."""

    def __init__(self, server, token):
        self.socket = websocket.create_connection(
            server.replace("http", "ws", 1), subprotocols=[token], timeout=SECONDS
        )

    def say(self, content, **attributes):
        """Sends a message to the room."""
        request = {"Action": "SEND_MESSAGE", "Content": content, "Attributes": attributes}
        self.socket.send(json.dumps(request))

    def hear(self):
        """What the server sent: a message, an event or an error. None: it closed."""
        try:
            return json.loads(self.socket.recv() or "null")
        except websocket.WebSocketConnectionClosedException:
            return None


@pytest.fixture
def join(server, chat, room):
    """Connects a user: join("ann"). The connection ends with the test."""
    visitors = []

    def connect(user):
        token = chat.create_chat_token(
            roomIdentifier=room, userId=user, capabilities=["SEND_MESSAGE"]
        )["token"]
        visitors.append(Visitor(server, token))
        return visitors[-1]

    yield connect
    for visitor in visitors:
        visitor.socket.close()
