// Steps that fail: every class of error.
import assert from "node:assert/strict";

import * as sdk from "./sdk.mjs";
import { control, equal, newChannel } from "./raw.mjs";

const UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

/** The call fails with exactly the error of this class of that package. */
export async function refused(name, status, message, call, classes = sdk) {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof classes[name], `${error} is no ${name}`);
    assert.equal(error.name, name);
    assert.equal(error.message, message);
    assert.equal(error.$metadata.httpStatusCode, status);
    assert.ok(error.$metadata.requestId);
    return true;
  });
}

/** A step: the operation fails with the fault that the control API was given. */
function fault(name, status, operation, call) {
  return async () => {
    const message = `fault: ${name}`;
    await control("PutFault", { operation, error: name, message, times: 1 });
    await refused(name, status, message, call);
  };
}

export const refusals = (ivs, patient) => ({
  ValidationException: () =>
    refused("ValidationException", 400,
      "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*",
      () => ivs.createChannel({ name: "my lobby" })),

  ResourceNotFoundException: () =>
    refused("ResourceNotFoundException", 404, `Resource: ${UNKNOWN} not found`,
      () => ivs.getChannel({ arn: UNKNOWN })),

  ConflictException: () =>
    refused("ConflictException", 409,
      "ListChannels takes only one of its filters at a time",
      () => ivs.listChannels({
        filterByName: "a",
        filterByRecordingConfigurationArn:
          UNKNOWN.replace("channel/", "recording-configuration/"),
      })),

  async ServiceQuotaExceededException() {
    const channelArn = await newChannel();
    await refused("ServiceQuotaExceededException", 402,
      "Service quota exceeded: 1 stream key per channel",
      () => ivs.createStreamKey({ channelArn }));
  },

  async ChannelNotBroadcasting() {
    const channelArn = await newChannel();
    await refused("ChannelNotBroadcasting", 404,
      `ChannelNotBroadcasting: Channel: ${channelArn} is not currently online`,
      () => ivs.getStream({ channelArn }));
  },

  ThrottlingException: fault("ThrottlingException", 429, "PutMetadata",
    () => ivs.putMetadata({ channelArn: UNKNOWN, metadata: "x" })),
  AccessDeniedException: fault("AccessDeniedException", 403, "GetChannel",
    () => ivs.getChannel({ arn: UNKNOWN })),
  PendingVerification: fault("PendingVerification", 403, "CreateChannel",
    () => ivs.createChannel({})),
  InternalServerException: fault("InternalServerException", 500,
    "ListRecordingConfigurations", () => ivs.listRecordingConfigurations({})),
  ServiceUnavailable: fault("ServiceUnavailable", 503, "BatchGetChannel",
    () => ivs.batchGetChannel({ arns: [UNKNOWN] })),
  StreamUnavailable: fault("StreamUnavailable", 503, "StopStream",
    () => ivs.stopStream({ channelArn: UNKNOWN })),

  async Retry() {
    await control("PutFault", {
      operation: "ListChannels", error: "ThrottlingException",
      message: "fault: ThrottlingException", times: 2,
    });
    equal((await patient.listChannels({})).channels, []);

    const { requests } = await control("ListRequests",
      { operation: "ListChannels", errorsOnly: true });
    const throttled = requests.filter((call) => call.error === "ThrottlingException");
    equal(throttled.length, 2);
  },
});
