// Steps with a live stream.
import { control, equal, newChannel, raw } from "./raw.mjs";

export const streams = (ivs) => ({
  async Stream() {
    const channelArn = await newChannel();
    await control("StartStream", { channelArn, viewerCount: 7 });

    const seen = await ivs.getStream({ channelArn });
    const listed = await ivs.listStreams({});

    equal(seen.stream.viewerCount, 7);
    equal(seen, await raw("GetStream", { channelArn }));
    equal(listed.streams.map((stream) => stream.streamId), [seen.stream.streamId]);
  },

  async Session() {
    const channelArn = await newChannel();
    await control("StartStream", { channelArn });
    await control("EndStream", { channelArn });

    const seen = await ivs.getStreamSession({ channelArn });
    const listed = await ivs.listStreamSessions({ channelArn });

    equal(seen.streamSession.endTime instanceof Date, true);
    equal(seen, await raw("GetStreamSession", { channelArn }));
    equal(listed.streamSessions.map((session) => session.streamId),
      [seen.streamSession.streamId]);
  },
});
