"""A webhook: it receives events, and returns them in order."""
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# A test that would wait forever fails instead.
PATIENCE_SECONDS = 60


class Webhook:
    """A listening webhook. `url` is its address."""

    def __init__(self):
        came = self.came = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            """Stores every body that is posted."""

            def do_POST(self):  # pylint: disable=invalid-name
                """Responds only after the event is stored, as a webhook should."""
                length = int(self.headers["Content-Length"])
                came.put(json.loads(self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/events"
        self.thread = threading.Thread(target=self.http.serve_forever)
        self.thread.start()

    def receive(self, count):
        """Returns the next `count` events."""
        return [self.came.get(timeout=PATIENCE_SECONDS) for _ in range(count)]

    def stop(self):
        """Stops listening."""
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()
