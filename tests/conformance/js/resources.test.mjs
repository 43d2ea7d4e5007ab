// Recording configurations and tags, with the SDK for JavaScript.
import assert from "node:assert/strict";
import test from "node:test";

import { assertRefused, DESTINATION, said, serve } from "./support.mjs";

const UNUSUAL_TAGS = {
  "Größe": "über alles",
  "名前": "配信 チャンネル",
  "with space": " both  ends ",
  "a+b=c@d:e/f.g_h-i": "+/=@:._-",
  "path/../to": "x/../y",
  "empty": "",
};

/** The configuration once it is no longer CREATING. */
async function settled(ivs, arn) {
  for (let i = 0; i < 10_000; i++) {
    const { recordingConfiguration } = await ivs.getRecordingConfiguration({ arn });
    if (recordingConfiguration.state !== "CREATING") {
      return recordingConfiguration;
    }
  }
  return assert.fail("the configuration stays CREATING");
}

test("a recording configuration becomes active, or fails", async (t) => {
  const { ivs } = await serve(t);
  const good = await ivs.createRecordingConfiguration({
    name: "films",
    destinationConfiguration: DESTINATION,
    thumbnailConfiguration: { recordingMode: "INTERVAL", targetIntervalSeconds: 5 },
    recordingReconnectWindowSeconds: 60,
  });
  const bad = await ivs.createRecordingConfiguration({
    destinationConfiguration: { s3: { bucketName: "any-bucket-create-failed" } },
  });

  const active = await settled(ivs, good.recordingConfiguration.arn);
  const failed = await settled(ivs, bad.recordingConfiguration.arn);

  assert.equal(good.recordingConfiguration.state, "CREATING");
  assert.deepEqual(active, { ...good.recordingConfiguration, state: "ACTIVE" });
  assert.equal(active.recordingReconnectWindowSeconds, 60);
  assert.equal(failed.state, "CREATE_FAILED");
});

test("a recording configuration in use cannot be deleted", async (t) => {
  const { ivs } = await serve(t);
  const created = await ivs.createRecordingConfiguration({
    destinationConfiguration: DESTINATION,
  });
  const { arn } = created.recordingConfiguration;
  const { channel } = await ivs.createChannel({ recordingConfigurationArn: arn });

  await assertRefused(
    ivs.deleteRecordingConfiguration({ arn }),
    "ConflictException",
    409,
    `Resource: ${arn} is in use by a channel`,
  );
  const updated = await ivs.updateChannel({
    arn: channel.arn,
    recordingConfigurationArn: "",
  });
  const deleted = await ivs.deleteRecordingConfiguration({ arn });

  assert.equal(updated.channel.recordingConfigurationArn, "");
  assert.equal(deleted.$metadata.httpStatusCode, 204);
});

test("tags with unusual characters are returned and removed unchanged", async (t) => {
  const { ivs } = await serve(t);
  const { channel } = await ivs.createChannel({});
  const resourceArn = channel.arn;

  const tagged = await ivs.tagResource({ resourceArn, tags: UNUSUAL_TAGS });
  const before = await ivs.listTagsForResource({ resourceArn });
  await ivs.untagResource({ resourceArn, tagKeys: Object.keys(UNUSUAL_TAGS) });
  const after = await ivs.listTagsForResource({ resourceArn });

  assert.deepEqual(said(tagged), {});
  assert.deepEqual(before.tags, UNUSUAL_TAGS);
  assert.deepEqual(after.tags, {});
});

test("a percent sign in a tag is refused", async (t) => {
  const { ivs } = await serve(t);
  const { channel } = await ivs.createChannel({});

  await assertRefused(
    ivs.untagResource({ resourceArn: channel.arn, tagKeys: ["%2B"] }),
    "ValidationException",
    400,
    "UntagResource.tagKeys[0] does not match pattern ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)",
  );
});
