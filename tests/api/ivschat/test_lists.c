/*
 * ListRooms and ListLoggingConfigurations: order, filters, pages.
 */
#include "support/emulator.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define LAMBDA "arn:aws:lambda:us-east-1:000000000000:function:"

static struct reply list(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "ListRooms", "{%s}", members);
}

static const char *create_logging(struct emulator *emu)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateLoggingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"logs\"}}}");

    assert_success(reply, 200);
    return reply_string(reply, "arn");
}

/* Creates a room. The handler is the name of a function, or NULL: none; so is the ARN of
 * a logging configuration. */
static const char *create_room(struct emulator *emu, const char *name,
                               const char *handler, const char *logging)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateRoom", "{\"name\":\"%s\"%s%s}", name,
        handler != NULL
            ? emulator_printf(emu, ",\"messageReviewHandler\":{\"uri\":\"" LAMBDA "%s\"}",
                              handler)
            : "",
        logging != NULL
            ? emulator_printf(emu, ",\"loggingConfigurationIdentifiers\":[\"%s\"]",
                              logging)
            : "");

    assert_success(reply, 200);
    return reply_string(reply, "arn");
}

static void update_room(struct emulator *emu, const char *arn)
{
    assert_success(
        emulator_call(emu, REGION, "UpdateRoom", "{\"identifier\":\"%s\"}", arn), 200);
}

/* The list has these rooms, in this order; ends with NULL. */
static void assert_rooms(struct reply reply, const char *const *arns)
{
    int count = 0;

    assert_success(reply, 200);
    for (; arns[count] != NULL; count++) {
        char path[32];
        (void)snprintf(path, sizeof(path), "rooms.%d.arn", count);
        assert_true(count < reply_count(reply, "rooms"));
        assert_string_equal(reply_string(reply, path), arns[count]);
    }
    assert_int_equal(reply_count(reply, "rooms"), count);
}

/* clang-format off */
#define ROOMS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_ROOMS ((const char *const[]){NULL})
/* clang-format on */

static void the_room_that_was_updated_last_is_first(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_room(emu, "one", NULL, NULL);
    const char *two = create_room(emu, "two", NULL, NULL);
    const char *three = create_room(emu, "three", NULL, NULL);

    assert_rooms(list(emu, ""), ROOMS(three, two, one));
    update_room(emu, one);
    assert_rooms(list(emu, ""), ROOMS(one, three, two));
    update_room(emu, two);
    assert_rooms(list(emu, ""), ROOMS(two, one, three));
}

static void tags_do_not_count_as_an_update(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_room(emu, "one", NULL, NULL);
    const char *two = create_room(emu, "two", NULL, NULL);
    static const char body[] = "{\"tags\":{\"a\":\"b\"}}";

    clock_advance(emu->clock, 1000);
    assert_success(emulator_request(emu, emu->settings.default_scope, "POST",
                                    emulator_printf(emu, "/tags/%s", one), body,
                                    strlen(body)),
                   200);

    struct reply reply = list(emu, "");
    assert_rooms(reply, ROOMS(two, one));
    assert_json(reply, "rooms.1.tags", "{\"a\":\"b\"}");
    assert_string_equal(reply_string(reply, "rooms.1.updateTime"),
                        "2021-04-07T00:00:00.000Z");
}

static void a_summary_lacks_what_only_the_whole_has(void **state)
{
    static const char *const kept[] = {
        "arn",        "id",         "name", "messageReviewHandler",
        "createTime", "updateTime", "tags", "loggingConfigurationIdentifiers"};
    struct emulator *emu = *state;
    const char *arn = create_room(emu, "lobby", "review", create_logging(emu));
    struct reply whole =
        emulator_call(emu, REGION, "GetRoom", "{\"identifier\":\"%s\"}", arn);

    struct reply reply = list(emu, "");

    const cJSON *member = reply_item(reply, "rooms.0")->child;
    for (size_t i = 0; i < COUNT_OF(kept); i++, member = member->next) {
        assert_non_null(member);
        assert_string_equal(member->string, kept[i]);
        assert_true(cJSON_Compare(member, reply_item(whole, kept[i]), true));
    }
    assert_null(member);
}

