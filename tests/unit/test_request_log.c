/*
 * The log of the last calls.
 */
#include "api/request_log.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

static const struct scope home = {.account = "000000000000", .region = "us-east-1"};
static const struct scope elsewhere = {.account = "000000000000", .region = "us-east-12"};

static const struct operation operations[] = {{.name = "A"}, {.name = "B"}};
static const struct service service = {.name = "letters"};

/* The memory of the entries that are read, until the next test. */
static struct arena *arena;
static struct request_entry found[REQUEST_LOG_ENTRIES + REQUEST_LOG_REFUSED_ENTRIES + 1];

static int setup(void **state)
{
    arena = arena_new();
    *state = request_log_new();
    return 0;
}

static int teardown(void **state)
{
    request_log_free(*state);
    arena_free(arena);
    return 0;
}

static void add(struct request_log *log, struct scope scope, const char *operation,
                const char *error_name)
{
    struct request_entry entry = {
        .op = operation != NULL ? &operations[operation[0] - 'A'] : NULL,
        .service = operation != NULL ? &service : NULL,
        .error_name = error_name,
        .status = error_name != NULL ? 400 : 200};

    snprintf(entry.account, sizeof(entry.account), "%s", scope.account);
    snprintf(entry.region, sizeof(entry.region), "%s", scope.region);
    request_log_add(log, &entry);
}

static void refuse(struct request_log *log, struct scope scope)
{
    struct request_entry entry = {
        .refused = true, .error_name = "OriginRefusedException", .status = 403};

    snprintf(entry.account, sizeof(entry.account), "%s", scope.account);
    snprintf(entry.region, sizeof(entry.region), "%s", scope.region);
    request_log_add(log, &entry);
}

static size_t read_all(struct request_log *log, struct request_query query)
{
    query.scope = &home;
    return request_log_read(log, &query, COUNT_OF(found), arena, found);
}

static void a_new_log_is_empty(void **state)
{
    assert_int_equal(read_all(*state, (struct request_query){0}), 0);
}

static void entries_are_numbered_and_read_oldest_first(void **state)
{
    add(*state, home, "A", NULL);
    add(*state, home, "B", NULL);

    assert_int_equal(read_all(*state, (struct request_query){0}), 2);
    assert_int_equal(found[0].number, 1);
    assert_string_equal(found[0].op->name, "A");
    assert_int_equal(found[1].number, 2);
    assert_string_equal(found[1].op->name, "B");
}

static void the_oldest_entries_make_room(void **state)
{
    for (int i = 0; i < REQUEST_LOG_ENTRIES; i++)
        add(*state, home, "A", NULL);
    size_t full = read_all(*state, (struct request_query){0});
    for (int i = 0; i < 3; i++)
        add(*state, home, "B", NULL);
    size_t wrapped = read_all(*state, (struct request_query){0});

    assert_int_equal(full, REQUEST_LOG_ENTRIES);
    assert_int_equal(wrapped, REQUEST_LOG_ENTRIES);
    for (size_t i = 0; i < wrapped; i++)
        assert_int_equal(found[i].number, i + 4);
    assert_string_equal(found[REQUEST_LOG_ENTRIES - 1].op->name, "B");
}

static void a_busy_scope_drops_no_entries_of_another(void **state)
{
    add(*state, home, "A", NULL);
    for (int i = 0; i < 3 * REQUEST_LOG_ENTRIES; i++)
        add(*state, elsewhere, "B", NULL);

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    assert_string_equal(found[0].op->name, "A");
}

/* A different account for each number. */
static void add_for(struct request_log *log, int number, int count)
{
    char account[SCOPE_ACCOUNT_CHARS + 1];

    snprintf(account, sizeof(account), "%012d", number);
    for (int i = 0; i < count; i++)
        add(log, (struct scope){.account = account, .region = "eu-west-1"}, "B", NULL);
}

static size_t count_for(struct request_log *log, int number)
{
    char account[SCOPE_ACCOUNT_CHARS + 1];
    const struct request_query query = {
        .scope = &(struct scope){.account = account, .region = "eu-west-1"}
    };

    snprintf(account, sizeof(account), "%012d", number);
    return request_log_read(log, &query, COUNT_OF(found), arena, found);
}

static void sixteen_busy_scopes_keep_all_their_entries(void **state)
{
    for (int number = 0; number < 16; number++)
        add_for(*state, number, REQUEST_LOG_ENTRIES + 7);

    for (int number = 0; number < 16; number++)
        assert_int_equal(count_for(*state, number), REQUEST_LOG_ENTRIES);
}

