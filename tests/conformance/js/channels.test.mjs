// Channels, their stream keys and their lists, with the SDK for JavaScript.
import assert from "node:assert/strict";
import test from "node:test";

import { assertRefused, client, collect, said, sdk, serve } from "./support.mjs";

const UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

test("a channel without any member has the defaults", async (t) => {
  const { ivs, url } = await serve(t);

  const { channel, streamKey } = await ivs.createChannel({});

  assert.equal(channel.name, "");
  assert.equal(channel.type, "STANDARD");
  assert.equal(channel.latencyMode, "LOW");
  assert.equal(channel.authorized, false);
  assert.deepEqual(channel.tags, {});
  assert.ok(channel.playbackUrl.startsWith(url));
  assert.equal(streamKey.channelArn, channel.arn);
  assert.match(streamKey.value, /^sk_us-east-1_/);
});

test("a channel with its members is read back as sent", async (t) => {
  const { ivs } = await serve(t);
  const sent = {
    name: "lobby",
    latencyMode: "NORMAL",
    type: "STANDARD",
    authorized: true,
    insecureIngest: true,
    containerFormat: "FRAGMENTED_MP4",
    multitrackInputConfiguration: {
      enabled: true,
      policy: "REQUIRE",
      maximumResolution: "HD",
    },
    tags: { team: "video" },
  };

  const created = await ivs.createChannel(sent);
  const read = await ivs.getChannel({ arn: created.channel.arn });

  for (const [name, value] of Object.entries(sent)) {
    assert.deepEqual(read.channel[name], value, name);
  }
  assert.deepEqual(read.channel, created.channel);
});

test("an update changes only the given members", async (t) => {
  const { ivs } = await serve(t);
  const { channel } = await ivs.createChannel({ name: "lobby", authorized: true });

  const updated = await ivs.updateChannel({ arn: channel.arn, authorized: false });

  assert.deepEqual(updated.channel, { ...channel, authorized: false });
});

test("a batch returns the channels and names the missing ones", async (t) => {
  const { ivs } = await serve(t);
  const { channel, streamKey } = await ivs.createChannel({});

  const channels = await ivs.batchGetChannel({ arns: [UNKNOWN, channel.arn] });
  const keys = await ivs.batchGetStreamKey({ arns: [streamKey.arn] });

  assert.deepEqual(channels.channels, [channel]);
  assert.deepEqual(channels.errors, [
    { arn: UNKNOWN, code: "404", message: `Resource: ${UNKNOWN} not found` },
  ]);
  assert.deepEqual(keys.streamKeys, [streamKey]);
});

test("a second stream key is over the quota until the first is deleted", async (t) => {
  const { ivs } = await serve(t);
  const { channel, streamKey } = await ivs.createChannel({});

  await assertRefused(
    ivs.createStreamKey({ channelArn: channel.arn }),
    "ServiceQuotaExceededException",
    402,
    "Service quota exceeded: 1 stream key per channel",
  );
  await ivs.deleteStreamKey({ arn: streamKey.arn });
  const second = await ivs.createStreamKey({ channelArn: channel.arn });

  assert.notEqual(second.streamKey.value, streamKey.value);
});

test("a deleted channel is gone with its stream key", async (t) => {
  const { ivs } = await serve(t);
  const { channel, streamKey } = await ivs.createChannel({});

  const deleted = await ivs.deleteChannel({ arn: channel.arn });

  assert.equal(deleted.$metadata.httpStatusCode, 204);
  assert.deepEqual(said(deleted), {});
  for (const [call, arn] of [
    [() => ivs.getChannel({ arn: channel.arn }), channel.arn],
    [() => ivs.deleteChannel({ arn: channel.arn }), channel.arn],
    [() => ivs.getStreamKey({ arn: streamKey.arn }), streamKey.arn],
  ]) {
    const message = `Resource: ${arn} not found`;
    await assertRefused(call, "ResourceNotFoundException", 404, message);
  }
});

