// The package `ws`, which most of Node.js talks WebSocket with, against our server.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

import { startEcho } from "./server.mjs";

const clients = path.join(process.env.CONFORMANCE_CLIENTS, "websocket", "package.json");
const WebSocket = createRequire(clients)("ws");

const MIB = 1024 * 1024;

/** An open connection to the path; it ends with the test. */
async function connect(t, port, target = "/", ...rest) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, ...rest);
  t.after(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

/** The next message. */
async function next(socket) {
  const [data, isBinary] = await once(socket, "message");
  return isBinary ? data : data.toString();
}

/** The code and the reason that the connection is closed with. */
async function closed(socket) {
  const [code, reason] = await once(socket, "close");
  return [code, reason.toString()];
}

test("text comes back as text, and bytes as bytes", async (t) => {
  const socket = await connect(t, await startEcho(t));

  socket.send("grüße 😀");
  assert.equal(await next(socket), "grüße 😀");
  socket.send("");
  assert.equal(await next(socket), "");
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  socket.send(bytes);
  assert.deepEqual(await next(socket), bytes);
});

test("fragments come back as one message", async (t) => {
  const socket = await connect(t, await startEcho(t));

  socket.send("one ", { fin: false });
  socket.send("two ", { fin: false });
  socket.ping("between");
  socket.send("three", { fin: true });

  const pong = once(socket, "pong");
  assert.equal(await next(socket), "one two three");
  assert.equal((await pong)[0].toString(), "between");
});

test("a message of 1 MiB comes back", async (t) => {
  const socket = await connect(t, await startEcho(t));
  const text = "0123456789abcdef".repeat(MIB / 16);

  socket.send(text);
  assert.equal(await next(socket), text);
  const bytes = Buffer.alloc(MIB, 0xa5);
  socket.send(bytes);
  assert.deepEqual(await next(socket), bytes);
});

test("pings are answered in both directions", async (t) => {
  const port = await startEcho(t);
  const socket = await connect(t, port);

  socket.ping("are you there?");
  assert.equal((await once(socket, "pong"))[0].toString(), "are you there?");

  // `ws` answers these, so the connection lasts.
  const pinged = await connect(t, port, "/pings");
  for (let i = 0; i < 3; i++) {
    assert.equal((await once(pinged, "ping"))[0].length, 0);
  }
  assert.equal(pinged.readyState, WebSocket.OPEN);
});

test("the client's close code and reason are taken", async (t) => {
  const port = await startEcho(t);

  for (const code of [1000, 1001, 1008, 1012, 3000, 4999]) {
    const socket = await connect(t, port);
    socket.close(code, "leaving");
    assert.equal((await closed(socket))[0], code);
  }
  const silent = await connect(t, port);
  silent.close();
  assert.equal((await closed(silent))[0], 1005);
});

test("the server's close code and reason arrive", async (t) => {
  const port = await startEcho(t);

  for (const [code, reason] of [[1000, ""], [1011, "it broke"], [4001, "grüße"]]) {
    const socket = await connect(t, port, "/close");
    socket.send(`${code} ${reason}`);
    assert.deepEqual(await closed(socket), [code, reason]);
  }
});

test("a subprotocol of both sides is chosen, in the order of the client", async (t) => {
  const port = await startEcho(t);

  const chosen = await connect(t, port, "/", ["other", "echo.v2", "echo.v1"]);
  assert.equal(chosen.protocol, "echo.v2");
  // Without one in common, it is up to the client, and `ws` gives up.
  const refused = new WebSocket(`ws://127.0.0.1:${port}/`, ["other"]);
  const [error] = await once(refused, "error");
  assert.match(error.message, /no subprotocol/i);
});

test("compression is offered and not taken", async (t) => {
  const socket = await connect(t, await startEcho(t), "/", { perMessageDeflate: true });

  assert.equal(socket.extensions, "");
  socket.send("a".repeat(5000));
  assert.equal(await next(socket), "a".repeat(5000));
});

test("a client without masks, or with a message that is too long, is closed", async (t) => {
  const port = await startEcho(t);

  const naked = await connect(t, port);
  naked.send("hello", { mask: false });
  assert.equal((await closed(naked))[0], 1002);
  const long = await connect(t, port, "/small");
  long.send("a".repeat(1025));
  assert.equal((await closed(long))[0], 1009);
});

test("a client that is silent is closed", async (t) => {
  const socket = await connect(t, await startEcho(t), "/idle");

  assert.deepEqual(await closed(socket), [1001, "the client was silent for too long"]);
});

test("a client that does not read is closed and learns why", async (t) => {
  const socket = await connect(t, await startEcho(t), "/flood");
  let received = 0;
  socket.on("message", () => received++);

  socket.pause();
  socket.send(Buffer.alloc(MIB));
  // Another connection shows that the server went on, and has sent all it could.
  const other = await connect(t, new URL(socket.url).port);
  other.send("still there?");
  assert.equal(await next(other), "still there?");
  socket.resume();
  assert.deepEqual(await closed(socket), [1008, "messages are read too slowly"]);
  assert.ok(received < 100, `${received} messages`);
});

test("connections that break off leave the server as it was", async (t) => {
  const port = await startEcho(t);

  for (let i = 0; i < 20; i++) {
    const socket = await connect(t, port);
    socket.send("a".repeat(100_000));
    socket.terminate();
  }
  const socket = await connect(t, port);
  socket.send("still there?");
  assert.equal(await next(socket), "still there?");
});

test("500 connections at once each get their own messages", async (t) => {
  const port = await startEcho(t);
  const sockets = await Promise.all(
    Array.from({ length: 500 }, () => connect(t, port)),
  );

  const answers = sockets.map(next);
  sockets.forEach((socket, i) => socket.send(`message ${i}`));
  assert.deepEqual(
    await Promise.all(answers),
    sockets.map((_, i) => `message ${i}`),
  );
});

test("a request that is none is told what is missing", async (t) => {
  const port = await startEcho(t);
  const [answer] = await once(http.get(`http://127.0.0.1:${port}/`), "response");

  assert.equal(answer.statusCode, 426);
  assert.equal(answer.headers.upgrade, "websocket");
  assert.equal(answer.headers["sec-websocket-version"], "13");
  answer.resume();
  await once(answer, "end");
});
