import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.ivs.IvsClient;

/** The journey of ../journey.md with the AWS SDK for Java v2. */
class JourneyTest {
    /** A step: it throws if a check fails. */
    interface Step {
        void run() throws Exception;
    }

    /** Calls once. */
    static final IvsClient ONCE = IvsClient.builder()
            .overrideConfiguration(ClientOverrideConfiguration.builder()
                    .retryStrategy(retries -> retries.maxAttempts(1)).build())
            .build();

    @Test
    void everyStepPasses() {
        Map<String, Step> steps = new LinkedHashMap<>();
        Resources.addTo(steps);
        Streams.addTo(steps);
        Refusals.addTo(steps);

        System.out.println("sdk software.amazon.awssdk:ivs " + VersionInfo.SDK_VERSION);
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