static void beyond_the_total_limit_the_oldest_entries_are_dropped(void **state)
{
    add_for(*state, 0, 2);
    add_for(*state, 1, 1);
    for (int number = 2; number < REQUEST_LOG_MAX_ENTRIES; number++)
        add_for(*state, number, 1);

    assert_int_equal(count_for(*state, 0), 1);
    assert_int_equal(count_for(*state, 1), 1);
    add_for(*state, 0, 1);
    assert_int_equal(count_for(*state, 0), 1);
    assert_int_equal(count_for(*state, 1), 1);
    add_for(*state, 0, 1);
    assert_int_equal(count_for(*state, 0), 2);
    assert_int_equal(count_for(*state, 1), 0);
    assert_int_equal(count_for(*state, 2), 1);
}

static void refused_calls_displace_only_each_other(void **state)
{
    for (int i = 0; i < REQUEST_LOG_ENTRIES; i++)
        add(*state, home, "A", NULL);
    for (int i = 0; i < REQUEST_LOG_ENTRIES + 100; i++)
        refuse(*state, home);

    size_t count = read_all(*state, (struct request_query){0});

    assert_int_equal(count, REQUEST_LOG_ENTRIES + REQUEST_LOG_REFUSED_ENTRIES);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].refused, i >= REQUEST_LOG_ENTRIES);
        if (!found[i].refused)
            assert_int_equal(found[i].number, i + 1);
    }
    assert_int_equal(found[count - 1].number, 2 * REQUEST_LOG_ENTRIES + 100);
}

static void refused_calls_of_many_scopes_displace_no_call_that_was_made(void **state)
{
    char account[SCOPE_ACCOUNT_CHARS + 1];

    add(*state, home, "A", NULL);
    for (int i = 1; i <= REQUEST_LOG_MAX_ENTRIES + 1; i++) {
        snprintf(account, sizeof(account), "%012d", i);
        refuse(*state, (struct scope){.account = account, .region = "us-east-1"});
    }

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    size_t kept = 0;
    for (int i = 1; i <= REQUEST_LOG_MAX_ENTRIES + 1; i++) {
        snprintf(account, sizeof(account), "%012d", i);
        const struct request_query query = {
            .scope = &(struct scope){.account = account, .region = "us-east-1"}
        };
        kept += request_log_read(*state, &query, COUNT_OF(found), arena, found);
    }
    assert_int_equal(kept, REQUEST_LOG_MAX_REFUSED_ENTRIES);
}

static void refused_calls_are_read_between_the_others(void **state)
{
    const struct request_query first = {.scope = &home},
                               rest = {.scope = &home, .after = 2};

    refuse(*state, home);
    add(*state, home, "A", NULL);
    add(*state, home, "B", NULL);
    refuse(*state, home);
    refuse(*state, elsewhere);

    assert_int_equal(request_log_read(*state, &first, 2, arena, found), 2);
    assert_int_equal(found[0].number, 1);
    assert_true(found[0].refused);
    assert_int_equal(found[1].number, 2);
    assert_false(found[1].refused);
    assert_int_equal(request_log_read(*state, &rest, 9, arena, found), 2);
    assert_int_equal(found[0].number, 3);
    assert_int_equal(found[1].number, 4);
}

static void only_the_scope_asked_for_is_read(void **state)
{
    add(*state, home, "A", NULL);
    add(*state, elsewhere, "B", NULL);

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    assert_string_equal(found[0].op->name, "A");
}

static void filters_narrow_what_is_read(void **state)
{
    add(*state, home, "A", NULL);
    add(*state, home, "A", "ValidationException");
    add(*state, home, NULL, "UnknownOperationException");
    add(*state, home, "B", NULL);

    assert_int_equal(read_all(*state, (struct request_query){.operation = "A"}), 2);
    assert_int_equal(read_all(*state, (struct request_query){.errors_only = true}), 2);
    assert_int_equal(
        read_all(*state, (struct request_query){.operation = "A", .errors_only = true}),
        1);
    assert_int_equal(found[0].number, 2);
    assert_int_equal(read_all(*state, (struct request_query){.operation = "C"}), 0);
}

static void reading_continues_after_a_number_up_to_a_limit(void **state)
{
    const struct request_query query = {.scope = &home, .after = 1};

    for (int i = 0; i < 5; i++)
        add(*state, home, "A", NULL);

    assert_int_equal(request_log_read(*state, &query, 2, arena, found), 2);
    assert_int_equal(found[0].number, 2);
    assert_int_equal(found[1].number, 3);
    assert_int_equal(read_all(*state, (struct request_query){.after = 5}), 0);
}

