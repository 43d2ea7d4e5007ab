import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ivs.IvsClient;
import software.amazon.awssdk.services.ivs.model.AccessDeniedException;
import software.amazon.awssdk.services.ivs.model.ChannelNotBroadcastingException;
import software.amazon.awssdk.services.ivs.model.ConflictException;
import software.amazon.awssdk.services.ivs.model.InternalServerException;
import software.amazon.awssdk.services.ivs.model.IvsException;
import software.amazon.awssdk.services.ivs.model.PendingVerificationException;
import software.amazon.awssdk.services.ivs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivs.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivs.model.StreamUnavailableException;
import software.amazon.awssdk.services.ivs.model.ThrottlingException;
import software.amazon.awssdk.services.ivs.model.ValidationException;

/** Steps that fail: every class of error. */
final class Refusals {
    private static final IvsClient IVS = JourneyTest.ONCE;
    private static final String UNKNOWN =
            "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

    private Refusals() {}

    static void addTo(Map<String, JourneyTest.Step> steps) {
        steps.put("ValidationException", () -> refused(
                ValidationException.class, "ValidationException", 400,
                "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*",
                () -> IVS.createChannel(it -> it.name("my lobby"))));
        steps.put("ResourceNotFoundException", () -> refused(
                ResourceNotFoundException.class, "ResourceNotFoundException", 404,
                "Resource: " + UNKNOWN + " not found",
                () -> IVS.getChannel(it -> it.arn(UNKNOWN))));
        steps.put("ConflictException", () -> refused(
                ConflictException.class, "ConflictException", 409,
                "ListChannels takes only one of its filters at a time",
                () -> IVS.listChannels(it -> it.filterByName("a")
                        .filterByRecordingConfigurationArn(
                                UNKNOWN.replace("channel/", "recording-configuration/")))));
        steps.put("ServiceQuotaExceededException", () -> {
            String arn = Raw.newChannel(Map.of());
            refused(ServiceQuotaExceededException.class, "ServiceQuotaExceededException",
                    402, "Service quota exceeded: 1 stream key per channel",
                    () -> IVS.createStreamKey(it -> it.channelArn(arn)));
        });
        steps.put("ChannelNotBroadcasting", () -> {
            String arn = Raw.newChannel(Map.of());
            refused(ChannelNotBroadcastingException.class, "ChannelNotBroadcasting", 404,
                    "ChannelNotBroadcasting: Channel: " + arn + " is not currently online",
                    () -> IVS.getStream(it -> it.channelArn(arn)));
        });
        addFault(steps, ThrottlingException.class, "ThrottlingException", 429, "PutMetadata",
                () -> IVS.putMetadata(it -> it.channelArn(UNKNOWN).metadata("x")));
        addFault(steps, AccessDeniedException.class, "AccessDeniedException", 403,
                "GetChannel", () -> IVS.getChannel(it -> it.arn(UNKNOWN)));
        addFault(steps, PendingVerificationException.class, "PendingVerification", 403,
                "CreateChannel", () -> IVS.createChannel(it -> { }));
        addFault(steps, InternalServerException.class, "InternalServerException", 500,
                "ListRecordingConfigurations",
                () -> IVS.listRecordingConfigurations(it -> { }));
        // This version of the SDK identifies the error only by its code.
        addFault(steps, IvsException.class, "ServiceUnavailable", 503,
                "BatchGetChannel", () -> IVS.batchGetChannel(it -> it.arns(UNKNOWN)));
        addFault(steps, StreamUnavailableException.class, "StreamUnavailable", 503,
                "StopStream", () -> IVS.stopStream(it -> it.channelArn(UNKNOWN)));
        steps.put("Retry", Refusals::retry);
    }

    /** The call fails with exactly the error of this class. */
    private static void refused(Class<? extends IvsException> kind, String name, int status,
            String message, Executable call) {
        IvsException error = assertThrows(kind, call);
        assertEquals(kind, error.getClass());
        assertEquals(name, error.awsErrorDetails().errorCode());
        assertEquals(message, error.awsErrorDetails().errorMessage());
        assertEquals(status, error.statusCode());
        assertFalse(error.requestId().isEmpty());
    }

    /** Adds a step: the operation fails with the fault that the control API was given. */
    private static void addFault(Map<String, JourneyTest.Step> steps,
            Class<? extends IvsException> kind, String name, int status, String operation,
            Executable call) {
        steps.put(name, () -> {
            Raw.control("PutFault", Map.of("operation", operation, "error", name,
                    "message", "fault: " + name, "times", 1));
            refused(kind, name, status, "fault: " + name, call);
        });
    }

    private static void retry() throws Exception {
        Raw.control("PutFault", Map.of("operation", "ListChannels",
                "error", "ThrottlingException", "message", "fault: ThrottlingException",
                "times", 2));
        try (IvsClient patient = IvsClient.create()) {
            assertEquals(List.of(), patient.listChannels(it -> { }).channels());
        }

        List<?> failed = (List<?>) Raw.control("ListRequests",
                Map.of("operation", "ListChannels", "errorsOnly", true)).get("requests");
        assertEquals(2, failed.stream()
                .filter(call -> "ThrottlingException".equals(Raw.object(call).get("error")))
                .count());
    }
}
