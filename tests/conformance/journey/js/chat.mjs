// Steps with chat rooms.
import assert from "node:assert/strict";

import { control, equal, post, raw } from "./raw.mjs";
import { refused } from "./refusals.mjs";
import { chat as sdk } from "./sdk.mjs";

const UNKNOWN = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh";
const HANDLER = "arn:aws:lambda:us-east-1:000000000000:function:review";
const LOGS = { destinationConfiguration: { cloudWatchLogs: { logGroupName: "chat" } } };
const TAGS = { team: "video" };
const MINUTE_MS = 60_000;

const newRoom = (members) => raw("CreateRoom", members);

/** The call fails with this error, of which the SDK parsed these members. */
function refusedWith(name, status, message, members, call) {
  return refused(name, status, message, async () => {
    try {
      return await call();
    } catch (error) {
      equal(Object.fromEntries(Object.keys(members).map((key) => [key, error[key]])), members);
      throw error;
    }
  }, sdk);
}

export const rooms = (chat) => ({
  async CreateRoom() {
    const logs = await raw("CreateLoggingConfiguration", LOGS);
    const sent = {
      name: "lobby", maximumMessageRatePerSecond: 5, maximumMessageLength: 100,
      messageReviewHandler: { uri: HANDLER, fallbackResult: "DENY" },
      loggingConfigurationIdentifiers: [logs.arn], tags: TAGS,
    };

    const room = await chat.createRoom(sent);

    equal(room, { ...room, ...sent });
    equal(room, await raw("GetRoom", { identifier: room.arn }));
  },

  async ListRooms() {
    await newRoom({ name: "lobby" });
    const { arn } = await newRoom({ name: "stage", messageReviewHandler: { uri: HANDLER } });

    const listed = await chat.listRooms({ name: "stage" });

    equal(listed.rooms.map((room) => room.arn), [arn]);
    equal(listed, await raw("ListRooms", { name: "stage" }));
  },

  async UpdateRoom() {
    const messageReviewHandler = { uri: HANDLER, fallbackResult: "DENY" };
    const { arn } = await newRoom({ name: "lobby", messageReviewHandler });

    const updated = await chat.updateRoom(
      { identifier: arn, name: "stage", messageReviewHandler: { uri: "" } });

    equal(updated.name, "stage");
    equal(updated.messageReviewHandler, { uri: "", fallbackResult: "ALLOW" });
    equal(updated, await raw("GetRoom", { identifier: arn }));
  },

  async DeleteRoom() {
    const { arn } = await newRoom();
    await chat.deleteRoom({ identifier: arn });
    equal((await post("GetRoom", { identifier: arn }))[0], 404);
  },

  async CreateLoggingConfiguration() {
    const sent = { name: "logs", tags: TAGS, ...LOGS };

    const made = await chat.createLoggingConfiguration(sent);

    equal(made, { ...made, ...sent });
    const stored = await raw("GetLoggingConfiguration", { identifier: made.arn });
    equal(made, { ...stored, state: "ACTIVE" });
  },

  async CreateChatToken() {
    const room = await newRoom();

    const { token, tokenExpirationTime, sessionExpirationTime } = await chat.createChatToken({
      roomIdentifier: room.arn, userId: "ann", sessionDurationInMinutes: 180,
      capabilities: ["SEND_MESSAGE", "DISCONNECT_USER", "DELETE_MESSAGE"],
      attributes: { displayName: "Ann" },
    });

    const minutes = (sessionExpirationTime - new Date(room.createTime)) / MINUTE_MS;
    equal(token.slice(0, 6), "AQICAH");
    equal(sessionExpirationTime - tokenExpirationTime, 120 * MINUTE_MS);
    assert.ok(minutes >= 179 && minutes <= 181, `${minutes} minutes`);
  },

  async SendEvent() {
    const { arn } = await newRoom();
    const attributes = { größe: "1" };

    const { id } = await chat.sendEvent(
      { roomIdentifier: arn, eventName: "app:Note", attributes });

    const { messages } = await control("ListMessages", { roomIdentifier: arn });
    equal(messages.map(({ Id, EventName, Attributes }) => [Id, EventName, Attributes]),
      [[id, "app:Note", attributes]]);
  },

  ChatValidationException() {
    const message = "CreateRoom.name does not match pattern [a-zA-Z0-9-_]*";
    const reason = "FIELD_VALIDATION_FAILED";
    return refusedWith("ValidationException", 400, message,
      { reason, fieldList: [{ name: "name", message }] },
      () => chat.createRoom({ name: "my lobby" }));
  },

  ChatResourceNotFoundException: () =>
    refusedWith("ResourceNotFoundException", 404, `Resource: ${UNKNOWN} not found`,
      { resourceId: "abcdABCDefgh", resourceType: "ROOM" },
      () => chat.getRoom({ identifier: UNKNOWN })),

  async ChatServiceQuotaExceededException() {
    for (let i = 0; i < 10; i += 1) {
      await raw("CreateLoggingConfiguration", LOGS);
    }
    await refusedWith("ServiceQuotaExceededException", 402,
      "Service quota exceeded: 10 logging configurations per region",
      { resourceId: "000000000000", resourceType: "ROOM", limit: 10 },
      () => chat.createLoggingConfiguration(LOGS));
  },

  async ChatThrottlingException() {
    const error = "ThrottlingException";
    const message = `fault: ${error}`;
    await control("PutFault", { operation: "SendEvent", error, message, times: 1 });
    await refusedWith(error, 429, message,
      { resourceId: "000000000000", resourceType: "ROOM", limit: 0 },
      () => chat.sendEvent({ roomIdentifier: UNKNOWN, eventName: "x" }));
  },
});
