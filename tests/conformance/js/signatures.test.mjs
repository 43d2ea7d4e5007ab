// A server that verifies signatures, with the signer of the SDK for JavaScript.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import test from "node:test";

import { client, requireClient, said, serve } from "./support.mjs";

const { SignatureV4 } = requireClient("@smithy/signature-v4");

const KEY = "AKIDEXAMPLE";
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const ACCOUNT = "123456789012";
const WRONG_SIGNATURE =
  "The request signature we calculated does not match the signature you provided. Check " +
  "your AWS Secret Access Key and signing method. Consult the service documentation for " +
  "details.";

/** A server that knows two keys, and a function that creates its clients. */
async function serveSigned(t) {
  const keys = [KEY, ACCOUNT].flatMap((id) => ["--access-key", `${id}:${SECRET}`]);
  const { url } = await serve(t, "--auth", "sigv4", ...keys);
  return {
    url,
    connect: (options) => client(t, url, { account: KEY, secret: SECRET, ...options }),
  };
}

/** The call fails with this error, which no model declares. */
async function assertUnsigned(call, name, message) {
  await assert.rejects(call, (error) => {
    assert.equal(error.name, name);
    assert.match(error.message, message);
    assert.equal(error.$metadata.httpStatusCode, 403);
    return true;
  });
}

