// A test that starts its own IVS Local, with testcontainers.
import { Ivs } from "@aws-sdk/client-ivs";
import { GenericContainer, Wait } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";

const PORT = 4580;
let container;
let ivs;

beforeAll(async () => {
  container = await new GenericContainer("ivs-local")
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp("/_ivs-local/health", PORT))
    .start();
  ivs = new Ivs({
    endpoint: `http://${container.getHost()}:${container.getMappedPort(PORT)}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}, 60_000);

afterAll(async () => {
  ivs?.destroy();
  await container?.stop();
});

test("a channel is created", async () => {
  const { channel } = await ivs.createChannel({ name: "lobby" });

  expect(channel.name).toBe("lobby");
});
