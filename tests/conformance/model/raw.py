"""Calls without a client: they are made according to the published model, and the
response is not interpreted."""
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """A response."""
    status: int
    headers: Any
    body: Any   # None if there is none


class Caller:
    """An account that calls a published service of a server."""

    def __init__(self, server, published, account="000000000000"):
        self.url = server.url
        self.published = published
        self.account = account
        self.signature = (f"AWS4-HMAC-SHA256 Credential={account}/20240101/us-east-1/"
                          f"{published.name}/aws4_request, SignedHeaders=host, Signature=0")

    def send(self, method, path, members):
        """One request; without members it has no body."""
        request = urllib.request.Request(
            self.url + path, json.dumps(members).encode() if members else None,
            {"Content-Type": "application/json", "Authorization": self.signature},
            method=method)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
        return Answer(answer.status, answer.headers, json.loads(body) if body else None)

    def call(self, operation, **members):
        """Calls an operation of the service, with each member in its place."""
        published = self.published.operations[operation]
        path, query, body = published["http"]["requestUri"], [], {}
        for name, value in members.items():
            member = self.published.input_of(operation)["members"][name]
            place = member.get("location")
            if place == "uri":
                path = path.replace(f"{{{name}}}", urllib.parse.quote(value, safe=""))
            elif place == "querystring":
                query += [(member["locationName"], item) for item in value]
            else:
                body[name] = value
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.send(published["http"]["method"], path, body)

    def make(self, operation, **members):
        """The body of a call that succeeds."""
        return self.succeed(operation, self.call(operation, **members))

    def control(self, operation, **members):
        """The body of a call of the control API that succeeds."""
        return self.succeed(operation,
                            self.send("POST", f"/_ivs-local/{operation}", members))

    @staticmethod
    def succeed(operation, answer):
        """The body of the response, which is not an error."""
        if answer.status >= 300:
            raise AssertionError(f"{operation}: {answer.status} {answer.body}")
        return answer.body
