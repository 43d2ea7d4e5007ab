// Every operation that the SDK for JavaScript has, once.
import assert from "node:assert/strict";
import test from "node:test";

import {
  DESTINATION, goLive, has, implementedOperations, KEYS, MEDIA_TAILOR, serve, succeeded,
} from "./support.mjs";

/** One resource of each kind that every SDK has: their ARNs. */
async function createAll(ivs) {
  const recordingConfiguration = await ivs.createRecordingConfiguration({
    destinationConfiguration: DESTINATION,
  });
  const policy = await ivs.createPlaybackRestrictionPolicy({});
  const { keyPair } = await ivs.importPlaybackKeyPair({ publicKeyMaterial: KEYS[0] });
  const made = {
    recordingConfigurationArn: recordingConfiguration.recordingConfiguration.arn,
    playbackRestrictionPolicyArn: policy.playbackRestrictionPolicy.arn,
  };
  const { channel, streamKey } = await ivs.createChannel(made);
  return { ...made, channelArn: channel.arn, streamKeyArn: streamKey.arn,
    keyPairArn: keyPair.arn };
}

async function readAll(ivs, made) {
  const { channelArn } = made;
  await ivs.getRecordingConfiguration({ arn: made.recordingConfigurationArn });
  await ivs.listRecordingConfigurations({});
  await ivs.getPlaybackRestrictionPolicy({ arn: made.playbackRestrictionPolicyArn });
  await ivs.listPlaybackRestrictionPolicies({});
  await ivs.getPlaybackKeyPair({ arn: made.keyPairArn });
  await ivs.listPlaybackKeyPairs({});
  await ivs.getChannel({ arn: channelArn });
  await ivs.batchGetChannel({ arns: [channelArn] });
  await ivs.listChannels({});
  await ivs.getStreamKey({ arn: made.streamKeyArn });
  await ivs.batchGetStreamKey({ arns: [made.streamKeyArn] });
  await ivs.listStreamKeys({ channelArn });
}

async function stream(ivs, url, channelArn) {
  const { streamId } = await goLive(url, channelArn);
  await ivs.getStream({ channelArn });
  await ivs.listStreams({});
  await ivs.putMetadata({ channelArn, metadata: "hello" });
  await ivs.stopStream({ channelArn });
  await ivs.listStreamSessions({ channelArn });
  await ivs.getStreamSession({ channelArn, streamId });
}

async function changeAll(ivs, made) {
  const { channelArn } = made;
  await ivs.updateChannel({ arn: channelArn, name: "stage" });
  await ivs.updatePlaybackRestrictionPolicy({
    arn: made.playbackRestrictionPolicyArn, name: "policy",
  });
  await ivs.tagResource({ resourceArn: channelArn, tags: { a: "b", c: "d" } });
  await ivs.listTagsForResource({ resourceArn: channelArn });
  await ivs.untagResource({ resourceArn: channelArn, tagKeys: ["a", "c"] });
  await ivs.startViewerSessionRevocation({ channelArn, viewerId: "one" });
  await ivs.batchStartViewerSessionRevocation({
    viewerSessions: [{ channelArn, viewerId: "two" }],
  });
  await ivs.deleteStreamKey({ arn: made.streamKeyArn });
  await ivs.createStreamKey({ channelArn });
}

async function deleteAll(ivs, made) {
  await ivs.deleteChannel({ arn: made.channelArn });
  await ivs.deleteRecordingConfiguration({ arn: made.recordingConfigurationArn });
  await ivs.deletePlaybackRestrictionPolicy({ arn: made.playbackRestrictionPolicyArn });
  await ivs.deletePlaybackKeyPair({ arn: made.keyPairArn });
}

async function ads(ivs, url) {
  const created = await ivs.createAdConfiguration({
    mediaTailorPlaybackConfigurations: [MEDIA_TAILOR],
  });
  const { arn } = created.adConfiguration;
  await ivs.getAdConfiguration({ arn });
  await ivs.listAdConfigurations({});
  await ivs.updateAdConfiguration({ arn, name: "ads" });
  const { channel } = await ivs.createChannel({ adConfigurationArn: arn });
  await goLive(url, channel.arn);
  await ivs.insertAdBreak({ channelArn: channel.arn, durationSeconds: 30 });
  await ivs.stopStream({ channelArn: channel.arn });
  await ivs.deleteChannel({ arn: channel.arn });
  await ivs.deleteAdConfiguration({ arn });
}

async function slates(ivs) {
  const created = await ivs.createFailoverSlateConfiguration({});
  const { arn } = created.failoverSlateConfiguration;
  await ivs.getFailoverSlateConfiguration({ arn });
  await ivs.listFailoverSlateConfigurations({});
  await ivs.updateFailoverSlateConfiguration({ arn, name: "slate" });
  await ivs.deleteFailoverSlateConfiguration({ arn });
}

test("every operation succeeds and all can be deleted", async (t) => {
  const { ivs, url } = await serve(t);
  const known = [...implementedOperations()].filter(has);

  const made = await createAll(ivs);
  await readAll(ivs, made);
  await stream(ivs, url, made.channelArn);
  await changeAll(ivs, made);
  await deleteAll(ivs, made);
  if (known.includes("UpdateAdConfiguration")) {
    await ads(ivs, url);
  }
  if (known.includes("CreateFailoverSlateConfiguration")) {
    await slates(ivs);
  }

  const called = await succeeded(url);
  assert.deepEqual(known.filter((name) => !called.has(name)), []);
  assert.deepEqual((await ivs.listChannels({})).channels, []);
  assert.deepEqual((await ivs.listStreams({})).streams, []);
  assert.deepEqual((await ivs.listPlaybackKeyPairs({})).keyPairs, []);
});
