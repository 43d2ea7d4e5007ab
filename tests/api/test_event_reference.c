/*
 * The reference in docs/events.md: every kind of event is caused, the reference is
 * printed from what was written, and both are compared: the page with the printed
 * reference, and the events with what AWS documents.
 *
 * With the argument `print`, it prints the reference.
 */
#include "base/buf.h"
#include "base/json.h"
#include "events/detail_types.h"
#include "support/emulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define PAGE_BEGIN "<!-- printed by tests/api/test_event_reference.c -->\n"
#define PAGE_END "<!-- end of the printed part -->\n"

enum { PAGE_MAX_BYTES = 1024 * 1024, MAX_MEMBERS = 32, MAX_LIVE = 100 };

/*
 * What the user guide says ("Using Amazon EventBridge with IVS Low-Latency Streaming"):
 * the names of each detail-type, and the members of the detail, each with a space before
 * and after. `may` are those that only some of these events have.
 */
static const struct fact {
    const char *detail_type;
    const char *name;
    const char *members;
    const char *may;
    bool unsent; /* nothing in this server causes it */
} facts[] = {
#define STREAM " channel_name stream_id "
#define LIMIT " limit_name limit_value exceeded_by limit_unit "
  /* `limit` is the name of limit_name in the published schema. Fidelity: ivs-events-1 */
#define LIMIT_SCHEMA " limit "
#define RECORDING                                                                        \
    STREAM " recording_status recording_status_reason recording_s3_bucket_name "         \
           "recording_s3_key_prefix recording_duration_ms recording_session_id "
  /* The guide has it for Recording End; real events have it always. */
#define IDS " recording_session_stream_ids "
    {"IVS Stream State Change",    "Session Created",         " event_name" STREAM,        "",           false},
    {"IVS Stream State Change",    "Stream Start",            " event_name" STREAM,        "",           false},
    {"IVS Stream State Change",    "Session Ended",           " event_name" STREAM,        " code ",     false},
    {"IVS Stream State Change",    "Stream End",              " event_name" STREAM,        "",           false},
    {"IVS Stream State Change",    "Stream Failure",          " event_name reason" STREAM, "",           false},
    {"IVS Stream State Change",    "Stream Takeover",         " event_name" STREAM,        "",           true },
    {"IVS Stream State Change",    "Stream Takeover Failure", " event_name" STREAM,        " code ",
                                                true                                                                                                     },
    {"IVS Stream Health Change",   "Starvation Start",        " event_name" STREAM,        "",           false},
    {"IVS Stream Health Change",   "Starvation End",          " event_name" STREAM,        "",           false},
    {"IVS Limit Breach",           "Ingest Bitrate",          LIMIT STREAM,                LIMIT_SCHEMA, false},
    {"IVS Limit Breach",           "Ingest Resolution",       LIMIT STREAM,                LIMIT_SCHEMA, false},
    {"IVS Limit Breach",           "Concurrent Broadcasts",   LIMIT,                       LIMIT_SCHEMA, false},
    {"IVS Limit Breach",           "Concurrent Viewers",      LIMIT,                       LIMIT_SCHEMA, false},
    {"IVS Recording State Change", "Recording Start",         RECORDING,                   IDS,          false},
    {"IVS Recording State Change", "Recording End",           RECORDING IDS,               "",           false},
    {"IVS Recording State Change", "Recording Start Failure", RECORDING,                   IDS,          false},
    {"IVS Recording State Change", "Recording End Failure",   RECORDING IDS,               "",           false},
    {"IVS Ad Break State Change",  "Ad Break Inserted",
                                                " event_name ad_break_id duration_seconds target_start_time" STREAM,                  "",           false},
};

static void assert_call(struct emulator *emu, int status, const char *operation,
                        const char *members)
{
    struct reply reply = emulator_call(emu, REGION, operation, "{%s}", members);

    if (reply.status != status)
        fail_msg("%s: %d instead of %d", operation, reply.status, status);
}

static const char *channel_member(struct emulator *emu, const char *arn)
{
    return emulator_printf(emu, "\"channelArn\":\"%s\"", arn);
}

static void cause_events_of_a_stream(struct emulator *emu)
{
    const char *arn = create_recorded_channel(emu, "recordings", 0);
    struct reply ads = emulator_call(
        emu, REGION, "CreateAdConfiguration",
        "{\"mediaTailorPlaybackConfigurations\":[{\"playbackConfigurationArn\":"
        "\"arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/a\"}]}");
    const char *channel = channel_member(emu, arn);

    assert_call(emu, 200, "UpdateChannel",
                emulator_printf(emu, "\"arn\":\"%s\",\"adConfigurationArn\":\"%s\"", arn,
                                reply_string(ads, "adConfiguration.arn")));
    go_live(emu, arn);
    emulator_advance(emu, 60000);
    assert_call(emu, 200, "UpdateStream",
                emulator_printf(emu, "%s,\"health\":\"STARVING\"", channel));
    assert_call(
        emu, 200, "UpdateStream",
        emulator_printf(emu, "%s,\"health\":\"HEALTHY\",\"viewerCount\":15001", channel));
    assert_call(emu, 200, "InsertAdBreak",
                emulator_printf(emu, "%s,\"durationSeconds\":30", channel));
    emulator_advance(emu, 60000);
    assert_call(emu, 204, "EndStream",
                emulator_printf(emu,
                                "%s,\"failure\":\"Transcode capacity exceeded. "
                                "Please try again.\"",
                                channel));
}