static void a_name_is_matched_exactly(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_room(emu, "lobby", NULL, NULL);
    (void)create_room(emu, "lobby-2", NULL, NULL);
    (void)create_room(emu, "Lobby", NULL, NULL);
    const char *two = create_room(emu, "lobby", NULL, NULL);

    assert_rooms(list(emu, "\"name\":\"lobby\""), ROOMS(two, one));
    assert_rooms(list(emu, "\"name\":\"lob\""), NO_ROOMS);
}

static void rooms_are_found_by_their_review_handler(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_room(emu, "one", "a", NULL);
    (void)create_room(emu, "two", "b", NULL);
    (void)create_room(emu, "three", NULL, NULL);
    const char *four = create_room(emu, "four", "a", NULL);

    assert_rooms(list(emu, "\"messageReviewHandlerUri\":\"" LAMBDA "a\""),
                 ROOMS(four, one));
    assert_rooms(list(emu, "\"messageReviewHandlerUri\":\"" LAMBDA "c\""), NO_ROOMS);
}

static void rooms_are_found_by_their_logging_configuration(void **state)
{
    struct emulator *emu = *state;
    const char *logging = create_logging(emu), *other = create_logging(emu);
    const char *unused = create_logging(emu);
    const char *one = create_room(emu, "one", NULL, logging);
    const char *two = create_room(emu, "two", NULL, other);
    const char *three = create_room(emu, "three", NULL, logging);
    (void)create_room(emu, "four", NULL, NULL);
    static const char filter[] = "\"loggingConfigurationIdentifier\":\"%s\"";

    assert_rooms(list(emu, emulator_printf(emu, filter, logging)), ROOMS(three, one));
    assert_rooms(list(emu, emulator_printf(emu, filter, unused)), NO_ROOMS);
    update_room(emu, one);
    assert_rooms(list(emu, emulator_printf(emu, filter, logging)), ROOMS(one, three));
    assert_success(emulator_call(emu, REGION, "UpdateRoom",
                                 "{\"identifier\":\"%s\","
                                 "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]}",
                                 two, other, logging),
                   200);
    assert_rooms(list(emu, emulator_printf(emu, filter, logging)),
                 ROOMS(two, one, three));
    assert_success(
        emulator_call(emu, REGION, "DeleteRoom", "{\"identifier\":\"%s\"}", one), 204);
    assert_rooms(list(emu, emulator_printf(emu, filter, logging)), ROOMS(two, three));
}

static void filters_can_be_combined(void **state)
{
    enum { NAMES = 2, HANDLERS = 2, LOGGINGS = 2, COMBINATIONS = 8 };
    static const char *const names[] = {"one", "two"};
    static const char *const handlers[] = {"a", "b"};
    struct emulator *emu = *state;
    const char *loggings[] = {create_logging(emu), create_logging(emu)};
    const char *wanted = NULL;

    for (int i = 0; i < NAMES * HANDLERS * LOGGINGS; i++) {
        const char *arn =
            create_room(emu, names[i & 1], handlers[i >> 1 & 1], loggings[i >> 2 & 1]);
        if (i == 0)
            wanted = arn;
    }
    /* Each bit is a filter, which halves the result. */
    for (int i = 0; i < COMBINATIONS; i++) {
        const char *members = emulator_printf(
            emu, "\"name\":\"%s\",\"messageReviewHandlerUri\":\"%s\"%s",
            (i & 1) != 0 ? "one" : "", (i & 2) != 0 ? LAMBDA "a" : "",
            (i & 4) != 0
                ? emulator_printf(emu, ",\"loggingConfigurationIdentifier\":\"%s\"",
                                  loggings[0])
                : "");
        struct reply reply = list(emu, members);
        int filters = (i & 1) + (i >> 1 & 1) + (i >> 2 & 1);
        assert_success(reply, 200);
        assert_int_equal(reply_count(reply, "rooms"), COMBINATIONS >> filters);
        const char *last =
            emulator_printf(emu, "rooms.%d.arn", (COMBINATIONS >> filters) - 1);
        assert_string_equal(reply_string(reply, last), wanted);
    }
}

