import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivs.IvsClient;

/** A client of IVS with its own account, and the control API of IVS Local for that account. */
final class IvsLocal implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String endpoint;
    private final Region region = Region.US_EAST_1;
    /** An access key of 12 digits is the account. Tests do not see each other's resources. */
    private final AwsBasicCredentials credentials = AwsBasicCredentials.create(
            "%012d".formatted(ThreadLocalRandom.current().nextLong(1_000_000_000_000L)), "test");
    private final IvsClient client;

    IvsLocal(String endpoint) {
        this.endpoint = endpoint;
        this.client = IvsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
    }

    IvsClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Calls an operation of the control API for the account and region of the client. Returns
     * the parsed response, or null if it has no body. The parser is the one of the SDK.
     */
    JsonNode control(String operation, String members) throws IOException, InterruptedException {
        URI uri = URI.create(endpoint + "/_ivs-local/" + operation);
        SdkHttpRequest signed = AwsV4HttpSigner.create().sign(it -> it
                .identity(credentials)
                .request(SdkHttpRequest.builder().uri(uri).method(SdkHttpMethod.POST).build())
                .payload(ContentStreamProvider.fromString(members, StandardCharsets.UTF_8))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ivs")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())).request();

        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(members));
        signed.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) { // HttpClient sets it
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<String> response =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());

        if (response.body().isEmpty()) {
            return null;
        }
        JsonNode parsed = JsonNode.parser().parse(response.body());
        Map<String, JsonNode> object = parsed.asObject();
        if (response.statusCode() >= 300) {
            throw new IOException(operation + ": " + response.statusCode() + " "
                    + object.get("message").text());
        }
        if (object.containsKey("warning")) {
            System.err.println(operation + ": " + object.get("warning").text());
        }
        return parsed;
    }
}
