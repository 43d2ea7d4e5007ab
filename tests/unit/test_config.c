/*
 * The options of the program.
 */
#include "app/config.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { ARGUMENTS_MAX = 200 };

static const char *const variables[] = {"IVS_LOCAL_HOST",
                                        "IVS_LOCAL_PORT",
                                        "IVS_LOCAL_DB",
                                        "IVS_LOCAL_ACCOUNT",
                                        "IVS_LOCAL_REGION",
                                        "IVS_LOCAL_QUOTAS",
                                        "IVS_LOCAL_TRANSITIONS",
                                        "IVS_LOCAL_URLS",
                                        "IVS_LOCAL_ALLOW_ORIGINS",
                                        "IVS_LOCAL_LOG_LEVEL",
                                        "IVS_LOCAL_AUTH",
                                        "IVS_LOCAL_ACCESS_KEYS",
                                        "IVS_LOCAL_LOG_FORMAT",
                                        "IVS_LOCAL_QUIET",
                                        "XDG_DATA_HOME",
                                        "NO_COLOR",
                                        "TERM"};

/* An environment that only has HOME. */
static int setup(void **state)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    setenv("HOME", "/home/ada", 1);
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* Parses a command line whose words are separated by spaces. */
static int read_words(struct arena *arena, const char *words, struct config *out,
                      const char **why)
{
    char *argv[ARGUMENTS_MAX] = {arena_strdup(arena, "ivs-local")};
    int argc = 1;

    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        assert_true(argc + 1 < ARGUMENTS_MAX);
        argv[argc++] = arena_strndup(arena, words, length);
        words += length + (words[length] == ' ');
    }
    return config_read(out, argc, argv, arena, why);
}

static struct config config_of(struct arena *arena, const char *words)
{
    struct config config;
    const char *why = NULL;

    if (read_words(arena, words, &config, &why) != 0)
        fail_msg("%s: %s", words, why);
    return config;
}

static void assert_refused(struct arena *arena, const char *words, const char *expected)
{
    struct config config = {.host = "untouched"};
    const char *why = NULL;

    assert_int_equal(read_words(arena, words, &config, &why), -1);
    assert_string_equal(why, expected);
    assert_string_equal(config.host, "untouched");
}

static void without_arguments_every_option_has_its_default(void **state)
{
    struct config config = config_of(*state, "");

    assert_int_equal(config.command, COMMAND_SERVE);
    assert_string_equal(config.host, "127.0.0.1");
    assert_int_equal(config.port, 4580);
    assert_string_equal(config.account, "000000000000");
    assert_string_equal(config.region, "us-east-1");
    assert_int_equal(config.auth, AUTH_OFF);
    assert_int_equal(config.access_keys.count, 1);
    assert_string_equal(config.access_keys.values[0], "test:test");
    assert_int_equal(config.quotas, QUOTAS_AWS);
    assert_int_equal(config.transitions_ms, 200);
    assert_int_equal(config.urls, URLS_LOCAL);
    assert_int_equal(config.log_level, LOG_INFO);
    assert_true(config.log_format < 0);
    assert_int_equal(config.quiet, 0);
}

static void by_default_no_origin_is_listed(void **state)
{
    assert_int_equal(config_of(*state, "").allow_origins.count, 0);
}

static void the_database_is_in_the_users_data_by_default(void **state)
{
    const char *in_home = config_of(*state, "").db;
    setenv("XDG_DATA_HOME", "/data", 1);
    const char *in_data = config_of(*state, "").db;
    setenv("XDG_DATA_HOME", "relative", 1);
    const char *not_relative = config_of(*state, "").db;

    assert_string_equal(in_home, "/home/ada/.local/share/ivs-local/ivs.db");
    assert_string_equal(in_data, "/data/ivs-local/ivs.db");
    assert_string_equal(not_relative, in_home);
}

