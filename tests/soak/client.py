"""One connection of one caller, and the possible outcomes of a call."""
import http.client
import json


class Lost(Exception):
    """There was no response, or only a part of one: the operation may have run or not."""


class Difference(Exception):
    """The server and the model differ."""


class Answer:
    def __init__(self, status, error, body):
        self.status, self.error, self.body = status, error, body


class Client:
    """Calls as the account of 12 digits, whose credential is in every request."""

    def __init__(self, server, account):
        self.server, self.account = server, account
        self.connection = None
        self.calls = 0
        self.recent = []  # the last calls and their responses, for reports

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def headers(self):
        credential = f"{self.account}/20250101/us-east-1/ivs/aws4_request"
        return {"Host": "localhost:4580",  # so that URLs are the same after a restart
                "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, "
                                 "SignedHeaders=host, Signature=" + "0" * 64}

    def call(self, operation, body=None, method="POST", target=None):
        """Calls an operation, of the control API if its name begins with a slash."""
        if target is None:
            target = f"/_ivs-local{operation}" if operation[0] == "/" else f"/{operation}"
        text = None if method != "POST" else json.dumps(body or {})
        self.calls += 1
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.server.port, timeout=30)
            self.connection.request(method, target, text, self.headers())
            response = self.connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            self.remember(method, target, text, repr(problem))
            raise Lost(str(problem)) from problem
        self.remember(method, target, text, f"{response.status} {raw.decode()}")
        if response.getheader("Content-Type") != "application/json" and raw:
            return Answer(response.status, None, None)
        return Answer(response.status, response.getheader("x-amzn-ErrorType"),
                      json.loads(raw) if raw else {})

    def remember(self, method, target, text, outcome):
        self.recent = self.recent[-19:] + [f"{method} {target} {text}\n    -> {outcome}"]

    def expect(self, operation, body=None, error=None, **how):
        """Calls; the response must be a success, or exactly this error."""
        answer = self.call(operation, body, **how)
        if answer.error != error or (error is None and answer.status >= 300):
            raise Difference(f"{operation}: {answer.status} {answer.error} instead of "
                             f"{error or 'success'}")
        return answer.body

    def pages(self, operation, member, size, **body):
        """All entries of a list, page by page."""
        entries, token = [], {}
        while token is not None:
            page = self.expect(operation, {**body, **token, "maxResults": size})
            entries += page[member]
            token = {"nextToken": page["nextToken"]} if page.get("nextToken") else None
        return entries
