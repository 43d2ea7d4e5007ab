// What the official client for chat does with our server. Each scenario gets a World with a
// server of its own, and fails by an exception. They run in Node.js and in web pages.
import { MAY_ALL, refusal, same, soon } from "./world.mjs";

const ID = /^[a-zA-Z0-9]{12}$/;
const SECONDS_PER_MINUTE = 60;
const MS_PER_S = 1000;

/** The room of a scenario and two visitors of it. */
async function meet(world, ann = {}, bob = {}) {
  const room = await world.createRoom();
  return [room, await world.join(room, "ann", ann), await world.join(room, "bob", bob)];
}

/** Advances the server's clock. */
function advance(world, seconds) {
  return world.control("AdvanceClock", { seconds });
}

/**
 * Moves the clocks of the server and of the client so that the token has at most 31 seconds
 * left. The client replaces its connection 30 seconds before the end.
 */
async function approachExpiry(world, token) {
  const { now } = Date;
  const seconds = Math.floor((new Date(token.tokenExpirationTime) - now()) / MS_PER_S) - 30;
  await advance(world, seconds);
  Date.now = () => now() + seconds * MS_PER_S;
}

/**
 * The backend and a visitor send to the room until the newest connection was replaced by
 * another one. Returns the ids of what they sent.
 */
async function sendUntilReplaced(world, room, visitor) {
  // The client drops its old connection when the new one opens, with what it has not read
  // from it yet. So the handshake takes a while, in which both connections get everything.
  await world.control("PutFault", { operation: "ivschat:Connect", latencyMs: 50, times: 1 });
  const newest = async () => (await world.connections(room)).at(-1).connectionId;
  const count = async () => (await world.connections(room)).length;
  const [first, before] = [await newest(), await count()];
  const sent = [];
  const event = { roomIdentifier: room, eventName: "app:tick" };
  for (let i = 0; (await newest()) === first || (await count()) > before; i += 1) {
    sent.push((await world.call("SendEvent", event)).id);
    if (i % 50 === 0) {
      sent.push((await visitor.say(`message ${i}`)).id);
    }
  }
  sent.push((await visitor.say("last message")).id);
  sent.push((await world.call("SendEvent", event)).id);
  return sent;
}

