// Tests of code that uses IVS, with vitest and the SDK for JavaScript v3.
import { ChannelNotBroadcasting, PendingVerification } from "@aws-sdk/client-ivs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { control, newClient } from "./ivs-local.js";

const endpoint = process.env.AWS_ENDPOINT_URL_IVS ?? "http://127.0.0.1:4580";
const HOURS = 3600;
const OTHER = "999999999999"; // an account that no test uses
let ivs;

beforeEach(() => {
  ivs = newClient(endpoint);
});

afterEach(() => {
  ivs.destroy();
  vi.restoreAllMocks();
});

test("a channel has a stream key", async () => {
  const { channel, streamKey } = await ivs.createChannel({ name: "lobby" });

  const { streamKeys } = await ivs.listStreamKeys({ channelArn: channel.arn });
  expect(streamKeys.map((key) => key.arn)).toEqual([streamKey.arn]);
});

test("viewers of a live channel are counted", async () => {
  const { channel: { arn: channelArn } } = await ivs.createChannel({});

  await control(ivs, "StartStream", { channelArn, viewerCount: 3 });
  expect((await ivs.getStream({ channelArn })).stream.viewerCount).toBe(3);

  await control(ivs, "EndStream", { channelArn });
  await expect(ivs.getStream({ channelArn })).rejects.toThrow(ChannelNotBroadcasting);
});

test("a fault makes a call fail", async () => {
  const fault = { operation: "CreateChannel", error: "PendingVerification", times: 1 };
  await control(ivs, "PutFault", fault);

  await expect(ivs.createChannel({})).rejects.toThrow(PendingVerification);
  await ivs.createChannel({});
});

test("a stream ends after 48 hours", async () => {
  const { channel: { arn: channelArn } } = await ivs.createChannel({});
  await control(ivs, "StartStream", { channelArn });

  const { offsetSeconds } = await control(ivs, "AdvanceClock", { seconds: 48 * HOURS });

  expect(offsetSeconds).toBe(48 * HOURS);
  await expect(ivs.getStream({ channelArn })).rejects.toThrow(ChannelNotBroadcasting);
});

test("the calls of this test are listed", async () => {
  await ivs.createChannel({});
  await ivs.listChannels({});

  const { requests } = await control(ivs, "ListRequests");
  expect(requests.map((request) => request.operation)).toEqual(["CreateChannel", "ListChannels"]);
});

test("an invalid control call says why", async () => {
  const misspelt = { operation: "*", latencyMs: 1, time: 1 };
  await expect(control(ivs, "PutFault", misspelt)).rejects.toThrow("Did you mean times?");
});

test("a fault of another account does not apply", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  await ivs.createChannel({});

  // The members account and region say whom a control call is for, whoever signs it.
  const fault = { operation: "*", error: "InternalServerException" };
  await control(ivs, "PutFault", { ...fault, account: OTHER });

  expect(warn.mock.lastCall[0]).toContain(`Account ${OTHER} has no calls`);
  expect((await ivs.listChannels({})).channels).toHaveLength(1);
  await control(ivs, "DeleteFault", { all: true, account: OTHER });
});

test("no channel of another test is seen", async () => {
  expect((await ivs.listChannels({})).channels).toEqual([]);
});
