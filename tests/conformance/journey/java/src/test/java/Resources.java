import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.Channel;
import software.amazon.awssdk.services.ivs.model.ChannelSummary;
import software.amazon.awssdk.services.ivs.model.CreateChannelResponse;
import software.amazon.awssdk.services.ivs.model.GetRecordingConfigurationResponse;
import software.amazon.awssdk.services.ivs.model.ListChannelsResponse;
import software.amazon.awssdk.services.ivs.model.RecordingConfiguration;
import software.amazon.awssdk.services.ivs.model.RecordingConfigurationState;
import software.amazon.awssdk.services.ivs.model.RenditionConfigurationRendition;
import software.amazon.awssdk.services.ivs.model.StreamKey;
import software.amazon.awssdk.services.ivs.model.ThumbnailConfigurationStorage;

/** Steps with stored resources. */
final class Resources {
    private static final IvsClient IVS = JourneyTest.ONCE;

    private static final Map<String, ?> DESTINATION = Map.of("destinationConfiguration",
            Map.of("s3", Map.of("bucketName", "demo-recordings")));

    private Resources() {}

    static void addTo(Map<String, JourneyTest.Step> steps) {
        steps.put("CreateChannel", Resources::createChannel);
        steps.put("GetChannel", Resources::getChannel);
        steps.put("ListChannels", Resources::listChannels);
        steps.put("UpdateChannel", Resources::updateChannel);
        steps.put("DeleteChannel", Resources::deleteChannel);
        steps.put("CreateStreamKey", Resources::createStreamKey);
        steps.put("GetStreamKey", Resources::getStreamKey);
        steps.put("CreateRecordingConfiguration", Resources::createRecordingConfiguration);
        steps.put("GetRecordingConfiguration", Resources::getRecordingConfiguration);
        steps.put("Pages", Resources::pages);
        steps.put("Tags", Resources::tags);
    }

    private static void createChannel() throws Exception {
        String recording = (String) Raw.raw("CreateRecordingConfiguration", DESTINATION,
                "recordingConfiguration").get("arn");
        String policy = (String) Raw.raw("CreatePlaybackRestrictionPolicy", Map.of(),
                "playbackRestrictionPolicy").get("arn");

        CreateChannelResponse answer = IVS.createChannel(it -> it
                .name("lobby").latencyMode("NORMAL").type("STANDARD").authorized(true)
                .insecureIngest(true).containerFormat("FRAGMENTED_MP4")
                .multitrackInputConfiguration(multitrack -> multitrack
                        .enabled(true).policy("REQUIRE").maximumResolution("HD"))
                .recordingConfigurationArn(recording)
                .playbackRestrictionPolicyArn(policy)
                .tags(Map.of("team", "video")));

        Map<String, Object> channel =
                Raw.raw("GetChannel", Map.of("arn", answer.channel().arn()), "channel");
        Raw.equal(channel, answer.channel());
        Raw.equal(Raw.with(channel, Map.of(
                "name", "lobby", "latencyMode", "NORMAL", "type", "STANDARD",
                "authorized", true, "insecureIngest", true,
                "containerFormat", "FRAGMENTED_MP4",
                "multitrackInputConfiguration", Map.of(
                        "enabled", true, "policy", "REQUIRE", "maximumResolution", "HD"),
                "recordingConfigurationArn", recording,
                "playbackRestrictionPolicyArn", policy,
                "tags", Map.of("team", "video"))), answer.channel());
        Raw.equal(Raw.raw("GetStreamKey", Map.of("arn", answer.streamKey().arn()),
                "streamKey"), answer.streamKey());
    }

    private static void getChannel() throws Exception {
        String arn = Raw.newChannel(Map.of());
        Raw.equal(Raw.raw("GetChannel", Map.of("arn", arn)),
                IVS.getChannel(it -> it.arn(arn)));
    }

    private static void listChannels() throws Exception {
        Raw.newChannel(Map.of("name", "lobby"));
        String arn = Raw.newChannel(Map.of("name", "stage"));

        ListChannelsResponse listed = IVS.listChannels(it -> it.filterByName("stage"));

        Raw.equal(List.of(arn), listed.channels().stream().map(ChannelSummary::arn).toList());
        Raw.equal(Raw.raw("ListChannels", Map.of("filterByName", "stage")), listed);
    }

    private static void updateChannel() throws Exception {
        String arn = Raw.newChannel(Map.of("name", "lobby", "tags", Map.of("team", "video")));
        Map<String, Object> before = Raw.raw("GetChannel", Map.of("arn", arn), "channel");

        Channel updated = IVS.updateChannel(it -> it
                .arn(arn).name("stage").authorized(true)).channel();

        Raw.equal(Raw.with(before, Map.of("name", "stage", "authorized", true)), updated);
        Raw.equal(Raw.raw("GetChannel", Map.of("arn", arn), "channel"), updated);
    }

