"""The OpenAPI document of the control API: a validator accepts it, and it is true."""
import json
import subprocess
import unittest
import urllib.error
import urllib.request

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from support.server import BUILD, Server

PRINTED = json.loads(subprocess.run([BUILD / "ivs-local", "openapi"], check=True,
                                    stdout=subprocess.PIPE).stdout)


def call(url, method, body=None):
    """Status, media type and body of a response."""
    request = urllib.request.Request(
        url, None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"}, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode()
        media = answer.headers.get_content_type() if text else None
        return answer.status, media, json.loads(text) if "json" in (media or "") else text


def operations():
    """Path, method and description of each operation."""
    for path, item in PRINTED["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def example(operation):
    """The example of an input."""
    return operation["requestBody"]["content"]["application/json"].get("example")


class TestDocument(unittest.TestCase):
    """The document by itself, and against a server."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)

    def schema(self, content):
        """A validator of the schema in a content, with the schemas that it refers to."""
        return Draft202012Validator({**content["schema"],
                                     "components": PRINTED["components"]})

    def test_a_validator_accepts_what_is_printed(self):
        self.assertEqual(list(OpenAPIV31SpecValidator(PRINTED).iter_errors()), [])

    def test_a_validator_accepts_what_the_server_returns(self):
        _, _, document = call(f"{self.server.url}/_ivs-local/openapi.json", "GET")

        self.assertEqual(list(OpenAPIV31SpecValidator(document).iter_errors()), [])
        self.assertEqual(document["servers"], [{"url": self.server.url}])

    def test_every_schema_is_one_of_json_schema_2020_12(self):
        for name, schema in PRINTED["components"]["schemas"].items():
            with self.subTest(name):
                Draft202012Validator.check_schema(schema)

    def test_examples_have_their_schema(self):
        for path, _, operation in operations():
            if "requestBody" not in operation or example(operation) is None:
                continue
            with self.subTest(path):
                content = operation["requestBody"]["content"]["application/json"]
                self.schema(content).validate(example(operation))

    def test_responses_are_those_of_the_document(self):
        seen = set()
        for path, method, operation in operations():
            success = operation["responses"].get("200", {})
            if "text/event-stream" in success.get("content", {}):
                continue  # it does not end
            body = None
            if method == "POST":
                body = example(operation) if "requestBody" in operation else {}
            with self.subTest(path):
                status, media, answer = call(self.server.url + path, method, body)
                seen.add(status)
                described = operation["responses"][str(status)]
                if "content" not in described:
                    self.assertEqual(answer, "")
                    continue
                self.schema(described["content"][media]).validate(answer)
        self.assertEqual(seen, {200, 204, 404})

    def test_what_a_schema_refuses_the_server_refuses(self):
        cases = [
            ("AdvanceClock", {}),
            ("PutFault", {"operation": "*", "latencyMs": 300001}),
            ("PutFault", {"operation": "*", "latencyMs": 1.5}),
            ("PutFault", {"operation": "*", "latencyMs": 1, "time": 1}),
            ("GetClock", {"account": "1"}),
            ("PutFault", {"operation": "*", "connection": "OPEN"}),
            ("PutFault", {"operation": "*", "probability": 1.1, "latencyMs": 1}),
            ("SaveSnapshot", {"name": "a b"}),
            ("SaveSnapshot", {"name": "a" * 65}),
            ("AdvanceClock", {"seconds": "1"}),
            ("Seed", {"calls": [{"input": {}}]}),
        ]
        for name, body in cases:
            with self.subTest(name, body=body):
                path = f"/_ivs-local/{name}"
                content = PRINTED["paths"][path]["post"]["requestBody"]["content"]
                refused = self.schema(content["application/json"])
                self.assertFalse(refused.is_valid(body))
                status, _, answer = call(self.server.url + path, "POST", body)
                self.assertEqual(status, 400, answer)


if __name__ == "__main__":
    unittest.main()