/** A pattern that matches exactly the text. */
function exactly(text) {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/** Calls `change` with every request after it is signed and before it is sent. */
function changeSigned(ivs, change) {
  ivs.middlewareStack.add(
    (next) => (call) => {
      change(call.request);
      return next(call);
    },
    { step: "deserialize", name: "changeSigned", priority: "low" },
  );
}

test("a correct secret is served", async (t) => {
  const { connect } = await serveSigned(t);
  const ivs = connect();

  const { channel } = await ivs.createChannel({ name: "lobby", tags: { ä: "/:+=" } });

  assert.deepEqual((await ivs.getChannel({ arn: channel.arn })).channel, channel);
});

test("names in path and query are signed as they are sent", async (t) => {
  const { connect } = await serveSigned(t);
  const ivs = connect({ account: ACCOUNT, region: "eu-west-1" });
  const tags = { "+=": "1", 名前: "2", "a/b:c@d": "3", "_.-": "4" };

  const { channel } = await ivs.createChannel({});
  await ivs.tagResource({ resourceArn: channel.arn, tags });
  const listed = await ivs.listTagsForResource({ resourceArn: channel.arn });
  await ivs.untagResource({ resourceArn: channel.arn, tagKeys: Object.keys(tags) });

  assert.deepEqual(said(listed), { tags });
  assert.deepEqual(
    said(await ivs.listTagsForResource({ resourceArn: channel.arn })),
    { tags: {} },
  );
  assert.match(channel.arn, new RegExp(`:eu-west-1:${ACCOUNT}:`));
});

test("a wrong secret is refused", async (t) => {
  const { connect } = await serveSigned(t);

  await assertUnsigned(
    connect({ secret: "wrong" }).listChannels({}),
    "InvalidSignatureException",
    exactly(WRONG_SIGNATURE),
  );
});

test("an unknown key is refused", async (t) => {
  const { connect } = await serveSigned(t);

  await assertUnsigned(
    connect({ account: "AKIDUNKNOWN" }).listChannels({}),
    "UnrecognizedClientException",
    exactly("The security token included in the request is invalid."),
  );
});

test("any session token is accepted unless it is marked as expired", async (t) => {
  const { connect } = await serveSigned(t);

  const { channels } = await connect({ token: "AQoEXAMPLE/+==" }).listChannels({});

  assert.deepEqual(channels, []);
  await assertUnsigned(
    connect({ token: "session-expired" }).listChannels({}),
    "ExpiredTokenException",
    exactly("The security token included in the request is expired"),
  );
});

test("a call without its signature is refused", async (t) => {
  const { connect } = await serveSigned(t);
  const ivs = connect();
  changeSigned(ivs, (request) => delete request.headers.authorization);

  await assertUnsigned(
    ivs.listChannels({}),
    "MissingAuthenticationTokenException",
    exactly("Missing Authentication Token"),
  );
});

test("a body that is changed in transit is refused", async (t) => {
  const { connect } = await serveSigned(t);
  const ivs = connect();
  changeSigned(ivs, (request) => {
    request.body = JSON.stringify({ name: "tower" });
  });

  await assertUnsigned(
    ivs.createChannel({ name: "lobby" }),
    "InvalidSignatureException",
    exactly(WRONG_SIGNATURE),
  );
  assert.deepEqual((await connect().listChannels({})).channels, []);
});

test("a signature for another region than the one it names is refused", async (t) => {
  const { connect } = await serveSigned(t);
  const ivs = connect();
  changeSigned(ivs, ({ headers }) => {
    headers.authorization = headers.authorization.replace("/us-east-1/", "/us-west-2/");
  });

  await assertUnsigned(
    ivs.listChannels({}),
    "InvalidSignatureException",
    exactly(WRONG_SIGNATURE),
  );
});

test("a wrong clock is refused, and corrected by the SDK", async (t) => {
  const { connect } = await serveSigned(t);
  const slow = { systemClockOffset: -10 * 60 * 1000 };

  await assertUnsigned(
    connect(slow).listChannels({}),
    "InvalidSignatureException",
    /^Signature expired: \S+ is now earlier than \S+ \(\S+ - 5 min\.\)$/,
  );
  await assertUnsigned(
    connect({ systemClockOffset: 10 * 60 * 1000 }).listChannels({}),
    "InvalidSignatureException",
    /^Signature not yet current: \S+ is still later than \S+ \(\S+ \+ 5 min\.\)$/,
  );
  const { $metadata } = await connect({ ...slow, maxAttempts: 2 }).listChannels({});
  assert.equal($metadata.attempts, 2);
});

/** SHA-256 in the form that the SDK's signer requires. */
class Sha256 {
  constructor(secret) {
    this.hash = secret ? createHmac("sha256", secret) : createHash("sha256");
  }
  update(bytes) {
    this.hash.update(bytes);
  }
  async digest() {
    return this.hash.digest();
  }
}

/** The URL of a presigned request. */
async function presign(url, service, path, method = "POST") {
  const { hostname, port, host } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: "us-east-1",
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: SECRET },
    sha256: Sha256,
  });
  const request = { method, protocol: "http:", hostname, port, path, headers: { host } };
  const { query } = await signer.presign(request, { expiresIn: 60 });
  return `${url}${path}?${new URLSearchParams(query)}`;
}

/** The status and the error's name of a response. */
async function outcome(url, method = "POST") {
  const answer = await fetch(url, { method });
  await answer.text();
  return [answer.status, answer.headers.get("x-amzn-errortype")];
}

test("a presigned call is served as it was signed", async (t) => {
  const { url, connect } = await serveSigned(t);
  const { channel } = await connect({ account: ACCOUNT }).createChannel({});
  const tags = await presign(url, "ivs", `/tags/${encodeURIComponent(channel.arn)}`, "GET");
  const list = await presign(url, "ivs", "/ListChannels");

  assert.deepEqual(await outcome(tags, "GET"), [200, null]);
  assert.deepEqual(await outcome(list), [200, null]);
  assert.deepEqual(await outcome(list.replace("Expires=60", "Expires=61")), [
    403,
    "InvalidSignatureException",
  ]);
});

test("a signature names the operation's service, and any for the control API", async (t) => {
  const { url } = await serveSigned(t);

  assert.deepEqual(await outcome(await presign(url, "s3", "/ListChannels")), [
    403,
    "InvalidSignatureException",
  ]);
  assert.deepEqual(await outcome(await presign(url, "s3", "/_ivs-local/ListRequests")), [
    200,
    null,
  ]);
});
