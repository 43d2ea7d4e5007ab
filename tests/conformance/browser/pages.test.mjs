// Pages that are served: the SDK works in them as it does elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { control, operation, startServer } from "../js/server.mjs";
import { launch, open, servePages } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** What the page gets when it drives the SDK from the first call to the last. */
function journey(page, endpoint) {
  return page.evaluate(async (endpoint) => {
    const { sdk } = globalThis;
    const ivs = new sdk.Ivs({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
    const created = await ivs.createChannel({ name: "lobby", tags: { team: "video" } });
    const { arn } = created.channel;
    const got = await ivs.getChannel({ arn });
    const listed = await ivs.listChannels({ filterByName: "lobby" });
    await ivs.tagResource({ resourceArn: arn, tags: { stage: "test", team: "film" } });
    await ivs.untagResource({ resourceArn: arn, tagKeys: ["stage"] });
    const { tags } = await ivs.listTagsForResource({ resourceArn: arn });
    const failure = async (call) => {
      try {
        return await call();
      } catch (error) {
        const kinds = Object.keys(sdk).filter(
          (name) => name.endsWith("Exception") && error instanceof sdk[name],
        );
        const { message, $metadata } = error;
        return { kinds, message, status: $metadata.httpStatusCode, id: $metadata.requestId };
      }
    };
    const gone = `${arn}x`;
    return {
      created: created.channel,
      requestId: created.$metadata.requestId,
      got: got.channel,
      listed: listed.channels.map((channel) => channel.arn),
      tags,
      notFound: await failure(() => ivs.getChannel({ arn: gone })),
      invalid: await failure(() => ivs.createChannel({ name: "my lobby" })),
      deleted: await failure(() => ivs.deleteChannel({ arn: gone })),
    };
  }, endpoint);
}

async function assertServed(t, page, endpoint, url) {
  const seen = await journey(page, endpoint);
  const { arn } = seen.created;

  assert.deepEqual(seen.got, { ...seen.created, tags: { team: "video" } });
  assert.deepEqual(seen.listed, [arn]);
  assert.deepEqual(seen.tags, { team: "film" });
  assert.ok(seen.notFound.kinds.includes("ResourceNotFoundException"), seen.notFound.kinds);
  assert.equal(seen.notFound.message, `Resource: ${arn}x not found`);
  assert.equal(seen.notFound.status, 404);
  assert.ok(seen.deleted.kinds.includes("ResourceNotFoundException"));
  assert.ok(seen.invalid.kinds.includes("ValidationException"), seen.invalid.kinds);
  assert.equal(seen.invalid.status, 400);

  // The server's request log agrees.
  const { requests } = await control(url, "ListRequests");
  assert.deepEqual(requests.map((r) => [r.operation, r.status]), [
    ["CreateChannel", 200],
    ["GetChannel", 200],
    ["ListChannels", 200],
    ["TagResource", 200],
    ["UntagResource", 200],
    ["ListTagsForResource", 200],
    ["GetChannel", 404],
    ["CreateChannel", 400],
    ["DeleteChannel", 404],
  ]);
  assert.equal(seen.requestId, requests[0].requestId);
  assert.equal(seen.notFound.id, requests[6].requestId);
  const { channel } = await operation(url, "GetChannel", { arn });
  assert.deepEqual(channel.tags, { team: "film" });
}

test("a page of this machine uses the SDK", async (t) => {
  const url = await startServer(t);
  const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);

  await assertServed(t, page, url, url);
});

test("a page of this machine may call the server by another of its names", async (t) => {
  const url = await startServer(t);
  const page = await open(t, browser, `http://127.0.0.1:${await servePages(t)}/`);

  await assertServed(t, page, url.replace("127.0.0.1", "localhost"), url);
});

test("a page of a listed origin uses the SDK", async (t) => {
  const origin = `http://app.example:${await servePages(t)}`;
  const url = await startServer(t, "--allow-origin", origin);
  const page = await open(t, browser, origin);

  await assertServed(t, page, url, url);
});

test("a page reads the request id and the error's name from the headers", async (t) => {
  const url = await startServer(t);
  const page = await open(t, browser, `http://localhost:${await servePages(t)}/`);

  const [id, error] = await page.evaluate(async (url) => {
    const { headers } = await fetch(`${url}/GetChannel`, { method: "POST", body: "{}" });
    return [headers.get("x-amzn-RequestId"), headers.get("x-amzn-ErrorType")];
  }, url);

  const { requests } = await control(url, "ListRequests");
  assert.equal(id, requests[0].requestId);
  assert.equal(error, "ValidationException");
});
