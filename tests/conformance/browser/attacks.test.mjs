// Pages that are refused: whatever they try, nothing is changed and nothing is read. Each
// attack is also made on a server that serves every page, where it must succeed:
// otherwise its failure would prove nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { control, operation, startServer } from "../js/server.mjs";
import { launch, open, serveName, servePages } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * What a page can try. Each attack gets the server's URL, or "" for the page's own
 * origin, and the ARN of a channel, and returns what the page could read.
 */
const ATTACKS = {
  "a simple request": async (url, arn) => {
    const body = JSON.stringify({ arn });
    const answer = await fetch(`${url}/DeleteChannel`, { method: "POST", body });
    return `${answer.status}`;
  },
  "a simple request that asks for no answer": async (url, arn) => {
    const body = JSON.stringify({ arn });
    await fetch(`${url}/DeleteChannel`, { method: "POST", mode: "no-cors", body });
    return "";
  },
  "a form": async (url) => {
    const frame = document.createElement("iframe");
    frame.name = "frame";
    const form = document.createElement("form");
    form.method = "POST";
    form.enctype = "text/plain";
    form.action = `${url}/CreateChannel`; // DeleteChannel would leave the frame as it is
    form.target = "frame";
    // A form of plain text sends name=value: the = must be somewhere in the JSON.
    const field = document.createElement("input");
    field.name = '{"name":"theirs","x":"';
    field.value = '"}';
    form.append(field);
    document.body.append(frame);
    // An empty frame may have to load before the form's response does.
    const loaded = new Promise((resolve) => {
      frame.addEventListener("load", () => {
        let here = "";
        try {
          here = frame.contentWindow.location.href;
        } catch {
          here = "the answer, of another origin";
        }
        if (here !== "about:blank") {
          resolve();
        }
      });
    });
    document.body.append(form);
    form.submit();
    await loaded;
    return "";
  },
  "a request with a preflight": async (url, arn) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ arn });
    const answer = await fetch(`${url}/DeleteChannel`, { method: "POST", headers, body });
    return `${answer.status}`;
  },
  "the SDK": async (url, arn) => {
    const ivs = new globalThis.sdk.Ivs({
      endpoint: url || location.origin,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
    await ivs.deleteChannel({ arn });
    return "deleted";
  },
  "a DELETE": async (url, arn) => {
    const target = `${url}/tags/${encodeURIComponent(arn)}?tagKeys=team`;
    const answer = await fetch(target, { method: "DELETE" });
    return `${answer.status}`;
  },
  "a look at the tags": async (url, arn) => {
    const answer = await fetch(`${url}/tags/${encodeURIComponent(arn)}`);
    return await answer.text();
  },
  "a look at the channels": async (url) => {
    const answer = await fetch(`${url}/ListChannels`, { method: "POST", body: "{}" });
    return await answer.text();
  },
};

/** Makes the attack in the page. Returns what it could read, or that it failed. */
function attack(page, name, url, arn) {
  return page.evaluate(
    async ([source, url, arn]) => {
      try {
        return await globalThis.eval(source)(url, arn);
      } catch (error) {
        return `failed: ${error}`;
      }
    },
    [ATTACKS[name].toString(), url, arn],
  );
}

/** A server with one channel; its URL and the channel's ARN. */
async function serveChannel(t, ...options) {
  const url = await startServer(t, ...options);
  const members = { name: "secret-name", tags: { team: "secret-team" } };
  const { channel } = await operation(url, "CreateChannel", members);
  return { url, arn: channel.arn };
}

/** What an attack could change, and the calls that were not refused. */
async function stateOf(url) {
  const { channels } = await operation(url, "ListChannels");
  const { requests } = await control(url, "ListRequests");
  const refused = requests.filter((r) => r.error === "OriginRefusedException");
  const ours = ["CreateChannel", "ListChannels"];
  const theirs = requests.filter((r) => !refused.includes(r) && !ours.includes(r.operation));
  return {
    channels: channels.map(({ name, tags }) => ({ name, tags })),
    refused: refused.map((r) => `${r.method} ${r.path}`),
    theirs: theirs.map((r) => r.operation),
  };
}

const UNTOUCHED = [{ name: "secret-name", tags: { team: "secret-team" } }];

/** The attack changes nothing, reads nothing, and is logged as refused. */
async function assertRefused(t, page, name, { url, arn }, endpoint) {
  const read = await attack(page, name, endpoint, arn);

  const state = await stateOf(url);
  assert.deepEqual(state.channels, UNTOUCHED);
  assert.deepEqual(state.theirs, []);
  assert.ok(state.refused.length > 0, "the server saw it");
  assert.doesNotMatch(read, /secret/);
  assert.doesNotMatch(read, /^(2|deleted)/);
  return state.refused;
}

/** The attack changes or reads something. */
async function assertServed(t, page, name, { url, arn }, endpoint) {
  const read = await attack(page, name, endpoint, arn);

  const { channels, refused } = await stateOf(url);
  assert.deepEqual(refused, []);
  if (!/secret/.test(read)) {
    assert.notDeepEqual(channels, UNTOUCHED, `no harm was done; the page has read: ${read}`);
  }
}

// A request that is not simple has a preflight, and is not sent.
const PREFLIGHTED = ["a request with a preflight", "the SDK", "a DELETE"];

for (const name of Object.keys(ATTACKS)) {
  test(`${name} of a page from elsewhere is refused`, async (t) => {
    const server = await serveChannel(t);
    const page = await open(t, browser, `http://other.example:${await servePages(t)}/`);

    const refused = await assertRefused(t, page, name, server, server.url);

    const announced = refused.some((call) => call.startsWith("OPTIONS "));
    assert.equal(announced, PREFLIGHTED.includes(name), refused.join());
  });

  test(`${name} of a page without an origin is refused`, async (t) => {
    const server = await serveChannel(t);
    const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);

    await assertRefused(t, await sandboxed(page), name, server, server.url);
  });

  test(`${name} of a page of this machine is refused if others are listed`, async (t) => {
    const server = await serveChannel(t, "--allow-origin", "http://app.example");
    const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);

    await assertRefused(t, page, name, server, server.url);
  });

  test(`${name} of a page whose name was rebound is refused`, async (t) => {
    const server = await serveChannel(t);
    const page = await rebound(t, server.url);

    await assertRefused(t, page, name, server, "");
  });

  test(`${name} succeeds where every page is served`, async (t) => {
    const server = await serveChannel(t, "--allow-origin", "*");
    const page = await open(t, browser, `http://other.example:${await servePages(t)}/`);

    await assertServed(t, page, name, server, server.url);
  });

  test(`${name} under a rebound name succeeds where every page is served`, async (t) => {
    const server = await serveChannel(t, "--allow-origin", "*");
    const page = await rebound(t, server.url);

    await assertServed(t, page, name, server, "");
  });
}

