// What the tests in a browser share: the browser, pages of any origin, and the SDK and the
// client for chat as bundlers put them into pages.
import { once } from "node:events";
import http from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

const clients = path.join(process.env.CONFORMANCE_CLIENTS, "browser");
const scenarios = fileURLToPath(new URL("../chat/", import.meta.url));
const installed = createRequire(path.join(clients, "package.json"));

// The flags prevent the connections that the browser makes at every start.
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP *.example 127.0.0.1",
];

/** Starts the browser; names that end in .example resolve to this machine. */
export function launch() {
  return installed("playwright-core").chromium.launch({
    executablePath: process.env.CONFORMANCE_BROWSER,
    args: FLAGS,
  });
}

/** A module as one script, which leaves its exports in a global variable. */
function bundle(globalName, contents) {
  return installed("esbuild").buildSync({
    stdin: { contents, resolveDir: clients },
    bundle: true,
    format: "iife",
    globalName,
    platform: "browser",
    write: false,
  }).outputFiles[0].text;
}

/** The scripts of every page, by their paths. */
const SCRIPTS = {
  "/sdk.js": bundle("sdk", 'export * from "@aws-sdk/client-ivs"'),
  "/chat.js": bundle(
    "chat",
    `export * as client from "amazon-ivs-chat-messaging";
     export * from ${JSON.stringify(path.join(scenarios, "scenarios.mjs"))};
     export * from ${JSON.stringify(path.join(scenarios, "world.mjs"))};`,
  ),
};
const PAGE = Object.keys(SCRIPTS).map((url) => `<script src="${url}"></script>`);

/** A server of pages on a free port. Returns the port; the server ends with the test. */
export async function servePages(t) {
  const server = http.createServer((request, response) => {
    const script = SCRIPTS[request.url];
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ?? `<!doctype html>${PAGE.join("")}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return server.address().port;
}

/** A page that was loaded from the URL; it closes with the test. */
export async function open(t, browser, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/**
 * A port that forwards to another one, and after `rebind(port)` to that one, like a name
 * whose owner changes its address. It ends with the test.
 */
export async function serveName(t, target) {
  const sockets = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(target, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => sockets.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => sockets.forEach((socket) => socket.destroy());
  t.after(() => {
    server.close();
    cut();
  });
  return {
    port: server.address().port,
    rebind(port) {
      target = port;
      cut();
    },
  };
}
