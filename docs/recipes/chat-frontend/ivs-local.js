// A backend for each test: a client of IVS Chat, and the control API of IVS Local.
import { Ivschat } from "@aws-sdk/client-ivschat";
import { SignatureV4 } from "@smithy/signature-v4";

/** A client with its own account, so that tests do not see each other's resources. */
export function newClient(endpoint) {
  const account = String(Math.floor(Math.random() * 1e12)).padStart(12, "0");
  return new Ivschat({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "test" },
  });
}

/**
 * Calls an operation of the control API for the account and region of the client, and returns
 * the parsed response, or null if it has no body.
 */
export async function control(client, operation, members = {}) {
  const { credentials, endpoint, region, sha256 } = client.config;
  const { protocol, hostname, port } = await endpoint();
  const host = port ? `${hostname}:${port}` : hostname;
  const path = `/_ivs-local/${operation}`;
  const body = JSON.stringify(members);
  const signer = new SignatureV4({ credentials, region, service: "ivschat", sha256 });
  const { method, headers } = await signer.sign({
    method: "POST", protocol, hostname, port, path, headers: { host }, query: {}, body,
  });

  const response = await fetch(`${protocol}//${host}${path}`, { method, headers, body });
  const text = await response.text();
  const parsed = text ? JSON.parse(text) : null;
  if (!response.ok) {
    throw new Error(`${operation}: ${response.status} ${parsed.message}`);
  }
  if (parsed?.warning) {
    console.warn(`${operation}: ${parsed.warning}`);
  }
  return parsed;
}
