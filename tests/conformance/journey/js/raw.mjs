// Bare calls, and what the SDK parsed beside what they say.
import assert from "node:assert/strict";

import { has } from "./sdk.mjs";

const url = process.env.AWS_ENDPOINT_URL_IVS;

/** The status, and what the JSON says. */
export async function post(path, members = {}) {
  const answer = await fetch(`${url}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(members),
  });
  const body = await answer.text();
  return [answer.status, body === "" ? undefined : JSON.parse(body)];
}

/** What a bare call that succeeds answers. */
export async function raw(path, members) {
  const [status, said] = await post(path, members);
  assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(said)}`);
  return said;
}

export const control = (operation, members) => raw(`_ivs-local/${operation}`, members);

/** The ARN of a channel made raw. */
export async function newChannel(members) {
  return (await raw("CreateChannel", members)).channel.arn;
}

/** What the SDK parsed, as JSON would have it. */
function plain(value) {
  if (value instanceof Date) {
    return value.toISOString().replace(".000Z", "Z");
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value)
      .filter(([name, member]) => name !== "$metadata" && member !== undefined)
      .map(([name, member]) => [name, plain(member)]));
  }
  return value;
}

/** The members that this version of the SDK does not have. */
const NOT_KNOWN = [
  ["CreateAdConfiguration", "adConfigurationArn"],
  ["CreateFailoverSlateConfiguration", "failoverSlateConfigurationArn"],
].filter(([operation]) => !has(operation)).map(([, member]) => member);

/** JSON without what the SDK does not know. */
function known(value) {
  if (Array.isArray(value)) {
    return value.map(known);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value)
      .filter(([name]) => !NOT_KNOWN.includes(name))
      .map(([name, member]) => [name, known(member)]));
  }
  return value;
}

/** Holds what the SDK parsed against JSON. */
export function equal(seen, wanted) {
  assert.deepEqual(plain(seen), known(wanted));
}