    private static void deleteChannel() throws Exception {
        String arn = Raw.newChannel(Map.of());
        IVS.deleteChannel(it -> it.arn(arn));
        Raw.equal(404, Raw.post("GetChannel", Map.of("arn", arn)).statusCode());
    }

    private static void createStreamKey() throws Exception {
        Map<String, Object> first = Raw.raw("CreateChannel", Map.of(), "streamKey");
        Raw.raw("DeleteStreamKey", Map.of("arn", first.get("arn")));

        StreamKey key = IVS.createStreamKey(it -> it
                .channelArn((String) first.get("channelArn"))
                .tags(Map.of("team", "video"))).streamKey();

        Raw.equal(Map.of("team", "video"), key.tags());
        Raw.equal(Raw.raw("GetStreamKey", Map.of("arn", key.arn()), "streamKey"), key);
    }

    private static void getStreamKey() throws Exception {
        Map<String, Object> key = Raw.raw("CreateChannel", Map.of(), "streamKey");
        Raw.equal(key, IVS.getStreamKey(it -> it.arn((String) key.get("arn"))).streamKey());
    }

    private static void createRecordingConfiguration() throws Exception {
        RecordingConfiguration made = IVS.createRecordingConfiguration(it -> it
                .name("films")
                .destinationConfiguration(to -> to.s3(s3 -> s3.bucketName("demo-recordings")))
                .thumbnailConfiguration(thumbnails -> thumbnails
                        .recordingMode("INTERVAL").targetIntervalSeconds(30L)
                        .resolution("HD").storage(ThumbnailConfigurationStorage.SEQUENTIAL,
                                ThumbnailConfigurationStorage.LATEST))
                .renditionConfiguration(renditions -> renditions
                        .renditionSelection("CUSTOM")
                        .renditions(RenditionConfigurationRendition.HD,
                                RenditionConfigurationRendition.SD))
                .recordingReconnectWindowSeconds(60)
                .tags(Map.of("team", "video"))).recordingConfiguration();

        Raw.equal(Raw.with(Raw.raw("GetRecordingConfiguration", Map.of("arn", made.arn()),
                "recordingConfiguration"), Map.of(
                "name", "films", "state", "CREATING",
                "thumbnailConfiguration", Map.of(
                        "recordingMode", "INTERVAL", "targetIntervalSeconds", 30,
                        "resolution", "HD", "storage", List.of("SEQUENTIAL", "LATEST")),
                "renditionConfiguration", Map.of(
                        "renditionSelection", "CUSTOM", "renditions", List.of("HD", "SD")),
                "recordingReconnectWindowSeconds", 60,
                "tags", Map.of("team", "video"))), made);
    }

    private static void getRecordingConfiguration() throws Exception {
        String arn = (String) Raw.raw("CreateRecordingConfiguration", DESTINATION,
                "recordingConfiguration").get("arn");

        GetRecordingConfigurationResponse answer;
        do {
            answer = IVS.getRecordingConfiguration(it -> it.arn(arn));
        } while (answer.recordingConfiguration().state()
                == RecordingConfigurationState.CREATING);

        Raw.equal("ACTIVE", answer.recordingConfiguration().stateAsString());
        Raw.equal(Raw.raw("GetRecordingConfiguration", Map.of("arn", arn)), answer);
    }

    private static void pages() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            names.add("channel-" + i);
            Raw.newChannel(Map.of("name", "channel-" + i));
        }

        List<Integer> sizes = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (ListChannelsResponse page : IVS.listChannelsPaginator(it -> it.maxResults(2))) {
            sizes.add(page.channels().size());
            page.channels().forEach(channel -> found.add(channel.name()));
        }

        Raw.equal(List.of(2, 2, 1), sizes);
        Raw.equal(names, found);
    }

    private static void tags() throws Exception {
        String arn = Raw.newChannel(Map.of());

        IVS.tagResource(it -> it.resourceArn(arn)
                .tags(Map.of("Größe", "über + alles", "a", "1")));
        Raw.equal(Map.of("Größe", "über + alles", "a", "1"),
                IVS.listTagsForResource(it -> it.resourceArn(arn)).tags());
        IVS.untagResource(it -> it.resourceArn(arn).tagKeys("a"));
        Raw.equal(Map.of("Größe", "über + alles"),
                IVS.listTagsForResource(it -> it.resourceArn(arn)).tags());
    }
}
