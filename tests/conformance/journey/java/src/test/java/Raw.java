import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/**
 * Bare calls, and what the SDK parsed for comparison: both as maps, lists, text and
 * numbers.
 */
final class Raw {
    /** The members that this version of the SDK does not have. */
    private static final Set<String> NOT_KNOWN =
            Set.of("adConfigurationArn", "failoverSlateConfigurationArn");

    /** A time with zeros at the end of its fraction, which some SDKs omit. */
    private static final Pattern ZEROS =
            Pattern.compile("(.*T[0-9:]{8})(?:\\.0*|(\\.[0-9]*?)0*)Z");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Raw() {}

    static HttpResponse<String> post(String path, Map<String, ?> members) throws Exception {
        JsonWriter body = JsonWriter.create();
        write(body, members);
        return HTTP.send(HttpRequest
                .newBuilder(URI.create(System.getenv("AWS_ENDPOINT_URL_IVS") + "/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes()))
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void write(JsonWriter to, Object value) {
        if (value instanceof Map<?, ?> members) {
            to.writeStartObject();
            members.forEach((name, member) -> {
                to.writeFieldName((String) name);
                write(to, member);
            });
            to.writeEndObject();
        } else if (value instanceof Integer number) {
            to.writeValue(number);
        } else if (value instanceof Boolean yes) {
            to.writeValue(yes);
        } else {
            to.writeValue((String) value);
        }
    }

    /** The response of a bare call that succeeds. */
    static Map<String, Object> raw(String path, Map<String, ?> members) throws Exception {
        HttpResponse<String> answer = post(path, members);
        assertTrue(answer.statusCode() < 300, path + ": " + answer.body());
        return answer.body().isEmpty() ? Map.of()
                : object(plain(JsonNode.parser().parse(answer.body())));
    }

    static Map<String, Object> control(String operation, Map<String, ?> members)
            throws Exception {
        return raw("_ivs-local/" + operation, members);
    }

    /** The structure of that name in the response of a bare call. */
    static Map<String, Object> raw(String path, Map<String, ?> members, String structure)
            throws Exception {
        return object(raw(path, members).get(structure));
    }

    /** The ARN of a channel that a bare call created. */
    static String newChannel(Map<String, ?> members) throws Exception {
        return (String) raw("CreateChannel", members, "channel").get("arn");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** The map and these members. */
    static Map<String, Object> with(Map<String, Object> base, Map<String, ?> members) {
        Map<String, Object> all = new TreeMap<>(base);
        all.putAll(members);
        return all;
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.asObject().forEach((name, member) -> members.put(name, plain(member)));
            return members;
        }
        if (node.isArray()) {
            return node.asArray().stream().map(Raw::plain).toList();
        }
        if (node.isNumber()) {
            return new BigDecimal(node.asNumber());
        }
        return node.isBoolean() ? (Object) node.asBoolean() : node.asString();
    }

    /** What the SDK parsed, or JSON, in the form of JSON; null if it is absent. */
    static Object plain(Object value) {
        if (value == null || value instanceof SdkAutoConstructList
                || value instanceof SdkAutoConstructMap) {
            return null;
        }
        if (value instanceof SdkPojo pojo) {
            Map<String, Object> members = new TreeMap<>();
            for (SdkField<?> field : pojo.sdkFields()) {
                Object member = plain(field.getValueOrDefault(pojo));
                if (member != null) {
                    members.put(field.locationName(), member);
                }
            }
            return members;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new TreeMap<>();
            map.forEach((key, entry) -> entries.put((String) key, plain(entry)));
            return entries;
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(item)));
            return items;
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        if (value instanceof Instant instant) {
            return withoutZeros(instant.toString());
        }
        return value instanceof String text ? withoutZeros(text) : value;
    }

    private static String withoutZeros(String text) {
        Matcher found = ZEROS.matcher(text);
        if (!found.matches()) {
            return text;
        }
        return found.group(1) + (found.group(2) == null ? "" : found.group(2)) + "Z";
    }

    /** JSON without the members that the SDK does not have. */
    private static Object known(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new TreeMap<>();
            map.forEach((name, member) -> {
                if (!NOT_KNOWN.contains(name)) {
                    members.put((String) name, known(member));
                }
            });
            return members;
        }
        return value instanceof List<?> list ? list.stream().map(Raw::known).toList() : value;
    }

    /** Compares what the SDK parsed with JSON. */
    static void equal(Object wanted, Object seen) {
        assertEquals(known(plain(wanted)), plain(seen));
    }
}
