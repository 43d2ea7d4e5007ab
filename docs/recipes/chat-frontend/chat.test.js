// Tests of a chat front end, with vitest and Amazon's client library for chat.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { openChat } from "./chat.js";
import { control, newClient } from "./ivs-local.js";

const endpoint = process.env.AWS_ENDPOINT_URL_IVSCHAT ?? "http://127.0.0.1:4580";
const HOUR = 3600;
let backend;
let roomIdentifier;
let chats;

// The library uses the WebSocket of web pages. Node.js has it since version 22.
globalThis.WebSocket ??= WebSocket;

beforeEach(async () => {
  backend = newClient(endpoint);
  roomIdentifier = (await backend.createRoom({ name: "lobby" })).arn;
  chats = [];
});

afterEach(() => {
  chats.forEach((chat) => chat.close());
  backend.destroy();
  vi.restoreAllMocks();
});

/** The token provider of a user: stands for a call of your backend. */
function tokensFor(userId) {
  return vi.fn(async () => {
    const { token } = await backend.createChatToken({
      roomIdentifier,
      userId,
      capabilities: ["SEND_MESSAGE"],
      attributes: { displayName: userId.toUpperCase() },
    });
    // Its times are by the server's clock. The library compares them with the machine's, and
    // would connect again too early or too late after AdvanceClock: so tests leave them out.
    return { token };
  });
}

/** What the page of a user shows. */
function open(userId, fetchToken = tokensFor(userId)) {
  const chat = openChat({ regionOrUrl: endpoint.replace(/^http/, "ws"), fetchToken });
  chats.push(chat);
  return chat;
}

/** The page of a user who is connected. */
async function join(userId, fetchToken) {
  const chat = open(userId, fetchToken);
  await vi.waitFor(() => expect(chat.status).toBe("connected"));
  return chat;
}

/** Waits until the page shows these messages, and no others. */
async function shows(chat, ...texts) {
  await vi.waitFor(() => expect(chat.messages.map(({ text }) => text)).toEqual(texts));
}

test("everybody sees a message", async () => {
  const ann = await join("ann");
  const bob = await join("bob");

  await ann.send("Hi");

  await shows(bob, "ANN: Hi");
  await shows(ann, "ANN: Hi");
});

test("a message that a moderator deletes disappears", async () => {
  const ann = await join("ann");
  const bob = await join("bob");
  const { id } = await ann.send("rude");
  await ann.send("nice");
  await shows(bob, "ANN: rude", "ANN: nice");

  await backend.deleteMessage({ roomIdentifier, id, reason: "language" });

  await shows(bob, "ANN: nice");
});

test("a user who is disconnected stays away", async () => {
  const fetchToken = tokensFor("ann");
  const ann = await join("ann", fetchToken);

  await backend.disconnectUser({ roomIdentifier, userId: "ann", reason: "spam" });

  await vi.waitFor(() => expect(ann.status).toBe("removed"));
  expect(fetchToken).toHaveBeenCalledTimes(1);
  const { connections } = await control(backend, "ListConnections", { roomIdentifier });
  expect(connections).toEqual([]);
});

test("at the end of a session the page gets a new token", async () => {
  const fetchToken = tokensFor("ann");
  const ann = await join("ann", fetchToken);

  await control(backend, "AdvanceClock", { seconds: HOUR });

  await vi.waitFor(() => expect(fetchToken).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(ann.status).toBe("connected"));
  await ann.send("still here");
  await shows(ann, "ANN: still here");
});

test("a broken connection is replaced", async () => {
  const fetchToken = tokensFor("ann");
  const ann = await join("ann", fetchToken);
  await control(backend, "PutFault", { frame: "CLOSE", times: 1 });
  vi.spyOn(console, "error").mockReturnValue();

  await backend.sendEvent({ roomIdentifier, eventName: "lost" });

  await vi.waitFor(() => expect(fetchToken).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(ann.status).toBe("connected"));
});

test("a page without a token is offline", async () => {
  const ann = open("ann", vi.fn().mockRejectedValue(new Error("the backend is down")));
  vi.spyOn(console, "error").mockReturnValue();

  await vi.waitFor(() => expect(ann.status).toBe("offline"));
});

test("a message that is refused says why", async () => {
  const ann = await join("ann");
  const fault = { operation: "ivschat:SEND_MESSAGE", errorCode: 406, message: "a bad word" };
  await control(backend, "PutFault", { ...fault, times: 1 });
  vi.spyOn(console, "error").mockReturnValue();

  await expect(ann.send("…")).rejects.toMatchObject({
    errorCode: 406,
    errorMessage: "a bad word",
  });
  await ann.send("sorry");
  await shows(ann, "ANN: sorry");
});

test("what was sent is listed", async () => {
  const ann = await join("ann");
  await ann.send("Hi");

  const { messages } = await control(backend, "ListMessages", { roomIdentifier });
  expect(messages.map(({ Content, Sender }) => [Sender.UserId, Content])).toEqual([["ann", "Hi"]]);
});
