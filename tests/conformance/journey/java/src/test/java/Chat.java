import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ivschat.IvschatClient;
import software.amazon.awssdk.services.ivschat.model.ChatTokenCapability;
import software.amazon.awssdk.services.ivschat.model.CreateChatTokenResponse;
import software.amazon.awssdk.services.ivschat.model.CreateLoggingConfigurationResponse;
import software.amazon.awssdk.services.ivschat.model.CreateRoomResponse;
import software.amazon.awssdk.services.ivschat.model.ListRoomsResponse;
import software.amazon.awssdk.services.ivschat.model.RoomSummary;
import software.amazon.awssdk.services.ivschat.model.UpdateRoomResponse;

/** Steps with chat rooms. */
final class Chat {
    static final Map<String, ?> LOGS = Map.of("destinationConfiguration",
            Map.of("cloudWatchLogs", Map.of("logGroupName", "chat")));

    private static final IvschatClient CHAT = JourneyTest.CHAT;
    private static final String HANDLER =
            "arn:aws:lambda:us-east-1:000000000000:function:review";

    private Chat() {}

    static void addTo(Map<String, JourneyTest.Step> steps) {
        steps.put("CreateRoom", Chat::createRoom);
        steps.put("ListRooms", Chat::listRooms);
        steps.put("UpdateRoom", Chat::updateRoom);
        steps.put("DeleteRoom", Chat::deleteRoom);
        steps.put("CreateLoggingConfiguration", Chat::createLoggingConfiguration);
        steps.put("CreateChatToken", Chat::createChatToken);
        steps.put("SendEvent", Chat::sendEvent);
    }

    /** The ARN of a room that a bare call created. */
    private static String newRoom(Map<String, ?> members) throws Exception {
        return (String) Raw.raw("CreateRoom", members).get("arn");
    }

    private static void createRoom() throws Exception {
        String logs = (String) Raw.raw("CreateLoggingConfiguration", LOGS).get("arn");

        CreateRoomResponse made = CHAT.createRoom(it -> it
                .name("lobby").maximumMessageRatePerSecond(5).maximumMessageLength(100)
                .messageReviewHandler(review -> review.uri(HANDLER).fallbackResult("DENY"))
                .loggingConfigurationIdentifiers(logs)
                .tags(Map.of("team", "video")));

        Map<String, Object> room = Raw.raw("GetRoom", Map.of("identifier", made.arn()));
        Raw.equal(room, made);
        Raw.equal(Raw.with(room, Map.of(
                "name", "lobby", "maximumMessageRatePerSecond", 5,
                "maximumMessageLength", 100,
                "messageReviewHandler", Map.of("uri", HANDLER, "fallbackResult", "DENY"),
                "loggingConfigurationIdentifiers", List.of(logs),
                "tags", Map.of("team", "video"))), made);
    }

    private static void listRooms() throws Exception {
        newRoom(Map.of("name", "lobby"));
        String arn = newRoom(Map.of("name", "stage",
                "messageReviewHandler", Map.of("uri", HANDLER)));

        ListRoomsResponse listed = CHAT.listRooms(it -> it.name("stage"));

        Raw.equal(List.of(arn), listed.rooms().stream().map(RoomSummary::arn).toList());
        Raw.equal(Raw.raw("ListRooms", Map.of("name", "stage")), listed);
    }

    private static void updateRoom() throws Exception {
        String arn = newRoom(Map.of("name", "lobby", "messageReviewHandler",
                Map.of("uri", HANDLER, "fallbackResult", "DENY")));

        UpdateRoomResponse updated = CHAT.updateRoom(it -> it
                .identifier(arn).name("stage")
                .messageReviewHandler(review -> review.uri("")));

        Raw.equal("stage", updated.name());
        Raw.equal(Map.of("uri", "", "fallbackResult", "ALLOW"),
                updated.messageReviewHandler());
        Raw.equal(Raw.raw("GetRoom", Map.of("identifier", arn)), updated);
    }

    private static void deleteRoom() throws Exception {
        String arn = newRoom(Map.of());
        CHAT.deleteRoom(it -> it.identifier(arn));
        Raw.equal(404, Raw.post("GetRoom", Map.of("identifier", arn)).statusCode());
    }

    private static void createLoggingConfiguration() throws Exception {
        CreateLoggingConfigurationResponse made = CHAT.createLoggingConfiguration(it -> it
                .name("logs")
                .destinationConfiguration(to -> to
                        .cloudWatchLogs(logs -> logs.logGroupName("chat")))
                .tags(Map.of("team", "video")));

        Map<String, Object> stored =
                Raw.raw("GetLoggingConfiguration", Map.of("identifier", made.arn()));
        Raw.equal(Raw.with(Raw.with(stored, LOGS), Map.of("name", "logs", "state", "ACTIVE",
                "tags", Map.of("team", "video"))), made);
        Raw.equal(Raw.with(stored, Map.of("state", "ACTIVE")), made);
    }

    private static void createChatToken() throws Exception {
        Map<String, Object> room = Raw.raw("CreateRoom", Map.of());

        CreateChatTokenResponse made = CHAT.createChatToken(it -> it
                .roomIdentifier((String) room.get("arn")).userId("ann")
                .sessionDurationInMinutes(180)
                .capabilities(ChatTokenCapability.SEND_MESSAGE,
                        ChatTokenCapability.DISCONNECT_USER,
                        ChatTokenCapability.DELETE_MESSAGE)
                .attributes(Map.of("displayName", "Ann")));

        Instant ends = made.sessionExpirationTime();
        Duration duration =
                Duration.between(Instant.parse((String) room.get("createTime")), ends);
        Raw.equal("AQICAH", made.token().substring(0, 6));
        Raw.equal(120L, Duration.between(made.tokenExpirationTime(), ends).toMinutes());
        Raw.equal(true, duration.minusMinutes(180).abs().compareTo(Duration.ofMinutes(1)) <= 0);
    }

    private static void sendEvent() throws Exception {
        String arn = newRoom(Map.of());

        String id = CHAT.sendEvent(it -> it.roomIdentifier(arn).eventName("app:Note")
                .attributes(Map.of("größe", "1"))).id();

        List<?> listed = (List<?>) Raw.control("ListMessages",
                Map.of("roomIdentifier", arn)).get("messages");
        Map<String, Object> event = Raw.object(listed.get(0));
        Raw.equal(1, listed.size());
        Raw.equal(Raw.with(event, Map.of("Id", id, "EventName", "app:Note",
                "Attributes", Map.of("größe", "1"))), event);
    }
}
