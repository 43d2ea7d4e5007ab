// The packages of the SDK and their versions.
import { createRequire } from "node:module";

import * as sdk from "@aws-sdk/client-ivs";

export * from "@aws-sdk/client-ivs";

export { Ivschat } from "@aws-sdk/client-ivschat";
export * as chat from "@aws-sdk/client-ivschat";

const require = createRequire(import.meta.url);
export const versions = ["@aws-sdk/client-ivs", "@aws-sdk/client-ivschat"].map(
  (name) => `${name} ${require(`${name}/package.json`).version}`);

/** Whether this version of the SDK has the operation. */
export const has = (operation) => `${operation}Command` in sdk;
