// The program websocket_echo as a process.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** The port of a server for one test, which is stopped when the test is over. */
export async function startEcho(t) {
  const server = spawn(path.join(process.env.CONFORMANCE_BUILD, "websocket_echo"), [], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(server, "exit");
  t.after(async () => {
    server.stdin.end();
    assert.deepEqual(await exited, [0, null], "the server ends by itself");
  });
  const [line] = await Promise.race([
    once(createInterface({ input: server.stdout }), "line"),
    exited.then(() => ["the server ended before it was ready"]),
  ]);
  assert.match(line, /^\d+$/);
  return Number(line);
}
