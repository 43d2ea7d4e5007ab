import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.ChannelNotBroadcastingException;
import software.amazon.awssdk.services.ivs.model.CreateChannelResponse;
import software.amazon.awssdk.services.ivs.model.StreamKeySummary;

/** Tests of code that uses IVS, with JUnit and the SDK for Java v2. */
class ChannelsTest {
    private static final String ENDPOINT = Optional
            .ofNullable(System.getenv("AWS_ENDPOINT_URL_IVS"))
            .orElse("http://127.0.0.1:4580");

    /** A client with its own account, so that tests do not see each other's resources. */
    private final IvsClient ivs = IvsClient.builder()
            .endpointOverride(URI.create(ENDPOINT))
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    "%012d".formatted(ThreadLocalRandom.current().nextLong(1_000_000_000_000L)),
                    "test")))
            .build();

    @AfterEach
    void close() {
        ivs.close();
    }

    /**
     * Calls an operation of the control API. The call is unsigned, so it acts where an ARN in the
     * body says, or else for the default account and region.
     */
    private static void control(String operation, String body) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(ENDPOINT + "/_ivs-local/" + operation))
                        .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(response.statusCode() < 300, response.body());
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

        control("StartStream", "{\"channelArn\": \"" + arn + "\", \"viewerCount\": 3}");
        assertEquals(3, ivs.getStream(it -> it.channelArn(arn)).stream().viewerCount());

        control("EndStream", "{\"channelArn\": \"" + arn + "\"}");
        assertThrows(ChannelNotBroadcastingException.class,
                () -> ivs.getStream(it -> it.channelArn(arn)));
    }

    @Test
    void noChannelOfAnotherTestIsSeen() {
        assertEquals(List.of(), ivs.listChannels(it -> { }).channels());
    }
}