const messages = {
  "a message reaches everybody, the sender too": async (world) => {
    const attributes = { displayName: "Ann", color: "rot" };
    const [, ann, bob] = await meet(world, { attributes });
    const before = Date.now();

    const sent = await ann.say("grüße 😀", { kind: "greeting" });

    same(sent.content, "grüße 😀");
    same(sent.attributes, { kind: "greeting" });
    same(sent.sender, { userId: "ann", attributes });
    same(ID.test(sent.id), true);
    same(Math.abs(sent.sendTime.getTime() - before) < SECONDS_PER_MINUTE * MS_PER_S, true);
    same(await ann.next("message"), sent);
    same(await bob.next("message"), sent);
  },

  "a message and a user without attributes have none": async (world) => {
    const [, ann, bob] = await meet(world);

    await ann.say("Hi");

    const { attributes, sender } = await bob.next("message");
    same([attributes, sender], [undefined, { userId: "ann", attributes: {} }]);
  },

  "messages have an order that all agree on": async (world) => {
    const [, ann, bob] = await meet(world);

    const texts = ["a", "b", "c", "d"];
    await Promise.all(texts.flatMap((text) => [ann.say(`ann ${text}`), bob.say(`bob ${text}`)]));
    await ann.say("end");
    while ((await bob.next("message")).content !== "end");

    same(bob.contents(), ann.contents());
    same(bob.contents().length, 9);
    for (const name of ["ann", "bob"]) {
      const own = bob.contents().filter((text) => text.startsWith(name));
      same(own, texts.map((text) => `${name} ${text}`));
    }
    const ids = ann.log.filter(([kind]) => kind === "message").map(([, { id }]) => id);
    same(new Set(ids).size, 9);
  },

  "a deletion reaches everybody": async (world) => {
    const [, ann, bob] = await meet(world);
    const { id } = await ann.say("rude");

    const deleted = await bob.remove(id, "spam");

    same([deleted.messageId, deleted.reason], [id, "spam"]);
    same(deleted.id !== id, true);
    same(await ann.next("messageDelete"), deleted);
    same((await ann.remove(id)).reason, undefined);
  },

  "a user who is disconnected does not come back by itself": async (world) => {
    const [room, ann, bob] = await meet(world);

    const kicked = await ann.kick("bob", "abuse");

    same([kicked.userId, kicked.reason], ["bob", "abuse"]);
    same(await bob.next("userDisconnect"), kicked);
    same(await bob.next("disconnect"), "serverDisconnect");
    same([bob.room.state, bob.tokens, bob.count("connecting")], ["disconnected", 1, 1]);
    await world.whenConnected(room, ["ann"]);

    // With a new token it may.
    bob.room.connect();
    await bob.next("connect");
    await bob.say("sorry");
    same((await ann.next("message")).content, "sorry");
  },

  "all connections of a user are ended": async (world) => {
    const [room, ann, bob] = await meet(world);
    const again = await world.join(room, "bob");

    await ann.kick("bob");

    same(await bob.next("disconnect"), "serverDisconnect");
    same(await again.next("disconnect"), "serverDisconnect");
    same((await ann.say("alone")).content, "alone");
  },

  "a request without its capability is refused": async (world) => {
    const [, ann, bob] = await meet(world, {}, { capabilities: [] });
    const { id } = await ann.say("Hi");

    const refused = await Promise.all(
      [bob.say("Hi"), bob.remove(id), bob.kick("ann")].map(refusal),
    );

    same(refused.map((error) => error.errorCode), [403, 403, 403]);
    same(refused[0].errorMessage, "The token does not allow SEND_MESSAGE");
    await ann.say("are you still there?");
    await bob.next("message");
    same((await bob.next("message")).content, "are you still there?");
    same([ann.count("disconnect"), bob.count("disconnect")], [0, 0]);
  },

  "each capability allows its own request": async (world) => {
    const room = await world.createRoom();
    const visitors = [];
    for (const capability of MAY_ALL) {
      visitors.push(await world.join(room, capability, { capabilities: [capability] }));
    }

    const [sender, deleter, moderator] = visitors;
    const { id } = await sender.say("Hi");
    same((await deleter.remove(id)).messageId, id);
    same((await moderator.kick("SEND_MESSAGE")).userId, "SEND_MESSAGE");
    same((await refusal(deleter.say("Hi"))).errorCode, 403);
    same((await refusal(moderator.remove(id))).errorCode, 403);
  },

  "a message has as many characters as the room allows": async (world) => {
    const room = await world.createRoom({ maximumMessageLength: 10 });
    const ann = await world.join(room, "ann");

    await ann.say("😀".repeat(10));
    same((await refusal(ann.say("😀".repeat(11)))).errorCode, 400);
    same((await refusal(ann.say(""))).errorCode, 400);
    same((await refusal(ann.say("Hi", { note: "x".repeat(1024) }))).errorCode, 413);

    await world.call("UpdateRoom", { identifier: room, maximumMessageLength: 11 });
    await ann.say("😀".repeat(11));
  },

  "too many requests at once are refused": async (world) => {
    const [, ann] = await meet(world);

    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => ann.say(`${i}`)));

    const refused = results.filter(({ status }) => status === "rejected");
    same(new Set(refused.map(({ reason }) => reason.errorCode)).size, 1);
    same(refused[0].reason.errorCode, 429);
    same(ann.count("message"), 30 - refused.length);
    same(ann.count("message") >= 10, true);
  },

  "several rooms at once do not hear each other": async (world) => {
    const visitors = [];
    for (let i = 0; i < 5; i += 1) {
      const room = await world.createRoom({ name: `room-${i}` });
      visitors.push(await world.join(room, "ann"), await world.join(room, "bob"));
    }

    await Promise.all(visitors.map((visitor, i) => visitor.say(`from ${i}`)));
    const ends = visitors.filter((_, i) => i % 2 === 0);
    await Promise.all(ends.map((visitor) => visitor.say("end")));
    for (const visitor of visitors) {
      while ((await visitor.next("message")).content !== "end");
    }

    visitors.forEach((visitor, i) => {
      const pair = i - (i % 2);
      same(visitor.contents().sort(), ["end", `from ${pair}`, `from ${pair + 1}`]);
    });
  },
};

