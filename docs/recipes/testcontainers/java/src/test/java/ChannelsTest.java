import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivs.IvsClient;

/** A test that starts its own IVS Local, with Testcontainers. */
@Testcontainers
class ChannelsTest {
    private static final int PORT = 4580;

    @Container
    private static final GenericContainer<?> SERVER = new GenericContainer<>("ivs-local")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/_ivs-local/health").forPort(PORT));

    @Test
    void aChannelIsCreated() {
        try (IvsClient ivs = IvsClient.builder()
                .endpointOverride(URI.create(
                        "http://" + SERVER.getHost() + ":" + SERVER.getMappedPort(PORT)))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("test", "test")))
                .build()) {
            assertEquals("lobby",
                    ivs.createChannel(it -> it.name("lobby")).channel().name());
        }
    }
}