test("the paginators find everything once and in order", async (t) => {
  const { ivs } = await serve(t);
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) {
    await ivs.createChannel({ name });
    await ivs.createRecordingConfiguration({
      name,
      destinationConfiguration: { s3: { bucketName: "demo-recordings" } },
    });
  }
  const paging = { client: ivs, pageSize: 2 };

  const channels = await collect(sdk.paginateListChannels(paging, {}), "channels");
  const configurations = await collect(
    sdk.paginateListRecordingConfigurations(paging, {}),
    "recordingConfigurations",
  );
  const keys = await collect(
    sdk.paginateListStreamKeys(paging, { channelArn: channels[0].arn }),
    "streamKeys",
  );

  assert.deepEqual(channels.map((c) => c.name), names);
  assert.deepEqual(configurations.map((c) => c.name), names);
  assert.equal(keys.length, 1);
});

test("filters narrow a list, one at a time", async (t) => {
  const { ivs } = await serve(t);
  const { recordingConfiguration } = await ivs.createRecordingConfiguration({
    destinationConfiguration: { s3: { bucketName: "demo-recordings" } },
  });
  const arn = recordingConfiguration.arn;
  await ivs.createChannel({ name: "quiet" });
  await ivs.createChannel({ name: "recorded", recordingConfigurationArn: arn });
  const policy = UNKNOWN.replace(":channel/", ":playback-restriction-policy/");
  const names = async (filter) =>
    (await ivs.listChannels(filter)).channels.map((c) => c.name);

  assert.deepEqual(await names({ filterByName: "quiet" }), ["quiet"]);
  assert.deepEqual(await names({ filterByRecordingConfigurationArn: arn }), ["recorded"]);
  assert.deepEqual(await names({ filterByPlaybackRestrictionPolicyArn: policy }), []);
  await assertRefused(
    ivs.listChannels({ filterByName: "quiet", filterByRecordingConfigurationArn: arn }),
    "ConflictException",
    409,
    "ListChannels takes only one of its filters at a time",
  );
});

test("callers of two accounts and two regions see only their own", async (t) => {
  const { url } = await serve(t);
  const callers = [
    { account: "111111111111", region: "us-east-1" },
    { account: "111111111111", region: "eu-west-1" },
    { account: "222222222222", region: "us-east-1" },
  ].map((caller) => ({ ...caller, ivs: client(t, url, caller) }));

  const made = await Promise.all(callers.map(({ ivs }) => ivs.createChannel({})));

  for (const [i, { account, region, ivs }] of callers.entries()) {
    const { channels } = await ivs.listChannels({});
    assert.deepEqual(channels.map((c) => c.arn), [made[i].channel.arn]);
    assert.ok(channels[0].arn.startsWith(`arn:aws:ivs:${region}:${account}:channel/`));
  }
  const arn = made[0].channel.arn;
  await assertRefused(
    callers[1].ivs.getChannel({ arn }),
    "ResourceNotFoundException",
    404,
    `Resource: ${arn} not found`,
  );
});

test("invalid members are refused by the server", async (t) => {
  const { ivs } = await serve(t);

  for (const [call, message] of [
    [() => ivs.getChannel({}), "GetChannel.arn is a required attribute"],
    [() => ivs.createChannel({ name: "the lobby" }),
      "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*"],
    [() => ivs.createChannel({ latencyMode: "HIGH" }),
      "CreateChannel.latencyMode must be one of NORMAL, LOW"],
    [() => ivs.listChannels({ maxResults: 101 }),
      "ListChannels.maxResults must be between 1 and 100"],
    [() => ivs.getStreamKey({ arn: UNKNOWN }),
      "GetStreamKey.arn does not match pattern " +
      "arn:aws:ivs:[a-z0-9-]+:[0-9]+:stream-key/[a-zA-Z0-9-]+"],
  ]) {
    await assertRefused(call, "ValidationException", 400, message);
  }
});
