import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.GetStreamResponse;
import software.amazon.awssdk.services.ivs.model.GetStreamSessionResponse;
import software.amazon.awssdk.services.ivs.model.StreamSessionSummary;
import software.amazon.awssdk.services.ivs.model.StreamSummary;

/** Steps with a live stream. */
final class Streams {
    private static final IvsClient IVS = JourneyTest.ONCE;

    private Streams() {}

    static void addTo(Map<String, JourneyTest.Step> steps) {
        steps.put("Stream", Streams::stream);
        steps.put("Session", Streams::session);
    }

    private static void stream() throws Exception {
        String arn = Raw.newChannel(Map.of());
        Raw.control("StartStream", Map.of("channelArn", arn, "viewerCount", 7));

        GetStreamResponse seen = IVS.getStream(it -> it.channelArn(arn));
        List<StreamSummary> listed = IVS.listStreams(it -> { }).streams();

        Raw.equal(7L, seen.stream().viewerCount());
        Raw.equal(Raw.raw("GetStream", Map.of("channelArn", arn)), seen);
        Raw.equal(List.of(seen.stream().streamId()),
                listed.stream().map(StreamSummary::streamId).toList());
    }

    private static void session() throws Exception {
        String arn = Raw.newChannel(Map.of());
        Raw.control("StartStream", Map.of("channelArn", arn));
        Raw.control("EndStream", Map.of("channelArn", arn));

        GetStreamSessionResponse seen = IVS.getStreamSession(it -> it.channelArn(arn));
        List<StreamSessionSummary> listed =
                IVS.listStreamSessions(it -> it.channelArn(arn)).streamSessions();

        Raw.equal(true, seen.streamSession().endTime() != null);
        Raw.equal(Raw.raw("GetStreamSession", Map.of("channelArn", arn)), seen);
        Raw.equal(List.of(seen.streamSession().streamId()),
                listed.stream().map(StreamSessionSummary::streamId).toList());
    }
}
