/*
 * SQLite gives up in the middle of every call's work, at one step after another. Each
 * time the answer is that we failed, nothing has changed, and the next call works. Every
 * operation that uses the database is tried, with something for it to work on.
 */
#include "../../src/store/store_internal.h"
#include "sample_calls.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

/* When to give up: once, after so many steps. */
struct countdown {
    sqlite3 *db;
    int left;
    bool ended; /* the transaction is over */
};

static int note_end(void *context)
{
    ((struct countdown *)context)->ended = true;
    return 0;
}

/* An end that has come already is not interrupted: SQLite would say that it had not. What
 * becomes of one that fails is for test_disk_faults.c. */
static int count_down(void *context)
{
    struct countdown *countdown = context;

    if (sqlite3_get_autocommit(countdown->db) == 0)
        countdown->ended = false;
    return !countdown->ended && countdown->left-- == 0;
}

/* The database, byte by byte. */
static unsigned char *image_of(struct emulator *emu, sqlite3_int64 *size)
{
    unsigned char *image = sqlite3_serialize(emu->store->db, "main", size, 0);

    assert_non_null(image);
    return image;
}

static void assert_unchanged(struct emulator *emu, const struct operation *op,
                             const unsigned char *before, sqlite3_int64 size)
{
    sqlite3_int64 now_size;
    unsigned char *now = image_of(emu, &now_size);

    assert_int_equal(sqlite3_get_autocommit(emu->store->db), 1);
    /* What is due when the clock moves happens in transactions of its own. */
    if (strcmp(op->name, "AdvanceClock") != 0 &&
        (now_size != size || memcmp(now, before, (size_t)size) != 0))
        fail_msg("%s failed and changed something", op->name);
    sqlite3_free(now);
}

/* Later and later, until the call ends first. Returns how often it failed. */
static int interrupt_call(struct samples *samples, const struct sample_request *request)
{
    struct emulator *emu = samples->emu;
    int failures = 0;
    sqlite3_int64 size;
    unsigned char *before = image_of(emu, &size);

    for (int steps = 0;; steps += 1 + steps / 16, failures++) {
        struct countdown countdown = {.db = emu->store->db, .left = steps};
        sqlite3_progress_handler(emu->store->db, 1, count_down, &countdown);
        (void)sqlite3_commit_hook(emu->store->db, note_end, &countdown);
        struct reply reply = sample_send(samples, emu->settings.default_scope, request);
        sqlite3_progress_handler(emu->store->db, 0, NULL, NULL);
        (void)sqlite3_commit_hook(emu->store->db, NULL, NULL);
        if (reply.error == NULL) {
            sample_see(samples, request->op, reply);
            sqlite3_free(before);
            return failures;
        }
        if (countdown.left >= 0 || reply.status < 500)
            fail_msg("%s: %d %s after %d steps", request->op->name, reply.status,
                     reply.message, steps);
        assert_unchanged(emu, request->op, before, size);
    }
}

static void every_operation_has_a_sample(void **state)
{
    (void)state;
    assert_samples_are_complete();
}

static void nothing_is_left_of_a_call_that_was_interrupted(void **state)
{
    struct samples samples AUTO(samples_done);

    samples_init(&samples, *state);
    for (size_t i = 0; i < sample_calls_count; i++) {
        struct sample_request request = sample_fill(&samples, sample_calls[i].text);
        int failures = interrupt_call(&samples, &request);
        print_message("%s: interrupted %d times\n", request.op->name, failures);
        assert_true(failures > 0 || request.op->access == WHOLE_STORE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_sample),
        EMULATOR_TEST(nothing_is_left_of_a_call_that_was_interrupted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
