// Restricted playback: playback key pairs, restriction policies and revoked viewers, with
// the SDK for JavaScript.
import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import test from "node:test";

import {
  assertRefused, collect, KEYS, said, sdk, serve, skipWithout,
} from "./support.mjs";

const UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

/** MD5 of the key's DER form, in the notation of AWS. */
function fingerprint(pem) {
  const der = createPublicKey(pem).export({ type: "spki", format: "der" });
  return createHash("md5").update(der).digest("hex").replace(/..(?=.)/g, "$&:");
}

test("a playback key pair lives from import to deletion", async (t) => {
  const { ivs } = await serve(t);

  const { keyPair } = await ivs.importPlaybackKeyPair({
    publicKeyMaterial: KEYS[0],
    name: "door",
    tags: { team: "video" },
  });
  const read = await ivs.getPlaybackKeyPair({ arn: keyPair.arn });
  const listed = await collect(
    sdk.paginateListPlaybackKeyPairs({ client: ivs }, {}),
    "keyPairs",
  );

  assert.equal(keyPair.fingerprint, fingerprint(KEYS[0]));
  assert.deepEqual(read.keyPair, keyPair);
  assert.deepEqual(listed, [
    { arn: keyPair.arn, name: "door", tags: { team: "video" } },
  ]);
  await assertRefused(
    ivs.importPlaybackKeyPair({ publicKeyMaterial: KEYS[0] }),
    "ConflictException",
    409,
    `The key with the fingerprint ${keyPair.fingerprint} is already imported: ` +
      keyPair.arn,
  );
  assert.deepEqual(said(await ivs.deletePlaybackKeyPair({ arn: keyPair.arn })), {});
  await assertRefused(
    ivs.getPlaybackKeyPair({ arn: keyPair.arn }),
    "ResourceNotFoundException",
    404,
    `Resource: ${keyPair.arn} not found`,
  );
});

test("a restriction policy lives from creation to deletion", async (t) => {
  if (skipWithout(t, "CreatePlaybackRestrictionPolicy")) {
    return;
  }
  const { ivs } = await serve(t);
  const sent = {
    name: "europe",
    allowedCountries: ["DE", "FR"],
    allowedOrigins: ["https://www.example.com"],
    enableStrictOriginEnforcement: true,
    tags: { team: "video" },
  };

  const created = await ivs.createPlaybackRestrictionPolicy(sent);
  const { arn } = created.playbackRestrictionPolicy;
  const updated = await ivs.updatePlaybackRestrictionPolicy({
    arn,
    allowedCountries: [],
  });
  const read = await ivs.getPlaybackRestrictionPolicy({ arn });

  assert.deepEqual(created.playbackRestrictionPolicy, { ...sent, arn });
  assert.deepEqual(read.playbackRestrictionPolicy,
    { ...sent, arn, allowedCountries: [] });
  assert.deepEqual(updated.playbackRestrictionPolicy, read.playbackRestrictionPolicy);

  const { channel } = await ivs.createChannel({ playbackRestrictionPolicyArn: arn });
  await assertRefused(
    ivs.deletePlaybackRestrictionPolicy({ arn }),
    "ConflictException",
    409,
    `Resource: ${arn} is in use by a channel`,
  );
  await ivs.deleteChannel({ arn: channel.arn });
  const deleted = await ivs.deletePlaybackRestrictionPolicy({ arn });
  assert.equal(deleted.$metadata.httpStatusCode, 204);
});

test("a page has one restriction policy by default", async (t) => {
  if (skipWithout(t, "CreatePlaybackRestrictionPolicy")) {
    return;
  }
  const { ivs } = await serve(t);
  for (const name of ["a", "b", "c"]) {
    await ivs.createPlaybackRestrictionPolicy({ name });
  }

  const first = await ivs.listPlaybackRestrictionPolicies({});
  const rest = await ivs.listPlaybackRestrictionPolicies({
    nextToken: first.nextToken,
    maxResults: 100,
  });

  const names = (page) => page.playbackRestrictionPolicies.map(({ name }) => name);
  assert.deepEqual(names(first), ["a"]);
  assert.deepEqual(names(rest), ["b", "c"]);
  assert.equal(rest.nextToken, undefined);
  await assertRefused(
    ivs.createPlaybackRestrictionPolicy({}),
    "ServiceQuotaExceededException",
    402,
    "Service quota exceeded: 3 playback restriction policies per region",
  );
});

test("viewers are revoked, one by one or several at once", async (t) => {
  if (skipWithout(t, "StartViewerSessionRevocation")) {
    return;
  }
  const { ivs } = await serve(t);
  const { channel } = await ivs.createChannel({ authorized: true });

  const one = await ivs.startViewerSessionRevocation({
    channelArn: channel.arn,
    viewerId: "viewer",
    viewerSessionVersionsLessThanOrEqualTo: 7,
  });
  const several = await ivs.batchStartViewerSessionRevocation({
    viewerSessions: [
      { channelArn: channel.arn, viewerId: "one" },
      { channelArn: UNKNOWN, viewerId: "two" },
    ],
  });

  assert.deepEqual(said(one), {});
  assert.deepEqual(several.errors, [
    { channelArn: UNKNOWN, viewerId: "two", code: "404",
      message: `Resource: ${UNKNOWN} not found` },
  ]);
  await assertRefused(
    ivs.startViewerSessionRevocation({ channelArn: UNKNOWN, viewerId: "viewer" }),
    "ResourceNotFoundException",
    404,
    `Resource: ${UNKNOWN} not found`,
  );
});
