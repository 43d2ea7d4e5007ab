// Steps with stored resources.
import { paginateListChannels } from "./sdk.mjs";
import { equal, newChannel, post, raw } from "./raw.mjs";

const DESTINATION = { s3: { bucketName: "demo-recordings" } };
const TAGS = { team: "video" };

async function newConfiguration() {
  const made = await raw("CreateRecordingConfiguration",
    { destinationConfiguration: DESTINATION });
  return made.recordingConfiguration.arn;
}

export const resources = (ivs) => ({
  async CreateChannel() {
    const { playbackRestrictionPolicy } = await raw("CreatePlaybackRestrictionPolicy");
    const sent = {
      name: "lobby", latencyMode: "NORMAL", type: "STANDARD", authorized: true,
      insecureIngest: true, containerFormat: "FRAGMENTED_MP4",
      multitrackInputConfiguration: {
        enabled: true, policy: "REQUIRE", maximumResolution: "HD",
      },
      recordingConfigurationArn: await newConfiguration(),
      playbackRestrictionPolicyArn: playbackRestrictionPolicy.arn, tags: TAGS,
    };

    const { channel, streamKey } = await ivs.createChannel(sent);

    equal(channel, { ...channel, ...sent });
    equal(channel, (await raw("GetChannel", { arn: channel.arn })).channel);
    equal(streamKey, (await raw("GetStreamKey", { arn: streamKey.arn })).streamKey);
  },

  async GetChannel() {
    const arn = await newChannel();
    equal(await ivs.getChannel({ arn }), await raw("GetChannel", { arn }));
  },

  async ListChannels() {
    await newChannel({ name: "lobby" });
    const arn = await newChannel({ name: "stage" });

    const listed = await ivs.listChannels({ filterByName: "stage" });

    equal(listed.channels.map((channel) => channel.arn), [arn]);
    equal(listed, await raw("ListChannels", { filterByName: "stage" }));
  },

  async UpdateChannel() {
    const arn = await newChannel({ name: "lobby", tags: TAGS });
    const before = (await raw("GetChannel", { arn })).channel;

    const { channel } = await ivs.updateChannel({ arn, name: "stage", authorized: true });

    equal(channel, { ...before, name: "stage", authorized: true });
    equal(channel, (await raw("GetChannel", { arn })).channel);
  },

  async DeleteChannel() {
    const arn = await newChannel();
    await ivs.deleteChannel({ arn });
    equal((await post("GetChannel", { arn }))[0], 404);
  },

  async CreateStreamKey() {
    const first = (await raw("CreateChannel")).streamKey;
    await raw("DeleteStreamKey", { arn: first.arn });

    const { streamKey } = await ivs.createStreamKey(
      { channelArn: first.channelArn, tags: TAGS });

    equal(streamKey.tags, TAGS);
    equal(streamKey, (await raw("GetStreamKey", { arn: streamKey.arn })).streamKey);
  },

  async GetStreamKey() {
    const { streamKey } = await raw("CreateChannel");
    equal((await ivs.getStreamKey({ arn: streamKey.arn })).streamKey, streamKey);
  },

  async CreateRecordingConfiguration() {
    const sent = {
      name: "films", destinationConfiguration: DESTINATION, tags: TAGS,
      thumbnailConfiguration: {
        recordingMode: "INTERVAL", targetIntervalSeconds: 30, resolution: "HD",
        storage: ["SEQUENTIAL", "LATEST"],
      },
      renditionConfiguration: { renditionSelection: "CUSTOM", renditions: ["HD", "SD"] },
      recordingReconnectWindowSeconds: 60,
    };

    const made = (await ivs.createRecordingConfiguration(sent)).recordingConfiguration;

    equal(made, { ...made, ...sent });
    const stored = await raw("GetRecordingConfiguration", { arn: made.arn });
    equal(made, { ...stored.recordingConfiguration, state: "CREATING" });
  },

  async GetRecordingConfiguration() {
    const arn = await newConfiguration();

    let answer;
    do {
      answer = await ivs.getRecordingConfiguration({ arn });
    } while (answer.recordingConfiguration.state === "CREATING");

    equal(answer.recordingConfiguration.state, "ACTIVE");
    equal(answer, await raw("GetRecordingConfiguration", { arn }));
  },

  async Pages() {
    const names = [0, 1, 2, 3, 4].map((i) => `channel-${i}`);
    for (const name of names) {
      await newChannel({ name });
    }

    const pages = [];
    for await (const page of paginateListChannels({ client: ivs, pageSize: 2 }, {})) {
      pages.push(page.channels.map((channel) => channel.name));
    }

    equal(pages.map((page) => page.length), [2, 2, 1]);
    equal(pages.flat(), names);
  },

  async Tags() {
    const resourceArn = await newChannel();
    const list = async () => (await ivs.listTagsForResource({ resourceArn })).tags;

    await ivs.tagResource({ resourceArn, tags: { Größe: "über + alles", a: "1" } });
    equal(await list(), { Größe: "über + alles", a: "1" });
    await ivs.untagResource({ resourceArn, tagKeys: ["a"] });
    equal(await list(), { Größe: "über + alles" });
  },
});