static void without_a_home_the_database_must_be_named(void **state)
{
    unsetenv("HOME");

    assert_refused(*state, "",
                   "no location for the database: neither XDG_DATA_HOME nor HOME is set; "
                   "use --db PATH");
    assert_string_equal(config_of(*state, "--db :memory:").db, ":memory:");
    assert_int_equal(config_of(*state, "health").command, COMMAND_HEALTH);
}

static void the_environment_sets_every_option(void **state)
{
    setenv("IVS_LOCAL_HOST", "0.0.0.0", 1);
    setenv("IVS_LOCAL_PORT", "0", 1);
    setenv("IVS_LOCAL_DB", ":memory:", 1);
    setenv("IVS_LOCAL_ACCOUNT", "123456789012", 1);
    setenv("IVS_LOCAL_REGION", "eu-west-1", 1);
    setenv("IVS_LOCAL_QUOTAS", "off", 1);
    setenv("IVS_LOCAL_TRANSITIONS", "3600000", 1);
    setenv("IVS_LOCAL_URLS", "aws", 1);
    setenv("IVS_LOCAL_LOG_LEVEL", "debug", 1);

    struct config config = config_of(*state, "");

    assert_string_equal(config.host, "0.0.0.0");
    assert_int_equal(config.port, 0);
    assert_string_equal(config.db, ":memory:");
    assert_string_equal(config.account, "123456789012");
    assert_string_equal(config.region, "eu-west-1");
    assert_int_equal(config.quotas, QUOTAS_OFF);
    assert_int_equal(config.transitions_ms, 3600000);
    assert_int_equal(config.urls, URLS_AWS);
    assert_int_equal(config.log_level, LOG_DEBUG);
}

static void an_ipv6_address_may_have_brackets(void **state)
{
    assert_string_equal(config_of(*state, "--host [::1]").host, "::1");
    assert_string_equal(config_of(*state, "health --host=[fd00::7]").host, "fd00::7");
    assert_string_equal(config_of(*state, "--host [localhost]").host, "[localhost]");
    assert_string_equal(config_of(*state, "--host [").host, "[");
}

static void an_empty_variable_counts_as_unset(void **state)
{
    setenv("IVS_LOCAL_PORT", "", 1);

    assert_int_equal(config_of(*state, "").port, 4580);
}

static void the_command_line_wins_over_the_environment(void **state)
{
    setenv("IVS_LOCAL_PORT", "1", 1);
    setenv("IVS_LOCAL_REGION", "eu-west-1", 1);

    struct config config = config_of(*state, "--port 2 --host ::1");

    assert_int_equal(config.port, 2);
    assert_string_equal(config.region, "eu-west-1");
    assert_string_equal(config.host, "::1");
}

static void a_value_stands_behind_a_space_or_an_equals_sign(void **state)
{
    struct config config = config_of(*state, "--port=2 --db a=b --region=eu-west-1");

    assert_int_equal(config.port, 2);
    assert_string_equal(config.db, "a=b");
    assert_string_equal(config.region, "eu-west-1");
}

#define ORIGIN "* or an origin as browsers send it, such as http://localhost:3000"

static void the_last_of_two_values_is_used(void **state)
{
    assert_int_equal(config_of(*state, "--port 2 --port 3").port, 3);
}

static void a_list_is_repeated_on_the_command_line(void **state)
{
    struct config config =
        config_of(*state, "--allow-origin http://a --allow-origin=http://b");

    assert_int_equal(config.allow_origins.count, 2);
    assert_string_equal(config.allow_origins.values[0], "http://a");
    assert_string_equal(config.allow_origins.values[1], "http://b");
    assert_refused(*state, "--allow-origin=http://a,http://b",
                   "--allow-origin must be " ORIGIN ", not \"http://a,http://b\"");
}

static void a_list_has_commas_in_the_environment(void **state)
{
    setenv("IVS_LOCAL_ALLOW_ORIGINS", "http://a,http://b,*", 1);

    struct config config = config_of(*state, "");

    assert_int_equal(config.allow_origins.count, 3);
    assert_string_equal(config.allow_origins.values[0], "http://a");
    assert_string_equal(config.allow_origins.values[1], "http://b");
    assert_string_equal(config.allow_origins.values[2], "*");
}