/** What a page loads without reading it: the browser sends no origin. */
const LOADS = {
  "an image": (page, target) =>
    page.evaluate(async (target) => {
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.addEventListener("error", resolve);
        image.addEventListener("load", resolve);
      });
      image.src = target;
      await loaded;
    }, target),
  "a frame": (page, target) =>
    page.evaluate(async (target) => {
      const frame = document.createElement("iframe");
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
      frame.src = target;
      document.body.append(frame);
      await loaded;
    }, target),
};

/** The errors of the requests for the tags; undefined: it was served. */
async function errorsOfLoads(url) {
  const { requests } = await control(url, "ListRequests");
  return requests.filter((r) => r.path.startsWith("/tags/")).map((r) => r.error);
}

for (const [name, load] of Object.entries(LOADS)) {
  const tagsOf = ({ url, arn }) => `${url}/tags/${encodeURIComponent(arn)}`;

  test(`${name} in a page from elsewhere is refused`, async (t) => {
    const server = await serveChannel(t);
    const page = await open(t, browser, `http://other.example:${await servePages(t)}/`);

    await load(page, tagsOf(server));

    assert.deepEqual(await errorsOfLoads(server.url), ["OriginRefusedException"]);
  });

  test(`${name} in a page of this machine is served`, async (t) => {
    const server = await serveChannel(t);
    const host = new URL(server.url).hostname;
    const page = await open(t, browser, `http://${host}:${await servePages(t)}/`);

    await load(page, tagsOf(server));

    assert.deepEqual(await errorsOfLoads(server.url), [undefined]);
  });

  test(`${name} in a page from elsewhere is served where every page is`, async (t) => {
    const server = await serveChannel(t, "--allow-origin", "*");
    const page = await open(t, browser, `http://other.example:${await servePages(t)}/`);

    await load(page, tagsOf(server));

    assert.deepEqual(await errorsOfLoads(server.url), [undefined]);
  });
}

/** A frame in the page whose origin is null; it has the SDK too. */
async function sandboxed(page) {
  await page.evaluate(async () => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts allow-forms";
    frame.src = location.href;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.append(frame);
    await loaded;
  });
  const frame = page.frames()[1];
  assert.equal(await frame.evaluate(() => self.origin), "null");
  return frame;
}

/** A page that was loaded under a name that now resolves to the server. */
async function rebound(t, url) {
  const name = await serveName(t, await servePages(t));
  const page = await open(t, browser, `http://evil.example:${name.port}/`);
  name.rebind(Number(new URL(url).port));
  return page;
}
