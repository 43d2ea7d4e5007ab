// The WebSocket of browsers against our server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEcho } from "../websocket/server.mjs";
import { launch, open, servePages } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page of this machine that has the functions below, and the port of an echo server. */
async function openPage(t) {
  const port = await startEcho(t);
  const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);
  await page.evaluate(() => {
    globalThis.connect = async (url, protocols = []) => {
      const socket = new WebSocket(url, protocols);
      socket.binaryType = "arraybuffer";
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error("not opened"));
      });
      return socket;
    };
    globalThis.next = (socket) =>
      new Promise((resolve) => {
        socket.onmessage = ({ data }) => resolve(data);
      });
    globalThis.ending = (socket) =>
      new Promise((resolve) => {
        socket.onclose = ({ code, reason, wasClean }) => resolve([code, reason, wasClean]);
      });
  });
  return [page, `ws://127.0.0.1:${port}`];
}

test("text and bytes come back, short and of 1 MiB", async (t) => {
  const [page, url] = await openPage(t);

  const seen = await page.evaluate(async (url) => {
    const { connect, next } = globalThis;
    const socket = await connect(`${url}/`);
    const results = [];
    for (const text of ["hello", "", "grüße 😀", "0123456789abcdef".repeat(65536)]) {
      socket.send(text);
      results.push((await next(socket)) === text);
    }
    for (const length of [0, 1, 125, 126, 65535, 65536, 1048576]) {
      const bytes = new Uint8Array(length).map((_, i) => i * 7);
      socket.send(bytes);
      const got = new Uint8Array(await next(socket));
      results.push(got.length === length && got.every((byte, i) => byte === bytes[i]));
    }
    return [results, socket.extensions];
  }, url);

  assert.deepEqual(seen, [Array(11).fill(true), ""]);
});

test("close codes and reasons go both ways", async (t) => {
  const [page, url] = await openPage(t);

  const seen = await page.evaluate(async (url) => {
    const { connect, ending } = globalThis;
    const ours = await connect(`${url}/`);
    const plain = await connect(`${url}/`);
    const theirs = await connect(`${url}/close`);
    const idle = await connect(`${url}/idle`);
    const endings = [ours, plain, theirs, idle].map(ending);
    ours.close(4321, "leaving");
    plain.close();
    theirs.send("4001 as you wish");
    return Promise.all(endings);
  }, url);

  assert.deepEqual(seen, [
    [4321, "", true],
    [1005, "", true],
    [4001, "as you wish", true],
    [1001, "the client was silent for too long", true],
  ]);
});

test("a subprotocol is chosen, and without one in common there is no connection", async (t) => {
  const [page, url] = await openPage(t);

  const seen = await page.evaluate(async (url) => {
    const { connect } = globalThis;
    const chosen = await connect(`${url}/`, ["other", "echo.v2", "echo.v1"]);
    const refused = await connect(`${url}/`, ["other"]).catch((error) => error.message);
    return [chosen.protocol, refused];
  }, url);

  assert.deepEqual(seen, ["echo.v2", "not opened"]);
});

test("pings are answered by the browser, so the connection lasts", async (t) => {
  const [page, url] = await openPage(t);

  const seen = await page.evaluate(async (url) => {
    const { connect, next } = globalThis;
    const socket = await connect(`${url}/pings`);
    const idle = await connect(`${url}/idle`); // closed after more than two pings
    await new Promise((resolve) => {
      idle.onclose = resolve;
    });
    socket.send("still there?");
    return [socket.readyState, await next(socket)];
  }, url);

  assert.deepEqual(seen, [1, "still there?"]);
});

test("a page that goes away leaves the server as it was", async (t) => {
  const [page, url] = await openPage(t);
  const echo = async (page) =>
    page.evaluate(async (url) => {
      const { connect, next } = globalThis;
      globalThis.socket = await connect(`${url}/`);
      globalThis.socket.send("hello");
      return next(globalThis.socket);
    }, url);

  assert.equal(await echo(page), "hello");
  const [other] = await openPage(t);
  await page.context().close();

  assert.equal(await echo(other), "hello");
});