const backend = {
  "events of the API reach the listeners": async (world) => {
    const [room, ann, bob] = await meet(world);

    const attributes = { msgType: "note", text: "grüße" };
    const { id } = await world.call("SendEvent", {
      roomIdentifier: room,
      eventName: "app:Note",
      attributes,
    });
    await world.call("SendEvent", { roomIdentifier: room, eventName: "bare" });

    for (const visitor of [ann, bob]) {
      const event = await visitor.next("event");
      same([event.id, event.eventName, event.attributes], [id, "app:Note", attributes]);
      same((await visitor.next("event")).eventName, "bare");
    }
  },

  "the API deletes messages": async (world) => {
    const [room, ann, bob] = await meet(world);
    const { id } = await ann.say("rude");

    const { id: operation } = await world.call("DeleteMessage", {
      roomIdentifier: room,
      id,
      reason: "spam",
    });

    for (const visitor of [ann, bob]) {
      const deleted = await visitor.next("messageDelete");
      same([deleted.id, deleted.messageId, deleted.reason], [operation, id, "spam"]);
    }
  },

  "the API disconnects users": async (world) => {
    const [room, ann, bob] = await meet(world);

    await world.call("DisconnectUser", { roomIdentifier: room, userId: "bob", reason: "abuse" });

    for (const visitor of [ann, bob]) {
      const { userId, reason } = await visitor.next("userDisconnect");
      same([userId, reason], ["bob", "abuse"]);
    }
    same(await bob.next("disconnect"), "serverDisconnect");
    same([bob.room.state, bob.tokens], ["disconnected", 1]);
    same(ann.room.state, "connected");
  },

  "the control API lists what the clients got": async (world) => {
    const [room, ann, bob] = await meet(world, { attributes: { displayName: "Ann" } });

    const sent = await ann.say("Hi");
    const deleted = await bob.remove(sent.id);

    const { messages: listed } = await world.control("ListMessages", { roomIdentifier: room });
    same(listed.map(({ Type, Id }) => [Type, Id]), [["MESSAGE", sent.id], ["EVENT", deleted.id]]);
    const { connections } = await world.control("ListConnections", { roomIdentifier: room });
    same(
      connections.map(({ userId, attributes }) => [userId, attributes]),
      [["ann", { displayName: "Ann" }], ["bob", {}]],
    );
  },
};

