// A broadcast server with the package `ws`: everybody gets what anybody sends.
//   node broadcast.mjs CLIENTS_DIR PORT
import { createRequire } from "node:module";
import path from "node:path";

const [clients, port] = process.argv.slice(2);
const { WebSocketServer } = createRequire(path.join(clients, "websocket", "package.json"))("ws");
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), backlog: 1024 });

server.on("connection", (socket) => {
  socket.on("message", (data, binary) => {
    for (const client of server.clients) {
      client.send(data, { binary });
    }
  });
});