static void cause_failures_of_recordings(struct emulator *emu)
{
    static const char *const buckets[] = {"a-recording-start-failure",
                                          "a-recording-end-failure"};

    for (size_t i = 0; i < COUNT_OF(buckets); i++) {
        const char *arn = create_recorded_channel(emu, buckets[i], 0);
        go_live(emu, arn);
        go_offline(emu, arn);
    }
}

static void cause_breaches(struct emulator *emu)
{
    static const char *const videos[] = {"\"targetBitrate\":9500000",
                                         "\"videoWidth\":1921,\"videoHeight\":1000"};
    const char *arn = create_channel(emu, REGION, "lobby");

    for (size_t i = 0; i < COUNT_OF(videos); i++)
        assert_error(start_stream(emu, arn,
                                  emulator_printf(emu,
                                                  "\"ingestConfiguration\":"
                                                  "{\"video\":{%s},\"audio\":{}}",
                                                  videos[i])),
                     402, "ServiceQuotaExceededException");
    for (int i = 0; i < MAX_LIVE; i++)
        go_live(emu, create_channel(emu, REGION, "lobby"));
    assert_error(start_stream(emu, arn, ""), 402, "ServiceQuotaExceededException");
}

/* Causes every kind of event. Returns the events. */
static const cJSON *cause_all(struct emulator *emu)
{
    cause_events_of_a_stream(emu);
    cause_failures_of_recordings(emu);
    cause_breaches(emu);
    struct reply reply =
        emulator_call(emu, REGION, "ListEvents", "{\"maxResults\":1000}");
    assert_success(reply, 200);
    return reply_item(reply, "events");
}

static const cJSON *detail_of(const cJSON *event)
{
    return cJSON_GetObjectItemCaseSensitive(event, "detail");
}

static const char *name_of(const cJSON *event)
{
    const struct detail_type *type =
        detail_type_find(json_string_or(event, "detail-type", ""));

    assert_non_null(type);
    return detail_type_event_name(type, detail_of(event));
}

static bool is_kind(const cJSON *event, const char *detail_type, const char *name)
{
    return strcmp(json_string_or(event, "detail-type", ""), detail_type) == 0 &&
           (name == NULL || strcmp(name_of(event), name) == 0);
}

/* The first event of the kind, or NULL. */
static const cJSON *find_event(const cJSON *events, const char *detail_type,
                               const char *name)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, events) {
        if (is_kind(event, detail_type, name))
            return event;
    }
    return NULL;
}

/* Whether a list of words, with a space before and after each, contains the word. */
static bool has_word(struct emulator *emu, const char *list, const char *word)
{
    return strstr(list, emulator_printf(emu, " %s ", word)) != NULL;
}

/* The test fails unless the detail has the members of the fact. */
static void assert_members(struct emulator *emu, const struct fact *fact,
                           const cJSON *detail)
{
    char *words = emulator_printf(emu, "%s", fact->members), *rest = NULL;
    const cJSON *member;

    for (char *word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        if (!json_has(detail, word))
            fail_msg("%s has no %s", fact->name, word);
    }
    cJSON_ArrayForEach(member, detail) {
        if (!has_word(emu, fact->members, member->string) &&
            !has_word(emu, fact->may, member->string))
            fail_msg("AWS documents no %s of %s", member->string, fact->name);
    }
}

static void the_events_are_those_that_aws_documents(void **state)
{
    struct emulator *emu = *state;
    const cJSON *events = cause_all(emu), *event;

    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        const struct fact *fact = &facts[i];
        bool written = false;
        cJSON_ArrayForEach(event, events) {
            if (!is_kind(event, fact->detail_type, fact->name))
                continue;
            written = true;
            assert_members(emu, fact, detail_of(event));
        }
        if (written == fact->unsent)
            fail_msg("%s is %s", fact->name, written ? "written" : "not written");
    }
}

static const struct fact *fact_of(const char *detail_type, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        if (strcmp(facts[i].detail_type, detail_type) == 0 &&
            strcmp(facts[i].name, name) == 0)
            return &facts[i];
    }
    return NULL;
}