const sessions = {
  "a client that disconnects is gone": async (world) => {
    const [room, ann, bob] = await meet(world);

    bob.room.disconnect();

    same(await bob.next("disconnect"), "clientDisconnect");
    await world.whenConnected(room, ["ann"]);
    await ann.say("bye");
    same(bob.count("message"), 0);
  },

  "the clients of a deleted room do not come back": async (world) => {
    const [room, ...visitors] = await meet(world);

    await world.call("DeleteRoom", { identifier: room });

    for (const visitor of visitors) {
      same(await visitor.next("disconnect"), "serverDisconnect");
      same([visitor.room.state, visitor.tokens], ["disconnected", 1]);
    }
  },

  "before its token expires a client connects a second time": async (world) => {
    const room = await world.createRoom();
    const sender = await world.join(room, "sender");
    const tokens = [await world.createToken(room, "ann")];
    const { now } = Date;
    try {
      await approachExpiry(world, tokens[0]);
      const ann = await world.join(room, "ann", {
        provider: async (count) => {
          tokens[count - 1] ??= await world.createToken(room, "ann");
          return tokens[count - 1];
        },
      });

      const sent = await sendUntilReplaced(world, room, sender);
      while ((await ann.next("event")).id !== sent.at(-1));

      const got = ann.log.filter(([kind]) => kind === "event" || kind === "message");
      same(got.map(([, { id }]) => id), sent);
      same([ann.tokens, ann.count("connect"), ann.count("disconnect")], [2, 1, 0]);
      same((await ann.say("still here")).content, "still here");
    } finally {
      Date.now = now;
    }
  },

  "after the end of its session a client comes back with a new token": async (world) => {
    const [, ann, bob] = await meet(world, { minutes: 1 }, { minutes: 180 });

    await advance(world, SECONDS_PER_MINUTE);

    await ann.next("connecting");
    await ann.next("connect");
    same([ann.tokens, ann.count("disconnect"), bob.tokens], [2, 0, 1]);
    await bob.say("there you are");
    same((await ann.next("message")).content, "there you are");
    await ann.say("yes");
    same((await bob.next("message")).sender.userId, "bob");
    same((await bob.next("message")).content, "yes");
  },

  "a token is used once": async (world) => {
    const room = await world.createRoom();
    const { token } = await world.createToken(room, "ann");
    const provider = () => Promise.resolve({ token });
    const ann = world.visitor(room, "ann", { provider, maxReconnectAttempts: 2 });
    ann.room.connect();
    await ann.next("connect");

    const bob = world.visitor(room, "bob", { provider, maxReconnectAttempts: 2 });
    bob.room.connect();

    same(await bob.next("disconnect"), "socketError");
    same([bob.tokens, bob.count("connect")], [3, 0]);
    same((await ann.say("Hi")).content, "Hi");
  },

  "a token expires": async (world) => {
    const room = await world.createRoom();
    const { token } = await world.createToken(room, "ann", { minutes: 180 });
    await advance(world, 60 * SECONDS_PER_MINUTE);

    const ann = world.visitor(room, "ann", {
      provider: (attempt) => (attempt === 1 ? { token } : world.createToken(room, "ann")),
    });
    ann.room.connect();

    await ann.next("connect");
    same(ann.tokens, 2);
  },

  "a token provider that fails is asked again": async (world) => {
    const room = await world.createRoom();
    const fail = () => Promise.reject(new Error("the backend is down"));
    const ann = world.visitor(room, "ann", { provider: fail, maxReconnectAttempts: 2 });
    const bob = world.visitor(room, "bob", {
      provider: (attempt) => (attempt < 3 ? fail() : world.createToken(room, "bob")),
    });
    ann.room.connect();
    bob.room.connect();

    same(await ann.next("disconnect"), "fetchTokenError");
    same(ann.tokens, 3);
    await bob.next("connect");
    same([bob.tokens, bob.count("connecting")], [3, 1]);
  },

  "what is not a token is refused": async (world) => {
    const room = await world.createRoom();
    const { token } = await world.createToken(room, "ann");
    const changed = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
    for (const text of ["nonsense", token.slice(0, 40), changed]) {
      const ann = world.visitor(room, "ann", {
        provider: () => Promise.resolve({ token: text }),
        maxReconnectAttempts: 0,
      });
      ann.room.connect();
      same(await ann.next("disconnect"), "socketError");
    }
  },
};

