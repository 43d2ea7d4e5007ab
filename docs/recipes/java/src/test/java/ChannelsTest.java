import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.ChannelNotBroadcastingException;
import software.amazon.awssdk.services.ivs.model.CreateChannelResponse;
import software.amazon.awssdk.services.ivs.model.PendingVerificationException;
import software.amazon.awssdk.services.ivs.model.StreamKeySummary;

/** Tests of code that uses IVS, with JUnit and the SDK for Java v2. */
class ChannelsTest {
    private static final String ENDPOINT = Optional
            .ofNullable(System.getenv("AWS_ENDPOINT_URL_IVS"))
            .orElse("http://127.0.0.1:4580");
    private static final int HOURS = 3600;
    /** An account that no test uses. */
    private static final String OTHER = "999999999999";

    private final IvsLocal local = new IvsLocal(ENDPOINT);
    private final IvsClient ivs = local.client();

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void aChannelHasAStreamKey() {
        CreateChannelResponse created = ivs.createChannel(it -> it.name("lobby"));

        List<StreamKeySummary> keys = ivs.listStreamKeys(
                it -> it.channelArn(created.channel().arn())).streamKeys();

        assertEquals(List.of(created.streamKey().arn()),
                keys.stream().map(StreamKeySummary::arn).toList());
    }

    @Test
    void viewersOfALiveChannelAreCounted() throws Exception {
        String arn = ivs.createChannel(it -> { }).channel().arn();

        local.control("StartStream", """
                {"channelArn": "%s", "viewerCount": 3}""".formatted(arn));
        assertEquals(3, ivs.getStream(it -> it.channelArn(arn)).stream().viewerCount());

        local.control("EndStream", """
                {"channelArn": "%s"}""".formatted(arn));
        assertThrows(ChannelNotBroadcastingException.class,
                () -> ivs.getStream(it -> it.channelArn(arn)));
    }

    @Test
    void aFaultMakesACallFail() throws Exception {
        local.control("PutFault", """
                {"operation": "CreateChannel", "error": "PendingVerification", "times": 1}""");

        assertThrows(PendingVerificationException.class, () -> ivs.createChannel(it -> { }));
        ivs.createChannel(it -> { });
    }

    @Test
    void aStreamEndsAfter48Hours() throws Exception {
        String arn = ivs.createChannel(it -> { }).channel().arn();
        local.control("StartStream", """
                {"channelArn": "%s"}""".formatted(arn));

        Map<String, JsonNode> moved = local.control("AdvanceClock", """
                {"seconds": %d}""".formatted(48 * HOURS)).asObject();

        assertEquals(String.valueOf(48 * HOURS), moved.get("offsetSeconds").asNumber());
        assertThrows(ChannelNotBroadcastingException.class,
                () -> ivs.getStream(it -> it.channelArn(arn)));
    }

    @Test
    void theCallsOfThisTestAreListed() throws Exception {
        ivs.createChannel(it -> { });
        ivs.listChannels(it -> { });

        List<JsonNode> requests =
                local.control("ListRequests", "{}").asObject().get("requests").asArray();

        assertEquals(List.of("CreateChannel", "ListChannels"), requests.stream()
                .map(request -> request.asObject().get("operation").asString()).toList());
    }

    @Test
    void anInvalidControlCallSaysWhy() {
        IOException refused = assertThrows(IOException.class, () -> local.control("PutFault", """
                {"operation": "*", "latencyMs": 1, "time": 1}"""));

        assertTrue(refused.getMessage().contains("Did you mean times?"), refused.getMessage());
    }

    @Test
    void aFaultOfAnotherAccountDoesNotApply() throws Exception {
        ivs.createChannel(it -> { });

        // The members account and region say whom a control call is for, whoever signs it.
        Map<String, JsonNode> put = local.control("PutFault", """
                {"operation": "*", "error": "InternalServerException", "account": "%s"}"""
                .formatted(OTHER)).asObject();

        assertEquals(OTHER, put.get("account").asString());
        assertTrue(put.containsKey("warning"));
        assertEquals(1, ivs.listChannels(it -> { }).channels().size());
        local.control("DeleteFault", """
                {"all": true, "account": "%s"}""".formatted(OTHER));
    }

    @Test
    void noChannelOfAnotherTestIsSeen() {
        assertEquals(List.of(), ivs.listChannels(it -> { }).channels());
    }
}
