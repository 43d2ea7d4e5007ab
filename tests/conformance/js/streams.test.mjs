// Live streams, their sessions, ads and slates, with the SDK for JavaScript.
import assert from "node:assert/strict";
import test from "node:test";

import {
  assertRefused, collect, control, DESTINATION, goLive, MEDIA_TAILOR, said, sdk, serve,
  skipWithout,
} from "./support.mjs";

/** The time in the precision of the service. */
function inWholeSeconds(time) {
  return new Date(Math.floor(time / 1000) * 1000);
}

test("a live channel shows its stream until it is stopped", async (t) => {
  const { ivs, url } = await serve(t);
  const { channel } = await ivs.createChannel({});
  const channelArn = channel.arn;
  const before = inWholeSeconds(Date.now());

  const { streamId } = await goLive(url, channelArn, { viewerCount: 7 });
  const { stream } = await ivs.getStream({ channelArn });
  const { startTime, ...rest } = stream;

  assert.ok(startTime instanceof Date && before <= startTime && startTime <= Date.now());
  assert.deepEqual(rest, {
    channelArn,
    streamId,
    playbackUrl: channel.playbackUrl,
    state: "LIVE",
    health: "HEALTHY",
    viewerCount: 7,
  });
  const put = await ivs.putMetadata({ channelArn, metadata: "hello" });
  assert.equal(put.$metadata.httpStatusCode, 204);
  await assertRefused(
    ivs.putMetadata({ channelArn, metadata: "x".repeat(1025) }),
    "ValidationException",
    400,
    "Metadata size exceeds payload limit",
  );
  assert.deepEqual(said(await ivs.stopStream({ channelArn })), {});
  for (const call of [
    () => ivs.getStream({ channelArn }),
    () => ivs.stopStream({ channelArn }),
    () => ivs.putMetadata({ channelArn, metadata: "hello" }),
  ]) {
    const message =
      `ChannelNotBroadcasting: Channel: ${channelArn} is not currently online`;
    await assertRefused(call, "ChannelNotBroadcasting", 404, message);
  }
});

test("a live channel can neither be changed nor deleted", async (t) => {
  const { ivs, url } = await serve(t);
  const { channel } = await ivs.createChannel({});
  const { arn } = channel;
  await goLive(url, arn);

  for (const call of [
    () => ivs.updateChannel({ arn, name: "stage" }),
    () => ivs.deleteChannel({ arn }),
  ]) {
    const message = `Channel: ${arn} is live; stop its stream first`;
    await assertRefused(call, "ConflictException", 409, message);
  }
});

test("a list of streams is filtered by health across pages", async (t) => {
  const { ivs, url } = await serve(t);
  const streams = [];
  for (const health of ["HEALTHY", "STARVING", "STARVING", "UNKNOWN", "STARVING"]) {
    const { channel } = await ivs.createChannel({});
    streams.push(await goLive(url, channel.arn, { health }));
  }

  for (const health of ["HEALTHY", "STARVING", "UNKNOWN"]) {
    const pages = sdk.paginateListStreams({ client: ivs, pageSize: 2 }, {
      filterBy: { health },
    });
    const found = await collect(pages, "streams");

    assert.deepEqual(
      new Set(found.map(({ streamId }) => streamId)),
      new Set(streams.filter((s) => s.health === health).map((s) => s.streamId)),
    );
  }
});

test("a session lists its events, newest first, with dates", async (t) => {
  const { ivs, url } = await serve(t, "--transitions", "0");
  const { recordingConfiguration } = await ivs.createRecordingConfiguration({
    destinationConfiguration: DESTINATION,
  });
  const { channel } = await ivs.createChannel({
    name: "lobby",
    recordingConfigurationArn: recordingConfiguration.arn,
  });
  const channelArn = channel.arn;
  const { streamId } = await goLive(url, channelArn);
  await control(url, "UpdateStream", { channelArn, health: "STARVING" });
  await control(url, "UpdateStream", { channelArn, health: "HEALTHY" });
  await ivs.stopStream({ channelArn });

  const { streamSession } = await ivs.getStreamSession({ channelArn });
  const { streamSessions } = await ivs.listStreamSessions({ channelArn });

  assert.deepEqual(streamSessions, [
    { streamId, hasErrorEvent: false, startTime: streamSession.startTime,
      endTime: streamSession.endTime },
  ]);
  assert.ok(streamSession.startTime instanceof Date);
  assert.ok(streamSession.endTime instanceof Date);
  assert.deepEqual(streamSession.truncatedEvents.map(({ name }) => name), [
    "Recording End", "Stream End", "Session Ended", "Starvation End", "Starvation Start",
    "Recording Start", "Stream Start", "Session Created",
  ]);
  assert.ok(streamSession.truncatedEvents.every((e) => e.eventTime instanceof Date));
  assert.equal(streamSession.channel.name, "lobby");
  assert.deepEqual(streamSession.recordingConfiguration,
    { ...recordingConfiguration, state: "ACTIVE" });
  assert.equal(streamSession.ingestConfiguration.video.videoHeight, 1080);
});

