import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.ChannelNotBroadcastingException;
import software.amazon.awssdk.services.ivs.model.PendingVerificationException;

/** Tests that start their own IVS Local, with Testcontainers. */
@Testcontainers
class ChannelsTest {
    private static final int PORT = 4580;
    private static final int HOURS = 3600;

    @Container
    private static final GenericContainer<?> SERVER = new GenericContainer<>("ivs-local")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/_ivs-local/health").forPort(PORT));

    private final IvsLocal local =
            new IvsLocal("http://" + SERVER.getHost() + ":" + SERVER.getMappedPort(PORT));
    private final IvsClient ivs = local.client();

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void aFaultMakesACallFail() throws Exception {
        local.control("PutFault", """
                {"operation": "CreateChannel", "error": "PendingVerification", "times": 1}""");

        assertThrows(PendingVerificationException.class, () -> ivs.createChannel(it -> { }));
        ivs.createChannel(it -> { });

        List<JsonNode> requests =
                local.control("ListRequests", "{}").asObject().get("requests").asArray();
        assertEquals(List.of("403", "200"), requests.stream()
                .map(request -> request.asObject().get("status").asNumber()).toList());
    }

    @Test
    void aStreamEndsAfter48Hours() throws Exception {
        String arn = ivs.createChannel(it -> { }).channel().arn();
        local.control("StartStream", """
                {"channelArn": "%s"}""".formatted(arn));

        local.control("AdvanceClock", """
                {"seconds": %d}""".formatted(48 * HOURS));

        assertThrows(ChannelNotBroadcastingException.class,
                () -> ivs.getStream(it -> it.channelArn(arn)));
    }
}
