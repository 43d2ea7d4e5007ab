/*
 * An emulator for a test: in memory, with a stopped clock and repeatable identifiers,
 * called through the dispatcher.
 */
#ifndef TESTS_SUPPORT_EMULATOR_H
#define TESTS_SUPPORT_EMULATOR_H

#include "api/emulator.h"
#include "base/attrs.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* 2021-04-07T00:00:00Z: the initial time of a test's emulator. */
#define EMULATOR_START_MS INT64_C(1617753600000)

/* An emulator on the given database; the test fails if it cannot be opened. */
struct emulator *emulator_open(const char *db) NODISCARD;

/* The same without the verification of schema and rows, for tests that do it thousands of
 * times. */
struct emulator *emulator_open_unverified(const char *db) NODISCARD;

/* An emulator in memory, with other services and the resources and tables that they
 * require.
 * */
struct emulator *emulator_open_with(const struct service *const *services,
                                    const struct resource_registry *registry,
                                    const struct migration *migrations,
                                    size_t migration_count) NODISCARD;
void emulator_close(struct emulator *emu);

/* Setup and teardown of a cmocka test: *state is a struct emulator *. */
int emulator_setup(void **state);
int emulator_teardown(void **state);

/* A row of a table of tests: each gets its own emulator. */
#define EMULATOR_TEST(test)                                                              \
    cmocka_unit_test_setup_teardown(test, emulator_setup, emulator_teardown)

/* A response. Everything lives until the teardown. */
struct reply {
    int status;
    const char *error; /* the error's name; NULL: success */
    const char *message;
    cJSON *body;      /* NULL: none */
    const char *text; /* in place of a body that is not JSON; NULL: it is, or none */
};

/*
 * Calls an operation of any service by its name (base/operation_name.h), as the default
 * account, in `region`. The input is printf-style JSON.
 */
struct reply emulator_call(struct emulator *emu, const char *region,
                           const char *operation, const char *format, ...) PRINTF(4, 5);

/* The same as the given caller. */
struct reply emulator_call_as(struct emulator *emu, struct scope scope,
                              const char *operation, const char *format, ...)
    PRINTF(4, 5);

/* The same by method, path and query, with the body unchanged: for operations with
 * members in the URI, and for invalid input. The target is percent-encoded. */
struct reply emulator_request(struct emulator *emu, struct scope scope,
                              const char *method, const char *target, const char *body,
                              size_t body_length);

/* Sets the server's host for later calls, initially localhost:4580. It must live as long
 * as they do. */
void emulator_use_host(struct emulator *emu, const char *host);

/* Sets the service that later calls are signed for; initially "": they are not signed. It
 * must live as long as they do. */
void emulator_sign_for(struct emulator *emu, const char *service);

/*
 * Advances the clock and runs the work that is then due, as the scheduler would: no
 * scheduler runs by itself. Returns when the next work is due, or INT64_MAX.
 */
int64_t emulator_advance(struct emulator *emu, int64_t by_ms);

/* Memory that lives until the teardown. */
char *emulator_printf(struct emulator *emu, const char *format, ...) PRINTF(2, 3);

/* A member of a response, by a path such as "channel.srt.endpoint" or "channels.0.arn";
 * the test fails if it is absent. */
const cJSON *reply_item(struct reply reply, const char *path);
const char *reply_string(struct reply reply, const char *path);
int64_t reply_int(struct reply reply, const char *path);
bool reply_bool(struct reply reply, const char *path);
bool reply_has(struct reply reply, const char *path);
int reply_count(struct reply reply, const char *path); /* entries of a list or map */

/* The test fails unless the response is this error, in body and status. */
void assert_error(struct reply reply, int status, const char *error);

/* The same, and the message is exactly this. */
void assert_error_says(struct reply reply, int status, const char *error,
                       const char *message);

/* The same, and the message begins with this. */
void assert_error_begins(struct reply reply, int status, const char *error,
                         const char *beginning);

/* The test fails unless the call succeeded with this status. */
void assert_success(struct reply reply, int status);

/* The test fails unless a member of the response ("": the whole response) is exactly this
 * printf-style JSON. The order of members does not matter. */
void assert_json(struct reply reply, const char *path, const char *format, ...)
    PRINTF(3, 4);

/* Shortcuts for the beginning of many tests. They return the ARN of the new resource. */
const char *create_channel(struct emulator *emu, const char *region, const char *name);
const char *create_recording_configuration(struct emulator *emu, const char *region,
                                           const char *bucket);

/* A channel of us-east-1 named lobby that records to the bucket, with an ACTIVE
 * configuration. The window is in seconds. */
const char *create_recorded_channel(struct emulator *emu, const char *bucket, int window);

/* StartStream by a caller of us-east-1; `members` are further ones such as
 * "\"viewerCount\":1", or "". */
struct reply start_stream(struct emulator *emu, const char *channel_arn,
                          const char *members);

/* The same, and it must succeed. Returns the id of the stream. */
const char *go_live(struct emulator *emu, const char *channel_arn);

/* EndStream, which must succeed. */
void go_offline(struct emulator *emu, const char *channel_arn);

/* The names of the events that ListEvents returns in us-east-1 for these members, or "",
 * joined by ", ". */
const char *events_told(struct emulator *emu, const char *members);

/* The newest of these events, which must exist: its path in *reply is "event". */
struct reply last_event(struct emulator *emu, const char *members);

#endif
