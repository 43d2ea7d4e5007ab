// The official client for chat in web pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { scenarios } from "../chat/scenarios.mjs";
import { World } from "../chat/world.mjs";
import { operation, startServer } from "../js/server.mjs";
import { launch, open, servePages } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Runs the scenario in a page of this machine. */
async function perform(t, name) {
  const url = await startServer(t);
  const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);

  await page.evaluate(
    async ([name, url]) => {
      const { World, client, scenarios } = globalThis.chat;
      const world = new World(client, url);
      try {
        await scenarios[name](world);
      } finally {
        world.close();
      }
    },
    [name, url],
  );
}

for (const name of Object.keys(scenarios)) {
  test(name, (t) => perform(t, name));
}

/** A room, and a page of that origin which has tried to connect to it as ann. */
async function visit(t, url, origin) {
  const { arn } = await operation(url, "CreateRoom");
  const members = { roomIdentifier: arn, userId: "ann", capabilities: ["SEND_MESSAGE"] };
  const { token } = await operation(url, "CreateChatToken", members);
  const page = await open(t, browser, origin);
  // The page has its token already, since it may not call the API.
  const outcome = await page.evaluate(
    async ([url, room, token]) => {
      const { World, client } = globalThis.chat;
      const options = { provider: () => Promise.resolve({ token }), maxReconnectAttempts: 0 };
      globalThis.ann = new World(client, url).visitor(room, "ann", options);
      globalThis.ann.room.connect();
      return Promise.race(["connect", "disconnect"].map(
        (event) => new Promise((resolve) => {
          globalThis.ann.room.addListener(event, (reason) => resolve(reason ?? event));
        }),
      ));
    },
    [url, arn, token],
  );
  return { arn, page, outcome };
}

test("a page of another machine is refused", async (t) => {
  const url = await startServer(t);
  const origin = `http://app.example:${await servePages(t)}`;

  const { arn, outcome } = await visit(t, url, origin);

  assert.equal(outcome, "socketError");
  assert.deepEqual(await new World(undefined, url).connections(arn), []);
});

test("a page of a listed origin connects and sends", async (t) => {
  const origin = `http://app.example:${await servePages(t)}`;
  const url = await startServer(t, "--allow-origin", origin);

  const { page, outcome } = await visit(t, url, origin);

  assert.equal(outcome, "connect");
  assert.equal(await page.evaluate(async () => (await globalThis.ann.say("Hi")).content), "Hi");
});

test("two pages talk, and one that goes away is disconnected", async (t) => {
  const url = await startServer(t);
  const origin = `http://localhost:${await servePages(t)}`;
  const { arn, page } = await visit(t, url, origin);
  const other = await open(t, browser, origin);
  const world = new World(undefined, url);

  await other.evaluate(
    async ([url, room]) => {
      const { World, client } = globalThis.chat;
      globalThis.bob = await new World(client, url).join(room, "bob");
      await globalThis.bob.say("from another page");
    },
    [url, arn],
  );
  const heard = await page.evaluate(async () => (await globalThis.ann.next("message")).content);
  assert.equal(heard, "from another page");
  await world.whenConnected(arn, ["ann", "bob"]);

  await page.context().close();
  await world.whenConnected(arn, ["bob"]);
});