const faults = {
  "a refused handshake is tried again": async (world) => {
    const room = await world.createRoom();
    const fault = { operation: "ivschat:Connect", errorCode: 401, resourceArn: room };
    await world.control("PutFault", { ...fault, times: 2 });

    const ann = await world.join(room, "ann");
    same([ann.tokens, ann.count("connecting")], [3, 1]);

    const { faultId } = await world.control("PutFault", fault);
    const bob = world.visitor(room, "bob", { maxReconnectAttempts: 4 });
    bob.room.connect();
    same(await bob.next("disconnect"), "socketError");
    same([bob.tokens, bob.room.state], [5, "disconnected"]);
    const { faults: listed } = await world.control("ListFaults");
    same(listed.map(({ faultId: id, struck }) => [id, struck]), [[faultId, 5]]);
    await world.control("DeleteFault", { faultId });
    bob.room.connect();
    await bob.next("connect");
  },

  "a handshake without a response is tried again": async (world) => {
    const room = await world.createRoom();
    const fault = { operation: "ivschat:Connect", connection: "CLOSE", times: 1 };
    await world.control("PutFault", fault);

    const ann = await world.join(room, "ann");

    same([ann.tokens, ann.count("connecting")], [2, 1]);
  },

  "a connection that breaks at a frame is replaced": async (world) => {
    const [, ann, bob] = await meet(world);
    await world.control("PutFault", { frame: "CLOSE", userId: "bob", times: 1 });

    await ann.say("lost");

    await bob.next("connecting");
    await bob.next("connect");
    same([bob.tokens, bob.count("disconnect"), bob.count("message")], [2, 0, 0]);
    await ann.say("found");
    same((await bob.next("message")).content, "found");
  },

  "a connection that breaks at a request is replaced": async (world) => {
    const [, ann, bob] = await meet(world);
    const fault = { operation: "ivschat:SEND_MESSAGE", connection: "CLOSE", times: 1 };
    await world.control("PutFault", fault);

    let settled = false;
    ann.say("lost").finally(() => {
      settled = true;
    });

    await ann.next("connecting");
    await ann.next("connect");
    same((await ann.say("found")).content, "found");
    same((await bob.next("message")).content, "found");
    same([ann.tokens, settled], [2, false]);
  },

  "a fault refuses a request": async (world) => {
    const [room, ann, bob] = await meet(world);
    for (const [operation, errorCode, request] of [
      ["SEND_MESSAGE", 406, () => ann.say("Hi")],
      ["DELETE_MESSAGE", 500, () => ann.remove("abcdABCDefgh")],
      ["DISCONNECT_USER", 404, () => ann.kick("bob")],
    ]) {
      const message = `fault ${errorCode}`;
      const fault = { operation: `ivschat:${operation}`, errorCode, message, times: 1 };
      await world.control("PutFault", { ...fault, resourceArn: room });
      const refused = await refusal(request());
      same([refused.errorCode, refused.errorMessage], [errorCode, message]);
    }
    await ann.say("Hi");
    same((await bob.next("message")).content, "Hi");
    same(bob.log.filter(([kind]) => kind !== "message").map(([kind]) => kind),
      ["connecting", "connect"]);
  },

  "an injected end of the session replaces the connection": async (world) => {
    const [, ann, bob] = await meet(world);
    const fault = { operation: "ivschat:SEND_MESSAGE", errorCode: 401, times: 1 };
    await world.control("PutFault", fault);

    const refused = await refusal(ann.say("Hi"));
    same(refused.errorCode, 401);

    await ann.next("connecting");
    await ann.next("connect");
    await ann.say("Hi again");
    same((await bob.next("message")).content, "Hi again");
    same(ann.tokens, 2);
  },

  "a dropped frame is lost for one user": async (world) => {
    const [, ann, bob] = await meet(world);
    const fault = { frame: "DROP", userId: "bob", frameType: "MESSAGE", times: 1 };
    await world.control("PutFault", fault);

    const { id } = await ann.say("lost");
    await ann.remove(id);
    await ann.say("found");

    same((await bob.next("messageDelete")).messageId, id);
    same((await bob.next("message")).content, "found");
    same(bob.contents(), ["found"]);
  },

  "a duplicate is removed by the client": async (world) => {
    const [, ann, bob] = await meet(world);
    await world.control("PutFault", { frame: "DUPLICATE", times: 4 });

    await ann.say("one");
    await ann.say("two");
    await ann.say("end");
    while ((await bob.next("message")).content !== "end");

    same([ann.contents(), bob.contents()], Array(2).fill(["one", "two", "end"]));
    const { faults: listed } = await world.control("ListFaults");
    same(listed, []);
  },

  "a delayed frame comes after the next one": async (world) => {
    const [, ann, bob] = await meet(world);
    const fault = { frame: "DELAY", latencyMs: 100, userId: "bob", times: 1 };
    await world.control("PutFault", fault);

    await ann.say("late");
    await ann.say("early");

    await bob.next("message");
    await bob.next("message");
    same([ann.contents(), bob.contents()], [["late", "early"], ["early", "late"]]);
  },

  "a delayed request is still answered": async (world) => {
    const [, ann, bob] = await meet(world);
    const fault = { operation: "ivschat:SEND_MESSAGE", latencyMs: 100, times: 1 };
    await world.control("PutFault", fault);

    const late = ann.say("late");
    await ann.say("early");
    same((await soon(late, () => "the delayed message")).content, "late");

    await bob.next("message");
    same((await bob.next("message")).content, "late");
  },
};

export const scenarios = { ...messages, ...backend, ...sessions, ...faults };
