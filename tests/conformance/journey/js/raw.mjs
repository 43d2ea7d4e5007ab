// Bare calls, and the comparison with what the SDK parsed.
import assert from "node:assert/strict";

import { has } from "./sdk.mjs";

const url = process.env.AWS_ENDPOINT_URL_IVS;

/** The status and the parsed JSON. */
export async function post(path, members = {}) {
  const answer = await fetch(`${url}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(members),
  });
  const body = await answer.text();
  return [answer.status, body === "" ? undefined : JSON.parse(body)];
}

/** The response of a bare call that succeeds. */
export async function raw(path, members) {
  const [status, said] = await post(path, members);
  assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(said)}`);
  return said;
}

export const control = (operation, members) => raw(`_ivs-local/${operation}`, members);

/** The ARN of a channel that a bare call created. */
export async function newChannel(members) {
  return (await raw("CreateChannel", members)).channel.arn;
}

/** What the SDK parsed, or JSON, in the form of JSON. Times have no zeros at the end. */
function plain(value) {
  if (value instanceof Date) {
    return plain(value.toISOString());
  }
  if (typeof value === "string") {
    return value.replace(/(T[0-9:]{8})(?:\.0*|(\.[0-9]*?)0*)Z$/, "$1$2Z");
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

/** JSON without the members that the SDK does not have. */
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

/** Compares what the SDK parsed with JSON. */
export function equal(seen, wanted) {
  assert.deepEqual(plain(seen), known(plain(wanted)));
}
