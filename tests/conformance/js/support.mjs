// What the tests in JavaScript share: a server, and the SDK as its users have it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

import { build, control, startServer } from "./server.mjs";

export { control };

const clients = path.join(process.env.CONFORMANCE_CLIENTS, "js", "package.json");

/** A package that was installed with the SDK. */
export const requireClient = createRequire(clients);
export const sdk = requireClient("@aws-sdk/client-ivs");

// Public keys for tests, made with `openssl ecparam -name secp384r1 -genkey` and used for
// nothing else.
export const KEYS = [
  `MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEHW/n+enBFmsDOFyd+o77d/37TLPDSW+B
rScubH3EfF8tc/kLW3BhNQSaRIVTlF2csKw3/jecm1MB0nBdvEZdCH8WyiZ+FJmY
ueudCEwSUhzzKVu1E4R5xHHPwZv/WVXg`,
  `MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECRi3MOOvTbgmUzPu28GLPWUpGvHoe2WZ
yUJVILCOVC8Yt20gnoIYDDQQpdRDaYHN0beSASqtLzwtJD+uDnJY2fcYc16xDE21
M4XTm2ZSUVC0gJNcUUopHaRmvT6GqN+B`,
].map((key) => `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`);

export const DESTINATION = { s3: { bucketName: "demo-recordings" } };
export const MEDIA_TAILOR = {
  playbackConfigurationArn:
    "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/ads",
};

/** A server for one test, stopped when the test is over, and a client of it. */
export async function serve(t, ...options) {
  const url = await startServer(t, ...options);
  return { url, ivs: client(t, url) };
}

/** A client of `ivs`. 12 digits as `account` are the account of its calls. */
export function client(
  t,
  url,
  { account = "test", secret = "test", token, region = "us-east-1", ...more } = {},
) {
  const ivs = new sdk.Ivs({
    endpoint: url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: secret, sessionToken: token },
    maxAttempts: 1,
    ...more,
  });
  // Otherwise its idle connections outlive the test.
  t.after(() => ivs.destroy());
  return ivs;
}

/** An encoder connects to the channel: the stream as the control API shows it. */
export async function goLive(url, channelArn, members = {}) {
  const { stream } = await control(url, "StartStream", { channelArn, ...members });
  return stream;
}

/** The names of the operations that were called on the server successfully. */
export async function succeeded(url) {
  const { requests } = await control(url, "ListRequests");
  return new Set(requests.filter((r) => !("error" in r)).map((r) => r.operation));
}

/** The names of all operations of `ivs` that the program implements. */
export function implementedOperations() {
  const { ivs } = JSON.parse(execFileSync(path.join(build, "tables"), ["model"]));
  return new Set(Object.keys(ivs).filter((name) => ivs[name].implemented));
}

// Even the newest SDK, 3.1136.0, has none of these; boto3 does.
const NOT_YET_IN_SDK = /FailoverSlateConfiguration/;

/**
 * Whether the SDK has the operation. If not, that is reported; and if nothing may be
 * skipped, it fails, unless no SDK has it.
 */
export function has(operation) {
  if (`${operation}Command` in sdk) {
    return true;
  }
  const why = `the SDK for JavaScript has no ${operation}`;
  if (!NOT_YET_IN_SDK.test(operation)) {
    assert.equal(process.env.CONFORMANCE_NO_SKIPS ?? "", "", why);
  }
  console.log(`SKIPPED: ${why}`);
  return false;
}

/** Skips the test, with a message, unless the SDK has all the operations. */
export function skipWithout(t, ...operations) {
  const unknown = operations.filter((operation) => !has(operation));
  if (unknown.length > 0) {
    t.skip(`the SDK has no ${unknown.join(", ")}`);
  }
  return unknown.length > 0;
}

/**
 * The call fails with this error: by class, name, status, text and request id. A call
 * that is made later is passed as a function: a promise that fails before it is awaited
 * ends the test.
 */
export async function assertRefused(call, name, status, message) {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof sdk[name], `${error} is a ${name}`);
    assert.equal(error.name, name);
    assert.equal(error.message, message);
    assert.equal(error.exceptionMessage, message);
    assert.equal(error.$metadata.httpStatusCode, status);
    assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });
}

/** The members of a response, without the SDK's metadata. */
export function said({ $metadata, ...answer }) {
  assert.match($metadata.requestId, /^[0-9a-f-]{36}$/);
  return answer;
}

/** All items of all pages. */
export async function collect(pages, member) {
  const items = [];
  for await (const page of pages) {
    items.push(...page[member]);
  }
  return items;
}
