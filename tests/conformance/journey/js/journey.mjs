// The journey of ../journey.md with the AWS SDK for JavaScript v3.
import { rooms } from "./chat.mjs";
import { control } from "./raw.mjs";
import { refusals } from "./refusals.mjs";
import { resources } from "./resources.mjs";
import { Ivs, Ivschat, versions } from "./sdk.mjs";
import { streams } from "./streams.mjs";

const once = new Ivs({ maxAttempts: 1 });
const patient = new Ivs({});
const chat = new Ivschat({ maxAttempts: 1 });

versions.forEach((version) => console.log(`sdk ${version}`));
const steps = {
  ...resources(once), ...streams(once), ...refusals(once, patient), ...rooms(chat),
};
for (const [name, step] of Object.entries(steps)) {
  try {
    await control("Reset");
    await step();
    console.log(`step ${name} passed`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`step ${name} FAILED: ${error.message}`);
  }
}
once.destroy();
patient.destroy();
chat.destroy();