static void a_list_of_the_command_line_replaces_the_one_of_the_environment(void **state)
{
    setenv("IVS_LOCAL_ALLOW_ORIGINS", "http://a,http://b", 1);

    struct config config = config_of(*state, "--allow-origin http://c");

    assert_int_equal(config.allow_origins.count, 1);
    assert_string_equal(config.allow_origins.values[0], "http://c");
}

static void a_list_has_at_most_64_values(void **state)
{
    struct arena *arena = *state;
    const char *words = "--allow-origin=http://x";

    for (int i = 1; i < CONFIG_LIST_MAX; i++)
        words = arena_printf(arena, "%s --allow-origin=http://x", words);

    assert_int_equal(config_of(arena, words).allow_origins.count, CONFIG_LIST_MAX);
    assert_refused(arena, arena_printf(arena, "%s --allow-origin=http://y", words),
                   "--allow-origin must be given fewer times, not \"http://y\"");
}

static void commands_are_told_apart(void **state)
{
    assert_int_equal(config_of(*state, "serve").command, COMMAND_SERVE);
    assert_int_equal(config_of(*state, "health --port 7").command, COMMAND_HEALTH);
    assert_int_equal(config_of(*state, "health --port 7").port, 7);
    assert_int_equal(config_of(*state, "--version").command, COMMAND_VERSION);
    assert_int_equal(config_of(*state, "--help").command, COMMAND_HELP);
    assert_int_equal(config_of(*state, "-h").command, COMMAND_HELP);
    assert_int_equal(config_of(*state, "--port 7 --help").command, COMMAND_HELP);
}

static void completion_is_for_one_of_the_shells(void **state)
{
    assert_int_equal(config_of(*state, "completion bash").command, COMMAND_COMPLETION);
    assert_int_equal(config_of(*state, "completion bash").shell, SHELL_BASH);
    assert_int_equal(config_of(*state, "completion zsh").shell, SHELL_ZSH);
    assert_int_equal(config_of(*state, "completion fish").shell, SHELL_FISH);
    assert_refused(*state, "completion", "completion requires a value: bash|zsh|fish");
    assert_refused(*state, "completion ksh",
                   "completion must be one of bash, zsh, fish, not \"ksh\"");
    assert_refused(*state, "completion bash zsh", "unknown option \"zsh\" (see --help)");
    assert_refused(*state, "completion bash --prot",
                   "unknown option \"--prot\" (see --help)");
}

static void an_option_without_effect_on_the_command_is_named(void **state)
{
    assert_string_equal(config_of(*state, "health --host ::1").host, "::1");
    assert_refused(*state, "health --db=x", "health does not accept --db (see --help)");
    assert_refused(*state, "completion bash --port 7",
                   "completion does not accept --port (see --help)");
}

