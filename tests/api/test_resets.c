/*
 * A Reset that takes several transactions: for the calls of its scope it is one step,
 * whatever happens in between.
 */
#include "../../src/store/store_internal.h"
#include "api/resets.h"
#include "support/emulator.h"
#include "support/folder.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

/* With their keys, more than two steps of rows. */
enum { CHANNELS = RESET_STEP_ROWS + 50 };

static const struct scope other = {.account = "123456789012", .region = "eu-west-1"};

struct fixture {
    struct arena *arena;
    char folder[32];
    struct emulator *emu;
};

static struct emulator *open_file(struct fixture *fixture)
{
    return emulator_open(arena_printf(fixture->arena, "%s/ivs.db", fixture->folder));
}

static void create_channels(struct emulator *emu, struct scope scope, int count)
{
    for (int i = 0; i < count; i++)
        assert_success(emulator_call_as(emu, scope, "CreateChannel", "{}"), 200);
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_alloc(arena, sizeof(*fixture));

    *fixture = (struct fixture){.arena = arena, .folder = "/tmp/ivs-local-XXXXXX"};
    assert_non_null(mkdtemp(fixture->folder));
    fixture->emu = open_file(fixture);
    create_channels(fixture->emu, fixture->emu->settings.default_scope, CHANNELS);
    create_channels(fixture->emu, other, 3);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    emulator_close(fixture->emu);
    folder_remove(fixture->arena, fixture->folder);
    arena_free(fixture->arena);
    return 0;
}

/* Lets that many commits succeed, and makes all later ones fail. */
struct commits {
    int left;
};

static int count_commit(void *context)
{
    struct commits *commits = context;

    return commits->left-- <= 0;
}

static void limit_commits(struct emulator *emu, struct commits *commits)
{
    (void)sqlite3_commit_hook(emu->store->db, commits != NULL ? count_commit : NULL,
                              commits);
}

static struct reply reset(struct emulator *emu)
{
    return emulator_call(emu, REGION, "Reset", "{}");
}

/* The number of channels, up to a page. */
static int channels(struct emulator *emu, struct scope scope)
{
    struct reply reply =
        emulator_call_as(emu, scope, "ListChannels", "{\"maxResults\":100}");

    assert_success(reply, 200);
    return reply_count(reply, "channels");
}

static int own_channels(struct emulator *emu)
{
    return channels(emu, emu->settings.default_scope);
}

/* How many channels are stored in the default account and region. */
static int64_t stored_channels(struct emulator *emu)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    int64_t count;

    assert_int_equal(resource_count(txn, emu->settings.default_scope, "channel", &count),
                     DB_DONE);
    return count;
}

/* A Reset fails after its first two transactions. */
static void leave_unfinished(struct emulator *emu)
{
    struct commits commits = {.left = 2};

    limit_commits(emu, &commits);
    assert_error(reset(emu), 500, "InternalServerException");
    limit_commits(emu, NULL);
    assert_true(stored_channels(emu) > 0);
    assert_true(stored_channels(emu) < CHANNELS);
}

static void a_reset_of_much_deletes_everything(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;

    assert_success(reset(emu), 204);

    assert_int_equal(own_channels(emu), 0);
    assert_int_equal(stored_channels(emu), 0);
    assert_int_equal(channels(emu, other), 3);
}

static void all_accounts_are_reset_in_steps_too(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;

    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);

    assert_int_equal(own_channels(emu), 0);
    assert_int_equal(channels(emu, other), 0);
}

static void a_reset_that_fails_at_once_changes_nothing(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;
    struct commits commits = {.left = 0};

    limit_commits(emu, &commits);
    assert_error(reset(emu), 500, "InternalServerException");
    limit_commits(emu, NULL);

    assert_int_equal(own_channels(emu), 100);
    assert_int_equal(stored_channels(emu), CHANNELS);
}