static void the_entries_of_a_scope_can_be_deleted(void **state)
{
    const struct request_query others = {.scope = &elsewhere};

    add(*state, home, "A", NULL);
    add(*state, elsewhere, "B", NULL);
    refuse(*state, home);
    refuse(*state, elsewhere);
    request_log_clear(*state, &home);
    add(*state, home, "B", NULL);

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    assert_int_equal(found[0].number, 5);
    assert_int_equal(request_log_read(*state, &others, COUNT_OF(found), arena, found), 2);
}

static void all_entries_can_be_deleted(void **state)
{
    const struct request_query others = {.scope = &elsewhere};

    add(*state, home, "A", NULL);
    add(*state, elsewhere, "B", NULL);
    refuse(*state, home);
    refuse(*state, elsewhere);
    request_log_clear(*state, NULL);

    assert_int_equal(read_all(*state, (struct request_query){0}), 0);
    assert_int_equal(request_log_read(*state, &others, COUNT_OF(found), arena, found), 0);
}

static void add_bodies(struct request_log *log, size_t input, size_t output)
{
    struct request_entry entry = {.op = &operations[0],
                                  .service = &service,
                                  .account = "000000000000",
                                  .region = "us-east-1",
                                  .status = 200,
                                  .input.length = input,
                                  .output.length = output};
    char *in = arena_alloc(arena, input + 1), *out = arena_alloc(arena, output + 1);

    memset(in, 'i', input);
    memset(out, 'o', output);
    entry.input.bytes = input > 0 ? in : NULL;
    entry.output.bytes = output > 0 ? out : NULL;
    request_log_add(log, &entry);
    memset(in, '-', input);
}

static void bodies_are_copied(void **state)
{
    add_bodies(*state, 3, 2);
    add_bodies(*state, 0, 1);

    assert_int_equal(read_all(*state, (struct request_query){0}), 2);
    assert_int_equal(found[0].input.length, 3);
    assert_memory_equal(found[0].input.bytes, "iii", 3);
    assert_int_equal(found[0].output.length, 2);
    assert_memory_equal(found[0].output.bytes, "oo", 2);
    assert_null(found[1].input.bytes);
    assert_memory_equal(found[1].output.bytes, "o", 1);
}

static void a_long_body_is_left_out(void **state)
{
    add_bodies(*state, REQUEST_LOG_BODY_BYTES, REQUEST_LOG_BODY_BYTES + 1);

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    assert_int_equal(found[0].input.length, REQUEST_LOG_BODY_BYTES);
    assert_null(found[0].output.bytes);
    assert_int_equal(found[0].output.length, 0);
}

static void the_oldest_bodies_are_dropped_when_there_is_no_room(void **state)
{
    enum { FIT = REQUEST_LOG_BODIES_BYTES / REQUEST_LOG_BODY_BYTES };

    for (int i = 0; i < FIT + 2; i++)
        add_bodies(*state, REQUEST_LOG_BODY_BYTES / 2, REQUEST_LOG_BODY_BYTES / 2);

    assert_int_equal(read_all(*state, (struct request_query){0}), FIT + 2);
    assert_null(found[0].input.bytes);
    assert_null(found[1].output.bytes);
    assert_non_null(found[2].input.bytes);
    assert_non_null(found[FIT + 1].output.bytes);
}

static void bodies_are_dropped_with_their_entries(void **state)
{
    for (int i = 0; i < 3 * REQUEST_LOG_ENTRIES; i++)
        add_bodies(*state, 100, 100);
    request_log_clear(*state, &home);
    add_bodies(*state, 5, 0);

    assert_int_equal(read_all(*state, (struct request_query){0}), 1);
    assert_int_equal(found[0].input.length, 5);
}

#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(a_new_log_is_empty),
        LOG_TEST(entries_are_numbered_and_read_oldest_first),
        LOG_TEST(the_oldest_entries_make_room),
        LOG_TEST(a_busy_scope_drops_no_entries_of_another),
        LOG_TEST(sixteen_busy_scopes_keep_all_their_entries),
        LOG_TEST(beyond_the_total_limit_the_oldest_entries_are_dropped),
        LOG_TEST(refused_calls_displace_only_each_other),
        LOG_TEST(refused_calls_of_many_scopes_displace_no_call_that_was_made),
        LOG_TEST(refused_calls_are_read_between_the_others),
        LOG_TEST(only_the_scope_asked_for_is_read),
        LOG_TEST(filters_narrow_what_is_read),
        LOG_TEST(reading_continues_after_a_number_up_to_a_limit),
        LOG_TEST(the_entries_of_a_scope_can_be_deleted),
        LOG_TEST(all_entries_can_be_deleted),
        LOG_TEST(bodies_are_copied),
        LOG_TEST(a_long_body_is_left_out),
        LOG_TEST(the_oldest_bodies_are_dropped_when_there_is_no_room),
        LOG_TEST(bodies_are_dropped_with_their_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
