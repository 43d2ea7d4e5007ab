import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivschat.IvschatClient;

/** The journey of ../journey.md with the AWS SDK for Java v2. */
class JourneyTest {
    /** A step: it throws if a check fails. */
    interface Step {
        void run() throws Exception;
    }

    private static final ClientOverrideConfiguration NO_RETRIES =
            ClientOverrideConfiguration.builder()
                    .retryStrategy(retries -> retries.maxAttempts(1)).build();

    /** Both call once. */
    static final IvsClient ONCE =
            IvsClient.builder().overrideConfiguration(NO_RETRIES).build();
    static final IvschatClient CHAT =
            IvschatClient.builder().overrideConfiguration(NO_RETRIES).build();

    @Test
    void everyStepPasses() {
        Map<String, Step> steps = new LinkedHashMap<>();
        Resources.addTo(steps);
        Streams.addTo(steps);
        Refusals.addTo(steps);
        Chat.addTo(steps);
        ChatRefusals.addTo(steps);

        for (String artifact : List.of("ivs", "ivschat")) {
            System.out.println("sdk software.amazon.awssdk:" + artifact + " "
                    + VersionInfo.SDK_VERSION);
        }
        List<String> failed = new ArrayList<>();
        steps.forEach((name, step) -> {
            try {
                Raw.control("Reset", Map.of());
                step.run();
                System.out.println("step " + name + " passed");
            } catch (Exception | AssertionError error) {
                failed.add(name);
                System.out.println("step " + name + " FAILED: " + error);
            }
        });
        assertEquals(List.of(), failed);
    }
}
