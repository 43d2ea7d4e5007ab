// The official client for chat, in Node.js.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

import { startServer } from "../js/server.mjs";
import { scenarios } from "./scenarios.mjs";
import { World } from "./world.mjs";

const clients = path.join(process.env.CONFORMANCE_CLIENTS, "chat", "package.json");
const requireClient = createRequire(clients);
const chat = requireClient("amazon-ivs-chat-messaging");
const WebSocket = requireClient("ws");

// The client uses the WebSocket of web pages, which Node.js has since version 22.
globalThis.WebSocket ??= WebSocket;

for (const [name, run] of Object.entries(scenarios)) {
  test(name, async (t) => {
    const world = new World(chat, await startServer(t));
    t.after(() => world.close());

    await run(world);
  });
}

/** How a handshake with that Origin ends. */
async function handshake(world, room, origin) {
  const { token } = await world.createToken(room, "ann");
  const socket = new WebSocket(world.url.replace(/^http/, "ws"), token, { origin });
  const refused = once(socket, "unexpected-response").then(([, { statusCode }]) => statusCode);
  const outcome = await Promise.race([refused, once(socket, "open").then(() => "open")]);
  socket.terminate();
  return outcome;
}

test("pages of other machines are refused, unless they are allowed", async (t) => {
  const listed = "https://app.example";
  const closed = new World(chat, await startServer(t));
  const open = new World(chat, await startServer(t, "--allow-origin", listed));
  const rooms = [await closed.createRoom(), await open.createRoom()];

  assert.equal(await handshake(closed, rooms[0], "http://localhost:3000"), "open");
  assert.equal(await handshake(closed, rooms[0], listed), 403);
  assert.equal(await handshake(closed, rooms[0], "null"), 403);
  assert.equal(await handshake(open, rooms[1], listed), "open");
  assert.equal(await handshake(open, rooms[1], "https://other.example"), 403);
});