/* That the table lacks no event is what publishing checks. */
static void every_event_of_the_table_is_written_and_documented(void **state)
{
    const cJSON *events = cause_all(*state);

    for (size_t i = 0; i < detail_types_count; i++) {
        const struct detail_type *type = &detail_types[i];
        for (const char *const *name = type->names; *name != NULL; name++) {
            if (find_event(events, type->name, *name) == NULL ||
                fact_of(type->name, *name) == NULL)
                fail_msg("%s, %s is not written or not documented", type->name, *name);
        }
    }
}

static const char *type_name(const cJSON *value)
{
    if (cJSON_IsString(value))
        return "string";
    if (cJSON_IsNumber(value))
        return "number";
    assert_true(cJSON_IsArray(value));
    return "list of strings";
}

/* The names of the events with the member, or "all" if all of the type have it. */
static const char *where_member_is(struct emulator *emu, const cJSON *events,
                                   const struct detail_type *type, const char *member)
{
    const char *names = "";
    bool everywhere = true;

    for (const char *const *name = type->names; *name != NULL; name++) {
        if (json_has(detail_of(find_event(events, type->name, *name)), member))
            names = emulator_printf(emu, "%s%s%s", names, names[0] != '\0' ? ", " : "",
                                    *name);
        else
            everywhere = false;
    }
    return everywhere ? "all" : names;
}

static void print_members(struct emulator *emu, struct buf *out, const cJSON *events,
                          const struct detail_type *type)
{
    const char *seen = " ";
    const cJSON *event, *member;

    buf_printf(out, "| member of `detail` | type | in |\n| --- | --- | --- |\n");
    cJSON_ArrayForEach(event, events) {
        if (!is_kind(event, type->name, NULL))
            continue;
        cJSON_ArrayForEach(member, detail_of(event)) {
            if (has_word(emu, seen, member->string))
                continue;
            seen = emulator_printf(emu, "%s%s ", seen, member->string);
            buf_printf(out, "| `%s` | %s | %s |\n", member->string, type_name(member),
                       where_member_is(emu, events, type, member->string));
        }
    }
}

/* Prints a tree with an indentation of two spaces for each level, and one space after a
 * colon. */
static void print_tree(struct buf *out, const cJSON *tree)
{
    char *text = cJSON_Print(tree);

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\t')
            buf_printf(out, at > text && at[-1] == ':' ? " " : "  ");
        else
            buf_add(out, at, 1);
    }
    cJSON_free(text);
}

static void print_type(struct emulator *emu, struct buf *out, const cJSON *events,
                       const struct detail_type *type)
{
    const char *names = "";

    for (const char *const *name = type->names; *name != NULL; name++)
        names =
            emulator_printf(emu, "%s%s*%s*", names, names[0] != '\0' ? ", " : "", *name);
    buf_printf(out, "\n### %s\n\nThe value of `%s` is one of: %s.\n\n", type->name,
               type->name_member, names);
    print_members(emu, out, events, type);
    buf_printf(out, "\n```json\n");
    print_tree(out, find_event(events, type->name, type->names[0]));
    buf_printf(out, "\n```\n");
}

/* Prints what the page has between its marks. */
static void print_reference(struct emulator *emu, struct buf *out)
{
    const cJSON *events = cause_all(emu);

    for (size_t i = 0; i < detail_types_count; i++)
        print_type(emu, out, events, &detail_types[i]);
    buf_printf(out, "\n");
    assert_false(out->overflow);
}

static void read_page(struct buf *out)
{
    char piece[4096];
    size_t got;
    FILE *file = fopen(EVENTS_PAGE, "r");

    assert_non_null(file);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(out, piece, got);
    fclose(file);
}

static void the_page_has_what_is_written(void **state)
{
    struct buf page AUTO(buf_done), reference AUTO(buf_done);

    buf_init(&page, PAGE_MAX_BYTES);
    buf_init(&reference, PAGE_MAX_BYTES);
    read_page(&page);
    print_reference(*state, &reference);

    const char *begin = strstr(page.bytes, PAGE_BEGIN);
    assert_non_null(begin);
    begin += strlen(PAGE_BEGIN);
    const char *end = strstr(begin, PAGE_END);
    assert_non_null(end);
    if ((size_t)(end - begin) != strlen(reference.bytes) ||
        strncmp(begin, reference.bytes, (size_t)(end - begin)) != 0)
        fail_msg("the reference is stale: replace what is between the marks by what the "
                 "program of this test prints with the argument print");
}

static int print_to_standard_output(void)
{
    struct buf reference AUTO(buf_done);
    void *emu = NULL;

    buf_init(&reference, PAGE_MAX_BYTES);
    if (emulator_setup(&emu) != 0)
        return EXIT_FAILURE;
    print_reference(emu, &reference);
    emulator_teardown(&emu);
    return fputs(reference.bytes, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_events_are_those_that_aws_documents),
        EMULATOR_TEST(every_event_of_the_table_is_written_and_documented),
        EMULATOR_TEST(the_page_has_what_is_written),
    };

    if (argc == 2 && strcmp(argv[1], "print") == 0)
        return print_to_standard_output();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
