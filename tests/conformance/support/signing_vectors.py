"""Prints the table of requests that botocore signed, by which the signer is tested:

    cd tests/conformance
    python3 -m support.signing_vectors > ../unit/signed_request_vectors.def
"""
from typing import NamedTuple, Optional

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoEXAMPLE/token+=="
DATE = "20240229T122136Z"
S3 = "https://my-bucket.s3.us-west-2.amazonaws.com"
LOCAL = "http://127.0.0.1:4566"
JSON = ("Content-Type", "application/x-amz-json-1.1")


class Case(NamedTuple):
    """A request, and its signer. None: there is no body to sign."""
    name: str
    service: str
    method: str
    url: str
    headers: tuple = ()
    body: Optional[str] = ""
    token: Optional[str] = None
    region: str = "us-west-2"


CASES = (
    Case("an object is put", "s3", "PUT", f"{S3}/ivs/v1/0/index.m3u8",
         (("Content-Type", "application/x-mpegURL"),), "#EXTM3U\n"),
    Case("an object is put, unsigned", "s3", "PUT", f"{S3}/ivs/v1/0/0.ts",
         (("Content-Type", "video/MP2T"),), None),
    Case("an object is put with a token", "s3", "PUT", f"{S3}/a", (), "x", TOKEN),
    Case("an unsigned object with a token", "s3", "PUT", f"{S3}/a", (), None, TOKEN),
    Case("an empty object", "s3", "PUT", f"{S3}/empty"),
    Case("an object of an emulator", "s3", "PUT", f"{LOCAL}/my-bucket/key", (), "x"),
    Case("a key of odd segments", "s3", "GET", f"{S3}/a//b/./c/../d/"),
    Case("a key of odd characters", "s3", "GET",
         f"{S3}/a%20b%2Bc/%C3%A4%E1%88%B4/%24%26%27%28%29%2A%2C%3A%3B%3D%40%21"),
    Case("a key with a percent sign", "s3", "HEAD", f"{S3}/100%25/%2541"),
    Case("a key with an encoded slash", "s3", "DELETE", f"{S3}/a%2Fb"),
    Case("unreserved characters", "s3", "GET", f"{S3}/-._~/AZaz09"),
    Case("a bucket", "s3", "PUT", f"{S3}/"),
    Case("a query without a value", "s3", "GET", f"{S3}/?location"),
    Case("a query", "s3", "GET",
         f"{S3}/?list-type=2&prefix=ivs%2Fv1%2F&delimiter=%2F&max-keys=2"),
    Case("a part of an upload", "s3", "PUT", f"{S3}/key?uploadId=a.b-c_d~&partNumber=2", (),
         "part"),
    Case("an upload begins", "s3", "POST", f"{S3}/key?uploads"),
    Case("metadata of an object", "s3", "PUT", f"{S3}/key",
         (("x-amz-meta-note", "  two   words "), ("X-Amz-Acl", "private"),
          ("X-Amz-Meta-Empty", "")), "x"),
    Case("a range", "s3", "GET", f"{S3}/key", (("Range", "bytes=0-9"),)),
    Case("a function is invoked", "lambda", "POST",
         "https://lambda.us-west-2.amazonaws.com/2015-03-31/functions/review/invocations",
         (("Content-Type", "application/json"),), '{"Content":"hello"}'),
    Case("a function is invoked by its ARN", "lambda", "POST",
         f"{LOCAL}/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A123456789012"
         "%3Afunction%3Areview/invocations?Qualifier=%24LATEST",
         (("X-Amz-Invocation-Type", "RequestResponse"),), "{}", TOKEN),
    Case("log events", "logs", "POST", "https://logs.eu-central-1.amazonaws.com/",
         (JSON, ("X-Amz-Target", "Logs_20140328.PutLogEvents")),
         '{"logEvents":[]}', region="eu-central-1"),
    Case("log events without a path", "logs", "POST", LOCAL,
         (JSON, ("X-Amz-Target", "Logs_20140328.CreateLogStream")), "{}"),
    Case("a record", "firehose", "POST", f"{LOCAL}/",
         (JSON, ("X-Amz-Target", "Firehose_20150804.PutRecordBatch")), "{}"),
    Case("an event", "events", "POST", "https://events.us-west-2.amazonaws.com/",
         (JSON, ("X-Amz-Target", "AWSEvents.PutEvents")), '{"Entries":[]}'),
    Case("odd segments are not for others than S3", "service", "GET",
         f"{LOCAL}/a//b/./c/../d/?b=2&a=1&a=0&c"),
    Case("odd characters are encoded once more", "service", "GET",
         f"{LOCAL}/a%20b/%C3%A4/%25?x=%20&y=%C3%A4"),
    Case("an address of IPv6", "service", "GET", "http://[::1]:4566/"),
    Case("no payload hash is sent but to S3", "service", "PUT", f"{LOCAL}/a", (), "body"),
)


def sign(case):
    """The headers of a case by name in lower case, as botocore signs them."""
    is_signed = case.body is not None
    signer = S3SigV4Auth if case.service == "s3" else SigV4Auth
    auth = signer(Credentials(KEY, SECRET, case.token), case.service, case.region)
    request = AWSRequest(case.method, case.url, dict(case.headers),
                         (case.body or "").encode())
    request.context.update(
        timestamp=DATE, client_config=Config(s3={"payload_signing_enabled": is_signed}))

    # The same as add_auth(), but at a fixed time.
    auth._modify_request_before_signing(request)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))
    return {name.lower(): value for name, value in request.headers.items()}


def quoted(text):
    """A text of ASCII characters in C."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def row(case):
    signed = sign(case)
    members = [("name", quoted(case.name)), ("service", quoted(case.service)),
               ("region", quoted(case.region)), ("method", quoted(case.method)),
               ("url", quoted(case.url))]
    if case.headers:
        pairs = ", ".join(f"{{{quoted(name)}, {quoted(value)}}}"
                          for name, value in case.headers)
        members.append(("headers", f"{{{pairs}}}"))
    if case.body is not None:
        members.append(("body", quoted(case.body)))
    if case.token is not None:
        members.append(("token", quoted(case.token)))
    if "x-amz-content-sha256" in signed:
        members.append(("content_sha256", quoted(signed["x-amz-content-sha256"])))
    members.append(("authorization", quoted(signed["authorization"])))
    return "{" + ",\n ".join(f".{name} = {value}" for name, value in members) + "},\n"


def table():
    return ("/* What botocore signs, printed by tests/conformance/support/signing_vectors.py. "
            "*/\n" + "".join(map(row, CASES)))


if __name__ == "__main__":
    print(table(), end="")
