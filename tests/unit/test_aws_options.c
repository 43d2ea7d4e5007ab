/*
 * The options about other AWS services: --aws-endpoint, --objects and --lambda.
 */
#include "app/config.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static const char *const variables[] = {"IVS_LOCAL_AWS_ENDPOINT", "IVS_LOCAL_OBJECTS",
                                        "IVS_LOCAL_LAMBDA", "XDG_DATA_HOME"};

static int setup(void **state)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* Parses a command line with these two options; NULL: there is none. */
static int read_options(struct arena *arena, const char *first, const char *second,
                        struct config *out, const char **why)
{
    char *argv[4] = {arena_strdup(arena, "ivs-local")};
    int argc = 1;

    if (first != NULL)
        argv[argc++] = arena_strdup(arena, first);
    if (second != NULL)
        argv[argc++] = arena_strdup(arena, second);
    return config_read(out, argc, argv, arena, why);
}

static struct config config_of(struct arena *arena, const char *first, const char *second)
{
    struct config config;
    const char *why = NULL;

    if (read_options(arena, first, second, &config, &why) != 0)
        fail_msg("%s", why);
    return config;
}

static void assert_refused(struct arena *arena, const char *option, const char *expected)
{
    struct config config;
    const char *why = NULL;

    assert_int_equal(read_options(arena, option, "--db=:memory:", &config, &why), -1);
    assert_string_equal(why, expected);
}

static void objects_are_beside_the_database_by_default(void **state)
{
    setenv("XDG_DATA_HOME", "/data", 1);

    assert_string_equal(config_of(*state, NULL, NULL).objects, "/data/ivs-local/objects");
    assert_string_equal(config_of(*state, "--db=/a/b.db", NULL).objects, "/a/objects");
    assert_string_equal(config_of(*state, "--db=b.db", NULL).objects, "objects");
    assert_null(config_of(*state, "--db=:memory:", NULL).objects);
}

static void objects_can_be_anywhere_or_off(void **state)
{
    assert_string_equal(config_of(*state, "--db=:memory:", "--objects=/o").objects, "/o");
    assert_null(config_of(*state, "--db=/a/b.db", "--objects=off").objects);
    assert_refused(*state, "--objects=", "--objects must be a value, not \"\"");
}

static void endpoints_and_functions_may_be_repeated(void **state)
{
    struct config config =
        config_of(*state, "--aws-endpoint=http://a", "--aws-endpoint=s3=http://b/c");

    assert_int_equal(config.aws_endpoints.count, 2);
    assert_string_equal(config.aws_endpoints.values[1], "s3=http://b/c");
    config = config_of(*state, "--lambda=a=http://a/?b=c", "--lambda=b_-9=https://a");
    assert_int_equal(config.functions.count, 2);
    assert_string_equal(config.functions.values[0], "a=http://a/?b=c");
}

static void commas_separate_them_in_the_environment(void **state)
{
    setenv("IVS_LOCAL_AWS_ENDPOINT", "http://a,logs=http://b", 1);
    setenv("IVS_LOCAL_LAMBDA", "a=http://a,b=http://b", 1);
    setenv("IVS_LOCAL_OBJECTS", "off", 1);

    struct config config = config_of(*state, "--db=/a/b.db", NULL);

    assert_int_equal(config.aws_endpoints.count, 2);
    assert_string_equal(config.aws_endpoints.values[1], "logs=http://b");
    assert_int_equal(config.functions.count, 2);
    assert_string_equal(config.functions.values[1], "b=http://b");
    assert_null(config.objects);
}

static void a_bad_endpoint_is_refused_by_name(void **state)
{
    assert_refused(*state, "--aws-endpoint=sqs=http://a",
                   "--aws-endpoint must be http(s)://host[:port][/path], or one of s3=, "
                   "lambda=, logs= and firehose= before such a URL, not "
                   "\"sqs=http://a\"");
}

/* The URL of a function often has a key in it. */
static void a_bad_function_is_refused_without_being_shown(void **state)
{
    static const char *const bad[] = {
        "a",
        "a=",
        "=http://a",
        "a b=http://a",
        "http://a",
        "a=b=http://a",
        "a:1=http://a",
        "a=ftp://a",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=http://a",
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_refused(*state, arena_printf(*state, "--lambda=%s", bad[i]),
                       "--lambda must be NAME=http(s)://host[:port][/path[?query]], with "
                       "the name of a Lambda function");
    assert_refused(*state, "--lambda=", "--lambda must be a value");
}

#define OPTIONS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPTIONS_TEST(objects_are_beside_the_database_by_default),
        OPTIONS_TEST(objects_can_be_anywhere_or_off),
        OPTIONS_TEST(endpoints_and_functions_may_be_repeated),
        OPTIONS_TEST(commas_separate_them_in_the_environment),
        OPTIONS_TEST(a_bad_endpoint_is_refused_by_name),
        OPTIONS_TEST(a_bad_function_is_refused_without_being_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
