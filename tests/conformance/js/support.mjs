// What the tests in JavaScript share: a server to talk to, and the SDK as its users have
// it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const build = process.env.CONFORMANCE_BUILD;
const clients = path.join(process.env.CONFORMANCE_CLIENTS, "js", "package.json");

export const sdk = createRequire(clients)("@aws-sdk/client-ivs");

/** A server for one test, stopped when the test is over, and a client of it. */
export async function serve(t, ...options) {
  const server = spawn(
    path.join(build, "ivs-local"),
    ["--port", "0", "--db", ":memory:", "--log-level", "warn", ...options],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(server, "exit");
  t.after(async () => {
    server.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null], "the server ends by itself");
  });

  const lines = createInterface({ input: server.stdout });
  const [ready] = await Promise.race([
    once(lines, "line"),
    exited.then(() => ["the server ended before it was ready"]),
  ]);
  const found = /^ivs-local ready on (http:\/\/\S+) /.exec(ready);
  assert.ok(found, ready);
  return { url: found[1], ivs: client(t, found[1]) };
}

/** A client of `ivs`. 12 digits as `account` are the account of its calls. */
export function client(t, url, { account = "test", region = "us-east-1" } = {}) {
  const ivs = new sdk.Ivs({
    endpoint: url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
    maxAttempts: 1,
  });
  // Else its idle connections outlive the test.
  t.after(() => ivs.destroy());
  return ivs;
}

/** The names of the operations that were called on the server with success. */
export async function succeeded(url) {
  const answer = await fetch(`${url}/_ivs-local/ListRequests`, { method: "POST" });
  const { requests } = await answer.json();
  return new Set(requests.filter((r) => !("error" in r)).map((r) => r.operation));
}

/** The names of all operations of `ivs` that the program answers. */
export function implementedOperations() {
  const { ivs } = JSON.parse(execFileSync(path.join(build, "tables"), ["model"]));
  return new Set(Object.keys(ivs).filter((name) => ivs[name].implemented));
}

/**
 * The call fails with this error: by class, name, status, text and request id. A call
 * that has to wait for its turn comes as a function: a promise that fails before anybody
 * looks at it ends the test.
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

/** What an answer says, without what the SDK says about it. */
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
