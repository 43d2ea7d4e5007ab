/*
 * Shared bytes: copied or wrapped, and released once.
 */
#include "base/blob.h"
#include "base/worker.h"

#include <string.h>

#include "support/cmocka_all.h"

static void count_release(void *context)
{
    ++*(int *)context;
}

static void a_new_blob_is_a_copy(void **state)
{
    char bytes[] = {'a', '\0', 'b'};
    struct blob *blob = blob_new(bytes, sizeof(bytes));

    (void)state;
    memset(bytes, 'x', sizeof(bytes));

    assert_int_equal(blob->length, 3);
    assert_memory_equal(blob->bytes, "a\0b", 3);
    blob_unref(blob);
}

static void a_blob_may_be_empty(void **state)
{
    struct blob *blob = blob_new(NULL, 0);

    (void)state;
    assert_int_equal(blob->length, 0);
    blob_unref(blob);
}

static void a_wrapped_blob_is_released_with_its_last_reference(void **state)
{
    static const char bytes[] = "segment";
    int released = 0;
    struct blob *blob = blob_wrap(bytes, 7, count_release, &released);

    (void)state;
    assert_ptr_equal(blob->bytes, bytes);
    assert_ptr_equal(blob_ref(blob), blob);
    blob_unref(blob);
    assert_int_equal(released, 0);
    blob_unref(blob);
    assert_int_equal(released, 1);
}

static void a_wrapped_blob_may_be_permanent(void **state)
{
    static const char bytes[] = "page";

    (void)state;
    blob_unref(blob_wrap(bytes, 4, NULL, NULL));
    blob_unref(NULL);
    assert_string_equal(bytes, "page");
}

enum { ROUNDS = 20000 };

static void take_and_release(struct worker *worker, void *context)
{
    (void)worker;
    for (int i = 0; i < ROUNDS; i++)
        blob_unref(blob_ref(context));
    blob_unref(context);
}

static void threads_may_share_a_blob(void **state)
{
    enum { THREADS = 4 };
    struct worker *workers[THREADS];
    int released = 0;
    struct blob *blob = blob_wrap("", 0, count_release, &released);

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = worker_start(take_and_release, blob_ref(blob));
        assert_non_null(workers[i]);
    }
    blob_unref(blob);
    for (int i = 0; i < THREADS; i++)
        worker_stop(workers[i]);

    assert_int_equal(released, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_blob_is_a_copy),
        cmocka_unit_test(a_blob_may_be_empty),
        cmocka_unit_test(a_wrapped_blob_is_released_with_its_last_reference),
        cmocka_unit_test(a_wrapped_blob_may_be_permanent),
        cmocka_unit_test(threads_may_share_a_blob),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
