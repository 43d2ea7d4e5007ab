// A chat backend and its visitors: what the scenarios share. It runs in Node.js and in web
// pages, so it uses nothing of Node.js.

// A test that would wait forever fails instead.
const PATIENCE_MS = 20000;

const EVENTS = [
  "connecting",
  "connect",
  "disconnect",
  "message",
  "event",
  "messageDelete",
  "userDisconnect",
];

export const MAY_ALL = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"];

/** Fails unless both are the same as JSON. */
export function same(actual, expected) {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (got !== wanted) {
    throw new Error(`got ${got} instead of ${wanted}`);
  }
}

/** The promise, or an error that names the event that did not happen. */
export function soon(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The error that a request of the client fails with. */
export async function refusal(request) {
  try {
    await request;
  } catch (error) {
    return error;
  }
  throw new Error("the request was not refused");
}

/** A server with rooms, and the visitors that the scenario made, by the official client. */
export class World {
  constructor(chat, url) {
    this.chat = chat;
    this.url = url;
    this.visitors = [];
  }

  async post(path, members) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(members),
    });
    const body = await answer.text();
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${body}`);
    }
    return body === "" ? undefined : JSON.parse(body);
  }

  /** An operation of `ivschat`, for the default account and region. */
  call(name, members = {}) {
    return this.post(`/${name}`, members);
  }

  /** An operation of the control API. */
  control(name, members = {}) {
    return this.post(`/_ivs-local/${name}`, members);
  }

  /** The ARN of a new room. Its rate does not disturb the scenarios. */
  async createRoom(members = {}) {
    const room = await this.call("CreateRoom", { maximumMessageRatePerSecond: 100, ...members });
    return room.arn;
  }

  /** What the backend of the visitor's page responds. */
  createToken(room, userId, { capabilities = MAY_ALL, attributes, minutes } = {}) {
    return this.call("CreateChatToken", {
      roomIdentifier: room,
      userId,
      capabilities,
      ...(attributes && { attributes }),
      ...(minutes && { sessionDurationInMinutes: minutes }),
    });
  }

  /** A visitor who is not connected. */
  visitor(room, userId, options = {}) {
    const visitor = new Visitor(this, room, userId, options);
    this.visitors.push(visitor);
    return visitor;
  }

  /** A visitor who is connected to the room. */
  async join(room, userId, options) {
    const visitor = this.visitor(room, userId, options);
    visitor.room.connect();
    await visitor.next("connect");
    return visitor;
  }

  /** The connections to the room, as the control API lists them. */
  async connections(room) {
    return (await this.control("ListConnections", { roomIdentifier: room })).connections;
  }

  /** Waits until the server has noticed that these users are connected, and no others. */
  async whenConnected(room, users) {
    let seen;
    const end = Date.now() + PATIENCE_MS;
    do {
      seen = (await this.connections(room)).map((connection) => connection.userId);
    } while (JSON.stringify(seen) !== JSON.stringify(users) && Date.now() < end);
    same(seen, users);
  }

  /** Disconnects everybody. */
  close() {
    for (const { room } of this.visitors) {
      room.disconnect();
    }
  }
}

/** A user of the official client, and what the client reported. */
class Visitor {
  constructor(world, room, userId, { provider, maxReconnectAttempts, ...token }) {
    this.world = world;
    this.tokens = 0; // how many the client has asked for
    this.log = []; // [event, what the listener got], in order
    this.read = 0; // how many of them next() has returned or skipped
    this.wake = () => {};
    const provide = provider ?? (async () => {
      // Without its times, since the client would set timers for them.
      const created = await world.createToken(room, userId, token);
      return { token: created.token };
    });
    this.room = new world.chat.ChatRoom({
      regionOrUrl: world.url.replace(/^http/, "ws"),
      maxReconnectAttempts,
      tokenProvider: () => provide((this.tokens += 1)),
    });
    this.room.logger = { debug() {}, info() {}, error() {} };
    for (const event of EVENTS) {
      this.room.addListener(event, (value) => {
        this.log.push([event, value]);
        this.wake();
      });
    }
  }

  /** What the next report of that kind says; those before it are skipped. */
  async next(event) {
    const wanted = () => {
      const index = this.log.slice(this.read).findIndex(([kind]) => kind === event);
      return index < 0 ? undefined : this.read + index;
    };
    const came = new Promise((resolve) => {
      this.wake = () => wanted() !== undefined && resolve();
      this.wake();
    });
    await soon(came, () => `${event} after ${JSON.stringify(this.log)}`);
    const index = wanted();
    this.read = index + 1;
    return this.log[index][1];
  }

  /** How often that was reported. */
  count(event) {
    return this.log.filter(([kind]) => kind === event).length;
  }

  /** The texts of the messages that it got. */
  contents() {
    return this.log.filter(([kind]) => kind === "message").map(([, message]) => message.content);
  }

  /** Sends a message: a promise of it, as the client received it back. */
  say(content, attributes) {
    return this.room.sendMessage(new this.world.chat.SendMessageRequest(content, attributes));
  }

  /** Deletes a message: a promise of the event. */
  remove(id, reason) {
    return this.room.deleteMessage(new this.world.chat.DeleteMessageRequest(id, reason));
  }

  /** Disconnects a user: a promise of the event. */
  kick(userId, reason) {
    return this.room.disconnectUser(new this.world.chat.DisconnectUserRequest(userId, reason));
  }
}