static void an_unknown_word_is_named(void **state)
{
    static const char *const cases[][3] = {
        {"--prot",         "option \"--prot\"",        ", did you mean --port?"        },
        {"---port",        "option \"---port\"",       ", did you mean --port?"        },
        {"--Port=8",       "option \"--Port\"",        ", did you mean --port?"        },
        {"--port4",        "option \"--port4\"",       ", did you mean --port?"        },
        {"--por",          "option \"--por\"",         ", did you mean --port?"        },
        {"--allow-orign",  "option \"--allow-orign\"", ", did you mean --allow-origin?"},
        {"health --prot",  "option \"--prot\"",        ", did you mean --port?"        },
        {"health --seeds", "option \"--seeds\"",       ""                              },
        {"-p",             "option \"-p\"",            ""                              },
        {"--",             "option \"--\"",            ""                              },
        {"--port 7 serve", "option \"serve\"",         ""                              },
        {"serv",           "command \"serv\"",         ", did you mean serve?"         },
        {"helth",          "command \"helth\"",        ", did you mean health?"        },
        {"halp",           "command \"halp\"",         ", did you mean --help?"        },
        {"stary",          "command \"stary\"",        ", did you mean start?"         },
        {"port",           "command \"port\"",         ""                              },
        {"stop",           "command \"stop\"",         ""                              },
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_refused(
            arena, cases[i][0],
            arena_printf(arena, "unknown %s%s (see --help)", cases[i][1], cases[i][2]));
}

static void named_access_keys_replace_the_default(void **state)
{
    setenv("IVS_LOCAL_ACCESS_KEYS", "a:1,b:2", 1);
    struct config in_environment = config_of(*state, "--auth sigv4");
    struct config in_words = config_of(*state, "--access-key c:3");

    assert_int_equal(in_environment.auth, AUTH_SIGV4);
    assert_int_equal(in_environment.access_keys.count, 2);
    assert_string_equal(in_environment.access_keys.values[0], "a:1");
    assert_string_equal(in_environment.access_keys.values[1], "b:2");
    assert_int_equal(in_words.access_keys.count, 1);
    assert_string_equal(in_words.access_keys.values[0], "c:3");
}

static void a_flag_has_no_value_on_the_command_line(void **state)
{
    assert_int_equal(config_of(*state, "--quiet").quiet, 1);
    assert_int_equal(config_of(*state, "--quiet --port 80").port, 80);
    assert_refused(*state, "--quiet=on", "--quiet has no value");
    assert_refused(*state, "--quiet on", "unknown option \"on\" (see --help)");
}

static void a_flag_is_on_or_off_in_the_environment(void **state)
{
    setenv("IVS_LOCAL_QUIET", "on", 1);
    struct config on = config_of(*state, "");
    setenv("IVS_LOCAL_QUIET", "off", 1);
    struct config off = config_of(*state, ""), on_again = config_of(*state, "--quiet");
    setenv("IVS_LOCAL_QUIET", "yes", 1);

    assert_int_equal(on.quiet, 1);
    assert_int_equal(off.quiet, 0);
    assert_int_equal(on_again.quiet, 1);
    assert_refused(*state, "", "IVS_LOCAL_QUIET must be one of off, on, not \"yes\"");
}

static void the_form_of_the_log_is_a_choice(void **state)
{
    assert_int_equal(config_of(*state, "--log-format text").log_format, LOG_TEXT);
    assert_int_equal(config_of(*state, "--log-format=logfmt").log_format, LOG_LOGFMT);
    assert_int_equal(config_of(*state, "--log-format json").log_format, LOG_JSON);
    assert_refused(*state, "--log-format xml",
                   "--log-format must be one of text, logfmt, json, not \"xml\"");
}

static void set_or_unset(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void colors_are_wanted_by_terminals_that_have_them(void **state)
{
    static const struct {
        const char *terminal, *no_color;
        bool wanted;
    } cases[] = {
        {"xterm-256color", NULL, true },
        {"xterm",          "",   true },
        {"xterm",          "1",  false},
        {"xterm",          "0",  false},
        {"dumb",           NULL, false},
        {"",               NULL, false},
        {NULL,             NULL, false},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_or_unset("TERM", cases[i].terminal);
        set_or_unset("NO_COLOR", cases[i].no_color);
        assert_int_equal(config_of(*state, "").colors, cases[i].wanted);
    }
}

static void a_secret_is_not_shown_when_it_is_refused(void **state)
{
    assert_refused(*state, "--access-key secret", "--access-key must be ID:SECRET");
    assert_refused(*state, "--access-key=:secret", "--access-key must be ID:SECRET");
    assert_refused(*state, "--acess-key=id:secret",
                   "unknown option \"--acess-key\", did you mean --access-key? (see "
                   "--help)");
    assert_refused(*state, "--access-key id:secret id:secret",
                   "unknown option \"id\" (see --help)");
    setenv("IVS_LOCAL_ACCESS_KEYS", "id:secret,/:secret", 1);
    assert_refused(*state, "", "IVS_LOCAL_ACCESS_KEYS must be ID:SECRET");
}

static void a_missing_value_is_named(void **state)
{
    assert_refused(*state, "--port", "--port requires a value: N");
    assert_refused(*state, "--host", "--host requires a value: ADDR");
}

static void a_number_out_of_bounds_is_named(void **state)
{
    static const char *const numbers[] = {"-1",
                                          "65536",
                                          "abc",
                                          "4580x",
                                          "",
                                          "1.5",
                                          "0x1",
                                          "+1",
                                          "1e3",
                                          "--1",
                                          "99999999999999999999"};
    struct arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        assert_refused(
            arena, arena_printf(arena, "--port=%s", numbers[i]),
            arena_printf(arena,
                         "--port must be a whole number from 0 to 65535, not \"%s\"",
                         numbers[i]));
    assert_int_equal(config_of(arena, "--port=65535").port, 65535);
    assert_refused(arena, "--transitions=3600001",
                   "--transitions must be a whole number from 0 to 3600000, not "
                   "\"3600001\"");
}

static void a_wrong_text_or_choice_is_named(void **state)
{
    assert_refused(*state, "--account=12345",
                   "--account must be 12 digits, not \"12345\"");
    assert_refused(*state, "--region=US",
                   "--region must be a region name such as us-east-1, not \"US\"");
    assert_refused(*state, "--quotas=on", "--quotas must be one of aws, off, not \"on\"");
    assert_refused(*state, "--urls=AWS", "--urls must be one of local, aws, not \"AWS\"");
    assert_refused(*state, "--log-level=trace",
                   "--log-level must be one of error, warn, info, debug, not \"trace\"");
    assert_refused(*state, "--host=", "--host must be a value, not \"\"");
    assert_refused(*state, "--allow-origin=", "--allow-origin must be a value, not \"\"");
    assert_refused(*state, "--allow-origin=https://a.example/",
                   "--allow-origin must be " ORIGIN ", not \"https://a.example/\"");
}

static void a_bad_variable_is_named(void **state)
{
    setenv("IVS_LOCAL_PORT", "many", 1);

    assert_refused(*state, "",
                   "IVS_LOCAL_PORT must be a whole number from 0 to 65535, not \"many\"");
}

#define CONFIG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(without_arguments_every_option_has_its_default),
        CONFIG_TEST(by_default_no_origin_is_listed),
        CONFIG_TEST(the_database_is_in_the_users_data_by_default),
        CONFIG_TEST(without_a_home_the_database_must_be_named),
        CONFIG_TEST(the_environment_sets_every_option),
        CONFIG_TEST(an_ipv6_address_may_have_brackets),
        CONFIG_TEST(an_empty_variable_counts_as_unset),
        CONFIG_TEST(the_command_line_wins_over_the_environment),
        CONFIG_TEST(a_value_stands_behind_a_space_or_an_equals_sign),
        CONFIG_TEST(the_last_of_two_values_is_used),
        CONFIG_TEST(a_list_is_repeated_on_the_command_line),
        CONFIG_TEST(a_list_has_commas_in_the_environment),
        CONFIG_TEST(a_list_of_the_command_line_replaces_the_one_of_the_environment),
        CONFIG_TEST(a_list_has_at_most_64_values),
        CONFIG_TEST(commands_are_told_apart),
        CONFIG_TEST(completion_is_for_one_of_the_shells),
        CONFIG_TEST(an_option_without_effect_on_the_command_is_named),
        CONFIG_TEST(an_unknown_word_is_named),
        CONFIG_TEST(named_access_keys_replace_the_default),
        CONFIG_TEST(a_flag_has_no_value_on_the_command_line),
        CONFIG_TEST(a_flag_is_on_or_off_in_the_environment),
        CONFIG_TEST(the_form_of_the_log_is_a_choice),
        CONFIG_TEST(colors_are_wanted_by_terminals_that_have_them),
        CONFIG_TEST(a_secret_is_not_shown_when_it_is_refused),
        CONFIG_TEST(a_missing_value_is_named),
        CONFIG_TEST(a_number_out_of_bounds_is_named),
        CONFIG_TEST(a_wrong_text_or_choice_is_named),
        CONFIG_TEST(a_bad_variable_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
