/*
 * The option --events-to: its values, where it can be given, and which value has
 * priority.
 */
#include "app/config.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static int setup(void **state)
{
    unsetenv("IVS_LOCAL_EVENTS_TO");
    unsetenv("IVS_LOCAL_ALLOW_ORIGINS");
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    unsetenv("IVS_LOCAL_EVENTS_TO");
    unsetenv("IVS_LOCAL_ALLOW_ORIGINS");
    arena_free(*state);
    return 0;
}

/* Parses a command line that has a target. */
static int read_target(struct arena *arena, const char *url, struct config *out,
                       const char **why)
{
    char program[] = "ivs-local", db[] = "--db=:memory:";
    char *argv[] = {program, db, arena_printf(arena, "--events-to=%s", url), NULL};

    return config_read(out, 3, argv, arena, why);
}

static void targets_are_webhooks_and_eventbridges(void **state)
{
    static const char *const good[] = {
        "http://127.0.0.1:9000/hook",
        "http://localhost",
        "https://example.com/a/b?secret=1,2",
        "http://[::1]:8080/",
        "http://host.docker.internal:65535",
        "eventbridge+http://localhost:4566",
        "eventbridge+https://events.us-east-1.amazonaws.com/",
    };
    struct config config;
    const char *why = NULL;

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_int_equal(read_target(*state, good[i], &config, &why), 0);
        assert_int_equal(config.events_to.count, 1);
        assert_string_equal(config.events_to.values[0], good[i]);
    }
}

/* The path of a webhook is often a secret, so the value is not shown. */
static void anything_else_is_refused_without_being_shown(void **state)
{
    static const char *const bad[] = {
        "localhost:9000",
        "ftp://localhost/",
        "file:///etc/passwd",
        "HTTP://localhost/",
        "http://",
        "http:///path",
        "http://:80/",
        "http://user:secret@host/",
        "http://host:0/",
        "http://host:65536/",
        "http://host:123456/",
        "http://host:/",
        "http://host:80x/",
        "http://host?query",
        "http://host/a b",
        "http://host/a\n",
        "http://host/#fragment",
        "http://host/\xc3\xa4",
        "http://[::1/",
        "http://[]/",
        "http://[localhost]/",
        "eventbridge://localhost",
        "eventbridge+http://localhost/path",
        "eventbridge+http://localhost/?a=b",
        "eventbridge+ftp://localhost",
    };
    struct config config;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *why = NULL;

        assert_int_equal(read_target(*state, bad[i], &config, &why), -1);

        assert_string_equal(why, "--events-to must be http(s)://host[:port]/path or "
                                 "eventbridge+http(s)://host[:port]");
    }
}

static void a_target_longer_than_2048_characters_is_refused(void **state)
{
    static const char start[] = "http://host/";
    char *url = arena_alloc(*state, 2050);
    struct config config;
    const char *why = NULL;

    memset(url, 'a', 2048);
    memcpy(url, start, strlen(start));

    assert_int_equal(read_target(*state, url, &config, &why), 0);

    url[2048] = 'a';

    assert_int_equal(read_target(*state, url, &config, &why), -1);
}

static void the_option_may_be_repeated(void **state)
{
    char program[] = "ivs-local", db[] = "--db=:memory:", option[] = "--events-to",
         first[] = "http://a/", second[] = "http://b/";
    char *argv[] = {program, option, first, db, option, second, NULL};
    struct config config;
    const char *why = NULL;

    assert_int_equal(config_read(&config, 6, argv, *state, &why), 0);

    assert_int_equal(config.events_to.count, 2);
    assert_string_equal(config.events_to.values[0], first);
    assert_string_equal(config.events_to.values[1], second);
}

static void commas_separate_targets_in_the_environment(void **state)
{
    char program[] = "ivs-local", db[] = "--db=:memory:";
    char *argv[] = {program, db, NULL};
    struct config config;
    const char *why = NULL;
    setenv("IVS_LOCAL_EVENTS_TO", "http://a/,eventbridge+http://b", 1);

    assert_int_equal(config_read(&config, 2, argv, *state, &why), 0);

    assert_int_equal(config.events_to.count, 2);
    assert_string_equal(config.events_to.values[0], "http://a/");
    assert_string_equal(config.events_to.values[1], "eventbridge+http://b");
}

static void each_list_of_the_command_line_replaces_only_its_own(void **state)
{
    struct config config;
    const char *why = NULL;
    setenv("IVS_LOCAL_EVENTS_TO", "http://a/,http://b/", 1);
    setenv("IVS_LOCAL_ALLOW_ORIGINS", "http://c,http://d", 1);

    assert_int_equal(read_target(*state, "http://e/", &config, &why), 0);

    assert_int_equal(config.events_to.count, 1);
    assert_string_equal(config.events_to.values[0], "http://e/");
    assert_int_equal(config.allow_origins.count, 2);
    assert_string_equal(config.allow_origins.values[1], "http://d");
}

static void without_the_options_the_lists_are_empty(void **state)
{
    char program[] = "ivs-local", db[] = "--db=:memory:";
    char *argv[] = {program, db, NULL};
    struct config config;
    const char *why = NULL;

    assert_int_equal(config_read(&config, 2, argv, *state, &why), 0);

    assert_int_equal(config.events_to.count, 0);
    assert_int_equal(config.allow_origins.count, 0);
}

static void the_database_is_in_the_home_directory_by_default(void **state)
{
    char program[] = "ivs-local";
    char *argv[] = {program, NULL};
    struct config config;
    const char *why = NULL;
    setenv("XDG_DATA_HOME", "/data", 1);

    assert_int_equal(config_read(&config, 1, argv, *state, &why), 0);

    assert_string_equal(config.db, "/data/ivs-local/ivs.db");
}

#define CONFIG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(targets_are_webhooks_and_eventbridges),
        CONFIG_TEST(anything_else_is_refused_without_being_shown),
        CONFIG_TEST(a_target_longer_than_2048_characters_is_refused),
        CONFIG_TEST(the_option_may_be_repeated),
        CONFIG_TEST(commas_separate_targets_in_the_environment),
        CONFIG_TEST(each_list_of_the_command_line_replaces_only_its_own),
        CONFIG_TEST(without_the_options_the_lists_are_empty),
        CONFIG_TEST(the_database_is_in_the_home_directory_by_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