static void an_empty_filter_counts_as_absent(void **state)
{
    struct emulator *emu = *state;
    const char *named = create_room(emu, "lobby", "a", NULL);
    const char *nameless = create_room(emu, "", NULL, NULL);

    assert_rooms(list(emu, "\"name\":\"\",\"messageReviewHandlerUri\":\"\""),
                 ROOMS(nameless, named));
}

static void
a_filter_by_a_logging_configuration_that_does_not_exist_is_refused(void **state)
{
    struct emulator *emu = *state;
    static const char filter[] = "\"loggingConfigurationIdentifier\":\"%s\"";
    static const char missing[] =
        "arn:aws:ivschat:us-east-1:000000000000:logging-configuration/abcdABCDefgh";
    const char *logging = create_logging(emu);
    (void)create_room(emu, "lobby", NULL, logging);

    struct reply reply = list(emu, emulator_printf(emu, filter, missing));
    struct reply elsewhere =
        emulator_call(emu, "eu-west-1", "ListRooms",
                      "{\"loggingConfigurationIdentifier\":\"%s\"}", logging);
    struct reply empty = list(emu, emulator_printf(emu, filter, ""));

    assert_error_says(reply, 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", missing));
    assert_error(elsewhere, 404, "ResourceNotFoundException");
    assert_error(empty, 400, "ValidationException");
}

/* Reads all pages of one room, and checks their number. */
static void assert_pages(struct emulator *emu, const char *members, int count)
{
    const char *token = "";

    for (int i = 0; i < count; i++) {
        struct reply page =
            list(emu, emulator_printf(emu, "%s\"maxResults\":1,\"nextToken\":\"%s\"",
                                      members, token));
        assert_success(page, 200);
        assert_int_equal(reply_count(page, "rooms"), 1);
        assert_int_equal(reply_has(page, "nextToken"), i < count - 1);
        if (i < count - 1)
            token = reply_string(page, "nextToken");
    }
}

static void each_filter_has_pages(void **state)
{
    enum { ROOM_COUNT = 3 };
    struct emulator *emu = *state;
    const char *logging = create_logging(emu);
    for (int i = 0; i < ROOM_COUNT; i++) {
        (void)create_room(emu, "lobby", "a", logging);
        (void)create_room(emu, "other", "b", NULL);
    }

    assert_pages(emu, "", 2 * ROOM_COUNT);
    assert_pages(emu, "\"name\":\"lobby\",", ROOM_COUNT);
    assert_pages(emu, "\"messageReviewHandlerUri\":\"" LAMBDA "a\",", ROOM_COUNT);
    assert_pages(
        emu, emulator_printf(emu, "\"loggingConfigurationIdentifier\":\"%s\",", logging),
        ROOM_COUNT);
    assert_pages(
        emu,
        emulator_printf(emu,
                        "\"name\":\"lobby\",\"messageReviewHandlerUri\":\"" LAMBDA
                        "a\",\"loggingConfigurationIdentifier\":\"%s\",",
                        logging),
        ROOM_COUNT);
}

static void a_token_is_for_its_filters(void **state)
{
    struct emulator *emu = *state;
    const char *logging = create_logging(emu);
    for (int i = 0; i < 2; i++)
        (void)create_room(emu, "lobby", "a", logging);
    const char *const filters[] = {
        "",
        "\"name\":\"lobby\",",
        "\"messageReviewHandlerUri\":\"" LAMBDA "a\",",
        emulator_printf(emu, "\"loggingConfigurationIdentifier\":\"%s\",", logging),
        "\"name\":\"lobby\",\"messageReviewHandlerUri\":\"" LAMBDA "a\",",
    };

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct reply first =
            list(emu, emulator_printf(emu, "%s\"maxResults\":1", filters[i]));
        const char *token = reply_string(first, "nextToken");
        for (size_t j = 0; j < COUNT_OF(filters); j++) {
            struct reply reply = list(
                emu, emulator_printf(emu, "%s\"nextToken\":\"%s\"", filters[j], token));
            assert_int_equal(reply.status, i == j ? 200 : 400);
        }
    }
}

