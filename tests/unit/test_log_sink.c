/*
 * A log that nobody reads does not stop the program.
 */
#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { TEXT_BYTES = 1024 * 1024 };

/* Standard error is a pipe: ends[0] reads it. */
struct piped {
    int own_stderr;
    int reader;
};

static int setup(void **state)
{
    static struct piped piped;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    piped.own_stderr = dup(STDERR_FILENO);
    piped.reader = ends[0];
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    log_set_level(LOG_INFO);
    *state = &piped;
    return 0;
}

static int teardown(void **state)
{
    struct piped *piped = *state;

    dup2(piped->own_stderr, STDERR_FILENO);
    close(piped->own_stderr);
    close(piped->reader);
    return 0;
}

/* What is in the pipe; it lives until the next call. */
static const char *drain(const struct piped *piped)
{
    static char text[TEXT_BYTES];
    size_t used = 0;
    ssize_t got;

    while ((got = read(piped->reader, text + used, sizeof(text) - 1 - used)) > 0)
        used += (size_t)got;
    text[used] = '\0';
    return text;
}

static size_t count_lines(const char *text, const char *with)
{
    size_t count = 0;

    for (; (text = strstr(text, with)) != NULL; text++)
        count++;
    return count;
}

static void lines_that_nobody_reads_are_lost_and_counted(void **state)
{
    enum { LINES = 5000 };
    char expected[64];

    for (int i = 0; i < LINES; i++)
        log_each(LOG_INFO, "call", "number=%d", i);
    const char *text = drain(*state);
    size_t written = count_lines(text, "event=\"call\"");
    assert_in_range(written, 100, LINES - 1);
    assert_int_equal(text[strlen(text) - 1], '\n');

    log_each(LOG_INFO, "call", "number=%d", LINES);

    text = drain(*state);
    snprintf(expected, sizeof(expected),
             "event=\"lines lost: nobody read them\" count=%zu", LINES - written);
    assert_non_null(strstr(text, expected));
    assert_non_null(strstr(text, "event=\"call\" number=5000\n"));
    assert_int_equal(count_lines(text, "\n"), 2);
}

static void the_lines_of_calls_are_not_limited_but_those_of_failures_are(void **state)
{
    for (int i = 0; i < 50; i++) {
        log_each(LOG_INFO, "call", "operation=A");
        log_warn("failed", "number=%d", i);
    }
    log_finish();

    const char *text = drain(*state);
    assert_int_equal(count_lines(text, "event=\"call\" operation=A\n"), 50);
    assert_int_equal(count_lines(text, "event=\"failed\""), 10);
    assert_non_null(strstr(text, "event=\"lines left out\" of=\"failed\" count=40\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_that_nobody_reads_are_lost_and_counted,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_lines_of_calls_are_not_limited_but_those_of_failures_are, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
