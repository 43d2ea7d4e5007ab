// Tests of code that uses IVS, with vitest and the SDK for JavaScript v3.
import { ChannelNotBroadcasting, Ivs } from "@aws-sdk/client-ivs";
import { afterEach, beforeEach, expect, test } from "vitest";

const endpoint = process.env.AWS_ENDPOINT_URL_IVS ?? "http://127.0.0.1:4580";
let ivs;

// A client with its own account, so that tests do not see each other's resources.
beforeEach(() => {
  const account = String(Math.floor(Math.random() * 1e12)).padStart(12, "0");
  ivs = new Ivs({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "test" },
  });
});

afterEach(() => ivs.destroy());

/**
 * Calls an operation of the control API. The call is unsigned, so it acts where an ARN in the
 * members says, or else for the default account and region.
 */
async function control(operation, members) {
  const response = await fetch(`${endpoint}/_ivs-local/${operation}`, {
    method: "POST",
    body: JSON.stringify(members),
  });
  expect(response.ok).toBe(true);
}

test("a channel has a stream key", async () => {
  const { channel, streamKey } = await ivs.createChannel({ name: "lobby" });

  const { streamKeys } = await ivs.listStreamKeys({ channelArn: channel.arn });
  expect(streamKeys.map((key) => key.arn)).toEqual([streamKey.arn]);
});

test("viewers of a live channel are counted", async () => {
  const { channel: { arn: channelArn } } = await ivs.createChannel({});

  await control("StartStream", { channelArn, viewerCount: 3 });
  expect((await ivs.getStream({ channelArn })).stream.viewerCount).toBe(3);

  await control("EndStream", { channelArn });
  await expect(ivs.getStream({ channelArn })).rejects.toThrow(ChannelNotBroadcasting);
});

test("no channel of another test is seen", async () => {
  expect((await ivs.listChannels({})).channels).toEqual([]);
});
