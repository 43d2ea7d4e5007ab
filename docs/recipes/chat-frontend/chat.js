// The front end: what a page shows of a chat room. It knows neither AWS nor IVS Local.
import { ChatRoom, SendMessageRequest } from "amazon-ivs-chat-messaging";

/**
 * Connects to a room. `regionOrUrl` is a region in production, and ws://127.0.0.1:4580 in tests.
 * `fetchToken` asks the page's own backend for a chat token.
 */
export function openChat({ regionOrUrl, fetchToken }) {
  const room = new ChatRoom({ regionOrUrl, tokenProvider: fetchToken });
  const chat = { messages: [], status: "connecting" };
  room.logLevel = "error";
  room.addListener("connecting", () => {
    chat.status = "connecting";
  });
  room.addListener("connect", () => {
    chat.status = "connected";
  });
  room.addListener("disconnect", (reason) => {
    chat.status = reason === "serverDisconnect" ? "removed" : "offline";
  });
  room.addListener("message", ({ id, content, sender }) => {
    chat.messages.push({ id, text: `${sender.attributes?.displayName}: ${content}` });
  });
  room.addListener("messageDelete", ({ messageId }) => {
    chat.messages = chat.messages.filter(({ id }) => id !== messageId);
  });
  room.connect();
  return Object.assign(chat, {
    send: (content) => room.sendMessage(new SendMessageRequest(content)),
    close: () => room.disconnect(),
  });
}
