import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ivschat.IvschatClient;
import software.amazon.awssdk.services.ivschat.model.IvschatException;
import software.amazon.awssdk.services.ivschat.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivschat.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivschat.model.ThrottlingException;
import software.amazon.awssdk.services.ivschat.model.ValidationException;
import software.amazon.awssdk.services.ivschat.model.ValidationExceptionField;

/** Steps with chat that fail: errors whose members the SDK parses. */
final class ChatRefusals {
    private static final IvschatClient CHAT = JourneyTest.CHAT;
    private static final String UNKNOWN =
            "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh";

    private ChatRefusals() {}

    static void addTo(Map<String, JourneyTest.Step> steps) {
        steps.put("ChatValidationException", ChatRefusals::validation);
        steps.put("ChatResourceNotFoundException", ChatRefusals::notFound);
        steps.put("ChatServiceQuotaExceededException", ChatRefusals::quota);
        steps.put("ChatThrottlingException", ChatRefusals::throttling);
    }

    /** The call fails with exactly the error of this class. */
    private static <T extends IvschatException> T refused(Class<T> kind, int status,
            String message, Executable call) {
        T error = assertThrows(kind, call);
        assertEquals(kind, error.getClass());
        assertEquals(kind.getSimpleName(), error.awsErrorDetails().errorCode());
        assertEquals(message, error.awsErrorDetails().errorMessage());
        assertEquals(status, error.statusCode());
        assertFalse(error.requestId().isEmpty());
        return error;
    }

    private static void validation() {
        String text = "CreateRoom.name does not match pattern [a-zA-Z0-9-_]*";

        ValidationException error = refused(ValidationException.class, 400, text,
                () -> CHAT.createRoom(it -> it.name("my lobby")));

        assertEquals("FIELD_VALIDATION_FAILED", error.reasonAsString());
        assertEquals(1, error.fieldList().size());
        ValidationExceptionField field = error.fieldList().get(0);
        assertEquals("name", field.name());
        assertEquals(text, field.message());
    }

    private static void notFound() {
        ResourceNotFoundException error = refused(ResourceNotFoundException.class, 404,
                "Resource: " + UNKNOWN + " not found",
                () -> CHAT.getRoom(it -> it.identifier(UNKNOWN)));

        assertEquals("abcdABCDefgh", error.resourceId());
        assertEquals("ROOM", error.resourceTypeAsString());
    }

    private static void quota() throws Exception {
        for (int i = 0; i < 10; i++) {
            Raw.raw("CreateLoggingConfiguration", Chat.LOGS);
        }

        ServiceQuotaExceededException error = refused(ServiceQuotaExceededException.class, 402,
                "Service quota exceeded: 10 logging configurations per region",
                () -> CHAT.createLoggingConfiguration(it -> it.destinationConfiguration(
                        to -> to.cloudWatchLogs(logs -> logs.logGroupName("chat")))));

        assertEquals("000000000000", error.resourceId());
        assertEquals("ROOM", error.resourceTypeAsString());
        assertEquals(10, error.limit());
    }

    private static void throttling() throws Exception {
        String message = "fault: ThrottlingException";
        Raw.control("PutFault", Map.of("operation", "SendEvent",
                "error", "ThrottlingException", "message", message, "times", 1));

        ThrottlingException error = refused(ThrottlingException.class, 429, message,
                () -> CHAT.sendEvent(it -> it.roomIdentifier(UNKNOWN).eventName("x")));

        assertEquals("000000000000", error.resourceId());
        assertEquals("ROOM", error.resourceTypeAsString());
        assertEquals(0, error.limit());
    }
}