static void the_next_call_completes_a_reset_that_failed(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;
    leave_unfinished(emu);

    const char *arn = create_channel(emu, REGION, "new");

    assert_int_equal(own_channels(emu), 1);
    assert_success(emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn),
                   200);
}

static void calls_fail_while_it_cannot_be_completed(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;
    struct commits commits = {.left = 0};
    leave_unfinished(emu);

    limit_commits(emu, &commits);
    assert_error(emulator_call(emu, REGION, "ListChannels", "{}"), 500,
                 "InternalServerException");
    assert_int_equal(channels(emu, other), 3);
    assert_success(emulator_request(emu, emu->settings.default_scope, "GET",
                                    "/_ivs-local/metrics", "", 0),
                   200);
    limit_commits(emu, NULL);

    assert_int_equal(own_channels(emu), 0);
}

static void it_is_completed_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    leave_unfinished(fixture->emu);

    emulator_close(fixture->emu);
    fixture->emu = open_file(fixture);

    assert_int_equal(channels(fixture->emu, other), 3);
    assert_true(stored_channels(fixture->emu) > 0);
    assert_int_equal(own_channels(fixture->emu), 0);
    assert_int_equal(stored_channels(fixture->emu), 0);
}

static void a_snapshot_of_it_is_completed_too(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;
    leave_unfinished(emu);
    assert_success(emulator_call(emu, REGION, "SaveSnapshot", "{\"name\":\"a\"}"), 204);
    assert_int_equal(own_channels(emu), 0);

    assert_success(emulator_call(emu, REGION, "RestoreSnapshot", "{\"name\":\"a\"}"),
                   204);

    assert_true(stored_channels(emu) > 0);
    assert_int_equal(own_channels(emu), 0);
}

static void a_snapshot_without_it_ends_it(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;
    assert_success(emulator_call(emu, REGION, "SaveSnapshot", "{\"name\":\"a\"}"), 204);
    leave_unfinished(emu);

    assert_success(emulator_call(emu, REGION, "RestoreSnapshot", "{\"name\":\"a\"}"),
                   204);

    assert_int_equal(own_channels(emu), 100);
    assert_int_equal(stored_channels(emu), CHANNELS);
}

static void a_stop_leaves_the_rest_to_the_next_start(void **state)
{
    struct fixture *fixture = *state;
    store_ask_to_stop(fixture->emu->store);

    assert_error(reset(fixture->emu), 500, "InternalServerException");

    assert_int_equal(stored_channels(fixture->emu), CHANNELS);
    emulator_close(fixture->emu);
    fixture->emu = open_file(fixture);
    assert_int_equal(own_channels(fixture->emu), 0);
}

static void a_reset_in_a_seed_is_a_part_of_its_transaction(void **state)
{
    struct emulator *emu = ((struct fixture *)*state)->emu;

    assert_error(
        emulator_call(emu, REGION, "Seed",
                      "{\"calls\":[{\"operation\":\"Reset\"},"
                      "{\"operation\":\"GetChannel\",\"input\":{\"arn\":\"%s\"}}]}",
                      "arn:aws:ivs:us-east-1:000000000000:channel/AbCdEf123456"),
        404, "ResourceNotFoundException");

    assert_int_equal(stored_channels(emu), CHANNELS);
}

#define RESET_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RESET_TEST(a_reset_of_much_deletes_everything),
        RESET_TEST(all_accounts_are_reset_in_steps_too),
        RESET_TEST(a_reset_that_fails_at_once_changes_nothing),
        RESET_TEST(the_next_call_completes_a_reset_that_failed),
        RESET_TEST(calls_fail_while_it_cannot_be_completed),
        RESET_TEST(it_is_completed_after_a_restart),
        RESET_TEST(a_snapshot_of_it_is_completed_too),
        RESET_TEST(a_snapshot_without_it_ends_it),
        RESET_TEST(a_stop_leaves_the_rest_to_the_next_start),
        RESET_TEST(a_reset_in_a_seed_is_a_part_of_its_transaction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
