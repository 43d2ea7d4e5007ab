// The program as a process, and its control API.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

export const build = process.env.CONFORMANCE_BUILD;

/** The URL of a server for one test, which is stopped when the test is over. */
export async function startServer(t, ...options) {
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
  return found[1];
}

/** The response of an operation, if it has a body; the call is unsigned. */
async function post(url, path, members) {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(members),
  });
  const body = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${body}`);
  return body === "" ? undefined : JSON.parse(body);
}

/** An operation of `ivs`, for the default account and region. */
export function operation(url, name, members = {}) {
  return post(url, `/${name}`, members);
}

/** An operation of the control API. */
export function control(url, name, members = {}) {
  return post(url, `/_ivs-local/${name}`, members);
}