static void a_room_that_is_updated_between_pages_moves_to_the_front(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_room(emu, "one", NULL, NULL);
    const char *two = create_room(emu, "two", NULL, NULL);
    const char *three = create_room(emu, "three", NULL, NULL);
    struct reply first = list(emu, "\"maxResults\":1");

    update_room(emu, two);

    assert_rooms(first, ROOMS(three));
    assert_rooms(list(emu, emulator_printf(emu, "\"nextToken\":\"%s\"",
                                           reply_string(first, "nextToken"))),
                 ROOMS(one));
    assert_rooms(list(emu, ""), ROOMS(two, three, one));
}

static void a_list_has_fifty_rooms_at_most(void **state)
{
    enum { MOST = 50 };
    struct emulator *emu = *state;
    for (int i = 0; i < MOST + 1; i++)
        (void)create_room(emu, "lobby", NULL, NULL);

    struct reply reply = list(emu, "");

    assert_int_equal(reply_count(reply, "rooms"), MOST);
    assert_true(reply_has(reply, "nextToken"));
    assert_error(list(emu, "\"maxResults\":51"), 400, "ValidationException");
}

static void a_list_of_logging_configurations_shows_the_state_of_the_moment(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_logging(emu);
    struct reply creating = emulator_call(emu, REGION, "ListLoggingConfigurations", "{}");
    (void)emulator_advance(emu, emu->settings.transitions_ms);

    struct reply whole = emulator_call(emu, REGION, "GetLoggingConfiguration",
                                       "{\"identifier\":\"%s\"}", arn);
    struct reply active = emulator_call(emu, REGION, "ListLoggingConfigurations", "{}");
    assert_success(emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                                 "{\"identifier\":\"%s\"}", arn),
                   204);
    struct reply deleting = emulator_call(emu, REGION, "ListLoggingConfigurations", "{}");

    assert_string_equal(reply_string(creating, "loggingConfigurations.0.state"),
                        "CREATING");
    assert_true(
        cJSON_Compare(reply_item(active, "loggingConfigurations.0"), whole.body, true));
    assert_string_equal(reply_string(deleting, "loggingConfigurations.0.state"),
                        "DELETING");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_room_that_was_updated_last_is_first),
        EMULATOR_TEST(tags_do_not_count_as_an_update),
        EMULATOR_TEST(a_summary_lacks_what_only_the_whole_has),
        EMULATOR_TEST(a_name_is_matched_exactly),
        EMULATOR_TEST(rooms_are_found_by_their_review_handler),
        EMULATOR_TEST(rooms_are_found_by_their_logging_configuration),
        EMULATOR_TEST(filters_can_be_combined),
        EMULATOR_TEST(an_empty_filter_counts_as_absent),
        EMULATOR_TEST(a_filter_by_a_logging_configuration_that_does_not_exist_is_refused),
        EMULATOR_TEST(each_filter_has_pages),
        EMULATOR_TEST(a_token_is_for_its_filters),
        EMULATOR_TEST(a_room_that_is_updated_between_pages_moves_to_the_front),
        EMULATOR_TEST(a_list_has_fifty_rooms_at_most),
        EMULATOR_TEST(a_list_of_logging_configurations_shows_the_state_of_the_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