test("sessions are listed newest first across pages", async (t) => {
  const { ivs, url } = await serve(t);
  const { channel } = await ivs.createChannel({});
  const channelArn = channel.arn;
  const started = [];
  for (let i = 0; i < 3; i++) {
    started.unshift((await goLive(url, channelArn)).streamId);
    await ivs.stopStream({ channelArn });
  }

  const first = await ivs.listStreamSessions({ channelArn, maxResults: 2 });
  const rest = await ivs.listStreamSessions({ channelArn, nextToken: first.nextToken });
  const oldest = await ivs.getStreamSession({ channelArn, streamId: started[2] });

  const ids = ({ streamSessions }) => streamSessions.map(({ streamId }) => streamId);
  assert.deepEqual([...ids(first), ...ids(rest)], started);
  assert.equal(rest.nextToken, undefined);
  assert.equal(oldest.streamSession.streamId, started[2]);
});

test("an ad break requires an ad configuration and excludes a second one", async (t) => {
  if (skipWithout(t, "CreateAdConfiguration", "InsertAdBreak")) {
    return;
  }
  const { ivs, url } = await serve(t);
  const { channel } = await ivs.createChannel({});
  const { adConfiguration } = await ivs.createAdConfiguration({
    mediaTailorPlaybackConfigurations: [MEDIA_TAILOR],
  });
  const withAds = await ivs.createChannel({ adConfigurationArn: adConfiguration.arn });
  const channelArn = withAds.channel.arn;
  await goLive(url, channel.arn);
  await goLive(url, channelArn);

  const { adBreakId } = await ivs.insertAdBreak({ channelArn, durationSeconds: 300 });
  const { events } = await control(url, "ListEvents", {
    detailType: "IVS Ad Break State Change",
  });

  assert.match(adBreakId, /^[A-Za-z0-9]{12}$/);
  assert.deepEqual(
    events.map(({ resources, detail }) => [resources, detail.ad_break_id]),
    [[[channelArn], adBreakId]],
  );
  await assertRefused(
    ivs.insertAdBreak({ channelArn, durationSeconds: 30 }),
    "ConflictException",
    409,
    `Channel: ${channelArn} has an ad break running`,
  );
  await assertRefused(
    ivs.insertAdBreak({ channelArn: channel.arn, durationSeconds: 30 }),
    "ValidationException",
    400,
    `Channel: ${channel.arn} has no ad configuration`,
  );
});

test("an ad configuration lives from creation to deletion", async (t) => {
  if (skipWithout(t, "CreateAdConfiguration", "UpdateAdConfiguration")) {
    return;
  }
  const { ivs } = await serve(t);
  const sent = {
    name: "ads",
    mediaTailorPlaybackConfigurations: [MEDIA_TAILOR],
    postRollConfiguration: { enabled: true, durationSeconds: 30 },
    tags: { team: "video" },
  };

  const created = await ivs.createAdConfiguration(sent);
  const { arn } = created.adConfiguration;
  const { channel } = await ivs.createChannel({ adConfigurationArn: arn });
  const updated = await ivs.updateAdConfiguration({ arn, name: "new" });
  const read = await ivs.getAdConfiguration({ arn });
  const found = await ivs.listChannels({ filterByAdConfigurationArn: arn });

  assert.deepEqual(created.adConfiguration, { ...sent, arn });
  assert.deepEqual(updated.adConfiguration, { ...sent, arn, name: "new" });
  assert.deepEqual(read.adConfiguration, updated.adConfiguration);
  assert.deepEqual(found.channels.map((c) => c.arn), [channel.arn]);
  await assertRefused(
    ivs.deleteAdConfiguration({ arn }),
    "ConflictException",
    409,
    `Resource: ${arn} is in use by a channel`,
  );
  await ivs.updateChannel({ arn: channel.arn, adConfigurationArn: "" });
  const deleted = await ivs.deleteAdConfiguration({ arn });
  assert.equal(deleted.$metadata.httpStatusCode, 204);
});

test("a failover slate is created, used and kept while it is used", async (t) => {
  if (skipWithout(t, "CreateFailoverSlateConfiguration")) {
    return;
  }
  const { ivs } = await serve(t, "--transitions", "0");
  const sent = { name: "slate", activationThresholdSeconds: 4, tags: { team: "video" } };

  const created = await ivs.createFailoverSlateConfiguration(sent);
  const { arn } = created.failoverSlateConfiguration;
  await ivs.createChannel({ failoverSlateConfigurationArn: arn });
  const read = await ivs.getFailoverSlateConfiguration({ arn });

  assert.deepEqual(read.failoverSlateConfiguration, {
    ...sent, arn, minSlateDisplaySeconds: 3, maxSlateDisplaySeconds: 60,
    state: "CREATED",
  });
  await assertRefused(
    ivs.deleteFailoverSlateConfiguration({ arn }),
    "ConflictException",
    409,
    `Resource: ${arn} is in use by a channel`,
  );
});
