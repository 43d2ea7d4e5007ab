// The SDK and its version.
import { createRequire } from "node:module";

import * as sdk from "@aws-sdk/client-ivs";

export * from "@aws-sdk/client-ivs";

export const { version } = createRequire(import.meta.url)(
  "@aws-sdk/client-ivs/package.json");

/** Whether this version of the SDK has the operation. */
export const has = (operation) => `${operation}Command` in sdk;
