// Tests that start their own IVS Local, with testcontainers.
import { ChannelNotBroadcasting, PendingVerification } from "@aws-sdk/client-ivs";
import { GenericContainer, Wait } from "testcontainers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { control, newClient } from "./ivs-local.js";

const PORT = 4580;
const HOURS = 3600;
let container;
let ivs;

beforeAll(async () => {
  container = await new GenericContainer("ivs-local")
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp("/_ivs-local/health", PORT))
    .start();
}, 60_000);

afterAll(() => container?.stop());

beforeEach(() => {
  ivs = newClient(`http://${container.getHost()}:${container.getMappedPort(PORT)}`);
});

afterEach(() => ivs.destroy());

test("a fault makes a call fail", async () => {
  const fault = { operation: "CreateChannel", error: "PendingVerification", times: 1 };
  await control(ivs, "PutFault", fault);

  await expect(ivs.createChannel({})).rejects.toThrow(PendingVerification);
  await ivs.createChannel({});

  const { requests } = await control(ivs, "ListRequests");
  expect(requests.map((request) => request.status)).toEqual([403, 200]);
});

test("a stream ends after 48 hours", async () => {
  const { channel: { arn: channelArn } } = await ivs.createChannel({});
  await control(ivs, "StartStream", { channelArn });

  await control(ivs, "AdvanceClock", { seconds: 48 * HOURS });

  await expect(ivs.getStream({ channelArn })).rejects.toThrow(ChannelNotBroadcasting);
});
