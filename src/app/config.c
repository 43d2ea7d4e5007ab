#include "app/config.h"

#include "api/access_key.h"
#include "app/options.h"
#include "app/origin.h"
#include "aws/endpoints.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "base/text.h"
#include "chat/review.h"
#include "events/delivery.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern char **environ; /* POSIX: no header declares it */

static const char *const off_or_sigv4[] = {"off", "sigv4", NULL};
static const char *const aws_or_off[] = {"aws", "off", NULL};
static const char *const off_or_aws[] = {"off", "aws", NULL};
static const char *const local_or_aws[] = {"local", "aws", NULL};
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const log_formats[] = {"text", "logfmt", "json", NULL};
static const char *const off_or_on[] = {"off", "on", NULL};

#define OPTION(member, name, environment, argument, fallback, help, type)                \
    name, environment, argument, fallback, help, type, offsetof(struct config, member)
#define TEXT(member, name, environment, argument, fallback, check, must_be, help)        \
    {OPTION(member, name, environment, argument, fallback, help, OPTION_TEXT),           \
     .accepts = (check), .accepts_text = (must_be)},
#define NUMBER(member, name, environment, argument, fallback, minimum, maximum, help)    \
    {OPTION(member, name, environment, argument, fallback, help, OPTION_NUMBER),         \
     .min = (minimum), .max = (maximum)},
#define CHOICE(member, name, environment, argument, fallback, values, help)              \
    {OPTION(member, name, environment, argument, fallback, help, OPTION_CHOICE),         \
     .choices = (values)},
#define LIST(member, name, environment, argument, fallback, check, must_be, help)        \
    {OPTION(member, name, environment, argument, fallback, help, OPTION_LIST),           \
     .accepts = (check), .accepts_text = (must_be)},
#define FLAG(member, name, environment, help)                                            \
    {OPTION(member, name, environment, "", "off", help, OPTION_FLAG),                    \
     .choices = off_or_on},
#define CLIENT_FLAG(member, name, environment, help)                                     \
    {OPTION(member, name, environment, "", "off", help, OPTION_FLAG),                    \
     .choices = off_or_on, .of_client = true},
#define SECRETS(member, name, environment, argument, fallback, check, must_be, help)     \
    {OPTION(member, name, environment, argument, fallback, help, OPTION_LIST),           \
     .accepts = (check), .accepts_text = (must_be), .secret = true},

const struct option config_options[] = {
#include "options.def"
};
const size_t config_option_count = COUNT_OF(config_options);

static const char *const shells[] = {"bash", "zsh", "fish", NULL};
static const struct option shell = {
    .name = "completion",
    .argument = "bash|zsh|fish",
    .type = OPTION_CHOICE,
    .offset = offsetof(struct config, shell),
    .choices = shells,
};
static const char *const health_options[] = {"host", "port", NULL};
static const char *const client_options[] = {"host",   "port", "account",
                                             "region", "json", NULL};
static const char *const no_options[] = {NULL};

#define COMMAND(name, command, synopsis, help, operand, options)                         \
    {name, command, synopsis, help, operand, options, 0},
#define VERB(name, synopsis, help)                                                       \
    {#name, COMMAND_CLIENT, synopsis, help, NULL, client_options, CLIENT_##name},
const struct command config_commands[] = {
#include "commands.def"
};
const size_t config_command_count = COUNT_OF(config_commands);

bool command_takes(const struct command *command, const struct option *option)
{
    if (command->options == NULL)
        return !option->of_client;
    for (const char *const *name = command->options; *name != NULL; name++) {
        if (strcmp(*name, option->name) == 0)
            return true;
    }
    return false;
}

bool option_takes_file(const struct option *option)
{
    return strcmp(option->argument, "PATH") == 0 || strcmp(option->argument, "FILE") == 0;
}

/* Returns the address of an option's value. */
static void *value_slot(struct config *config, const struct option *option)
{
    return (char *)config + option->offset;
}

/* Each setter returns NULL, or what the value must be. */
static const char *set_text(const struct option *option, struct config *config,
                            const char *text)
{
    if (option->accepts != NULL && !option->accepts(text))
        return option->accepts_text;
    if (text[0] == '\0')
        return "a value";
    *(const char **)value_slot(config, option) = text;
    return NULL;
}

static const char *set_number(const struct option *option, struct config *config,
                              const char *text, struct arena *arena)
{
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || strspn(text, "-0123456789") == 0 ||
        number < option->min || number > option->max)
        return arena_printf(arena, "a whole number from %" PRId64 " to %" PRId64,
                            option->min, option->max);
    *(int64_t *)value_slot(config, option) = number;
    return NULL;
}

static const char *set_choice(const struct option *option, struct config *config,
                              const char *text, struct arena *arena)
{
    const char *all = "";

    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], text) == 0) {
            *(int64_t *)value_slot(config, option) = i;
            return NULL;
        }
        all = arena_printf(arena, "%s%s%s", all, i > 0 ? ", " : "", option->choices[i]);
    }
    return arena_printf(arena, "one of %s", all);
}

static const char *add_to_list(const struct option *option, struct config *config,
                               const char *text)
{
    struct config_list *list = value_slot(config, option);

    if (text[0] == '\0')
        return "a value";
    if (option->accepts != NULL && !option->accepts(text))
        return option->accepts_text;
    if (list->count == CONFIG_LIST_MAX)
        return "given fewer times";
    list->values[list->count++] = text;
    return NULL;
}

/* Sets an option; `source` is the name that the user knows it by. */
static int set_value(const struct option *option, struct config *config,
                     const char *source, const char *text, struct arena *arena,
                     const char **why)
{
    const char *must_be = NULL;
    char quoted[LOG_QUOTED_BYTES];

    switch (option->type) {
    case OPTION_TEXT:
        must_be = set_text(option, config, text);
        break;
    case OPTION_NUMBER:
        must_be = set_number(option, config, text, arena);
        break;
    case OPTION_CHOICE:
    case OPTION_FLAG:
        must_be = set_choice(option, config, text, arena);
        break;
    case OPTION_LIST:
        must_be = add_to_list(option, config, text);
        break;
    }
    if (must_be == NULL)
        return 0;
    *why = arena_printf(arena, "%s must be %s%s%s", source, must_be,
                        option->secret ? "" : ", not ",
                        option->secret ? "" : log_quoted(text, quoted));
    return -1;
}

static int read_defaults(struct config *config, struct arena *arena, const char **why)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (config_options[i].fallback[0] != '<' &&
            set_value(&config_options[i], config, config_options[i].name,
                      config_options[i].fallback, arena, why) != 0)
            return -1;
    }
    return 0;
}

static int read_environment(struct config *config, struct arena *arena, const char **why)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        const struct option *option = &config_options[i];
        const char *text = getenv(option->environment);
        if (text == NULL || text[0] == '\0')
            continue;
        if (option->type != OPTION_LIST) {
            if (set_value(option, config, option->environment, text, arena, why) != 0)
                return -1;
            continue;
        }
        ((struct config_list *)value_slot(config, option))->count =
            0; /* it replaces the default */
        for (size_t length; *text != '\0'; text += length + (text[length] == ',')) {
            length = strcspn(text, ",");
            if (set_value(option, config, option->environment,
                          arena_strndup(arena, text, length), arena, why) != 0)
                return -1;
        }
    }
    return 0;
}

static const struct option *find_option(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (strlen(config_options[i].name) == length &&
            memcmp(config_options[i].name, name, length) == 0)
            return &config_options[i];
    }
    return NULL;
}

/* Returns text such as `, did you mean --port?`, or "". Names are compared without their
 * dashes. */
static const char *suggest_option(struct arena *arena, const struct command *command,
                                  const char *given)
{
    const char *names[COUNT_OF(config_options)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (command_takes(command, &config_options[i]))
            names[count++] = config_options[i].name;
    }
    const char *nearest = nearest_name(given + strspn(given, "-"), names, count);
    return nearest != NULL ? arena_printf(arena, ", did you mean --%s?", nearest) : "";
}

static const char *suggest_command(struct arena *arena, const char *given)
{
    const char *names[COUNT_OF(config_commands)];

    for (size_t i = 0; i < COUNT_OF(config_commands); i++)
        names[i] = config_commands[i].name + strspn(config_commands[i].name, "-");
    const char *nearest = nearest_name(given, names, COUNT_OF(names));
    for (size_t i = 0; nearest != NULL && i < COUNT_OF(names); i++) {
        if (names[i] == nearest)
            return arena_printf(arena, ", did you mean %s?", config_commands[i].name);
    }
    return "";
}

/* Refuses the word at argv[at]. A value may be a secret that belongs to a misspelt
 * option, so only what is before it is shown. */
static const char *unknown_word(const struct command *command, char *const *argv, int at,
                                struct arena *arena)
{
    const char *shown = arena_strndup(arena, argv[at], strcspn(argv[at], "=:"));
    bool is_command = at == 1 && shown[0] != '-';
    char quoted[LOG_QUOTED_BYTES];

    return arena_printf(arena, "unknown %s %s%s (see --help)",
                        is_command ? "command" : "option", log_quoted(shown, quoted),
                        is_command ? suggest_command(arena, shown)
                                   : suggest_option(arena, command, shown));
}

/* Reads the option at argv[*at], and its value there or in the next argument. */
static int read_option(struct config *config, const struct command *command, int argc,
                       char *const *argv, int *at, struct arena *arena, const char **why)
{
    const char *given = argv[*at];
    size_t length = strcspn(given, "=");
    const struct option *option =
        strncmp(given, "--", 2) == 0 ? find_option(given + 2, length - 2) : NULL;

    if (option == NULL) {
        *why = unknown_word(command, argv, *at, arena);
        return -1;
    }
    const char *name = arena_printf(arena, "--%s", option->name);
    if (!command_takes(command, option)) {
        *why = arena_printf(arena, "%s does not accept %s (see --help)", command->name,
                            name);
        return -1;
    }
    if (option->type == OPTION_FLAG && given[length] == '=') {
        *why = arena_printf(arena, "%s has no value", name);
        return -1;
    }
    if (option->type == OPTION_FLAG)
        return set_value(option, config, name, "on", arena, why);
    if (given[length] == '=')
        return set_value(option, config, name, given + length + 1, arena, why);
    if (*at + 1 == argc) {
        *why = arena_printf(arena, "%s requires a value: %s", name, option->argument);
        return -1;
    }
    return set_value(option, config, name, argv[++*at], arena, why);
}

static const struct command *find_command(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(config_commands); i++) {
        if (strcmp(config_commands[i].name, word) == 0)
            return &config_commands[i];
    }
    return NULL;
}

/* Reads the command at argv[*at], if there is one, and its operand. */
static int read_command(struct config *config, const struct command **command, int argc,
                        char *const *argv, int *at, struct arena *arena, const char **why)
{
    const struct command *given = *at < argc ? find_command(argv[*at]) : NULL;

    if (given == NULL)
        return 0;
    *command = given;
    config->command = given->command;
    config->verb = given->verb;
    ++*at;
    if (given->operand == NULL)
        return 0;
    if (*at == argc) {
        *why = arena_printf(arena, "%s requires a value: %s", given->name,
                            given->operand->argument);
        return -1;
    }
    return set_value(given->operand, config, given->name, argv[(*at)++], arena, why);
}

/* Adds a word after a command that calls a server. */
static int add_word(struct config *config, const char *word, const char **why)
{
    if (config->client.count == CLIENT_WORDS_MAX) {
        *why = "there are too many words";
        return -1;
    }
    config->client.words[config->client.count++] = word;
    return 0;
}

/* The command line takes precedence: a list that is given there replaces that of the
 * environment. */
static void empty_lists(struct config *config)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (config_options[i].type == OPTION_LIST)
            ((struct config_list *)value_slot(config, &config_options[i]))->count = 0;
    }
}

static void fill_empty_lists(struct config *config, struct config *before)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (config_options[i].type != OPTION_LIST)
            continue;
        struct config_list *list = value_slot(config, &config_options[i]);
        if (list->count == 0)
            *list = *(const struct config_list *)value_slot(before, &config_options[i]);
    }
}

/* --help and --version work whatever other errors there are. */
static bool is_information_request(struct config *config, int argc, char *const *argv)
{
    for (int at = 1; at < argc; at++) {
        const struct command *command =
            argv[at][0] == '-' ? find_command(argv[at]) : NULL;
        if (command != NULL) {
            config->command = command->command;
            return true;
        }
    }
    return false;
}

static int read_arguments(struct config *config, int argc, char *const *argv,
                          struct arena *arena, const char **why)
{
    struct config before = *config;
    const struct command *command = &config_commands[0];
    int at = 1;

    empty_lists(config);
    if (read_command(config, &command, argc, argv, &at, arena, why) != 0)
        return -1;
    for (; at < argc; at++) {
        if (command->command == COMMAND_CLIENT && strncmp(argv[at], "--", 2) != 0) {
            if (add_word(config, argv[at], why) != 0)
                return -1;
        } else if (read_option(config, command, argc, argv, &at, arena, why) != 0)
            return -1;
    }
    fill_empty_lists(config, &before);
    return 0;
}

/* Sets the default location of the database. */
static int find_default_db(struct config *config, struct arena *arena, const char **why)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");

    if (data != NULL && data[0] == '/')
        config->db = arena_printf(arena, "%s/ivs-local/ivs.db", data);
    else if (home != NULL && home[0] == '/')
        config->db = arena_printf(arena, "%s/.local/share/ivs-local/ivs.db", home);
    else
        *why = "no location for the database: neither XDG_DATA_HOME nor HOME is set; "
               "use --db PATH";
    return config->db != NULL ? 0 : -1;
}

/* Sets where objects are written: by default beside the database. NULL: nowhere. */
static void find_objects(struct config *config, struct arena *arena)
{
    const char *slash = strrchr(config->db, '/');
    size_t above = slash != NULL ? (size_t)(slash - config->db) + 1 : 0;

    if (config->objects == NULL && strcmp(config->db, ":memory:") != 0)
        config->objects =
            arena_printf(arena, "%sobjects", arena_strndup(arena, config->db, above));
    else if (config->objects != NULL && strcmp(config->objects, "off") == 0)
        config->objects = NULL;
}

/* An IPv6 address in the brackets that it has in a URL is accepted without them. */
static const char *without_brackets(struct arena *arena, const char *host)
{
    size_t length = strlen(host);

    if (host[0] != '[' || host[length - 1] != ']' || strchr(host, ':') == NULL)
        return host;
    return arena_strndup(arena, host + 1, length - 2);
}

/* https://no-color.org: any value but the empty one means no colors. */
static bool wants_colors(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return (no_color == NULL || no_color[0] == '\0') && terminal != NULL &&
           terminal[0] != '\0' && strcmp(terminal, "dumb") != 0;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* What a client needs to know besides the options. */
static void read_client(struct config *config)
{
    const char *region = variable("AWS_REGION");

    config->key_id = variable("AWS_ACCESS_KEY_ID");
    config->secret = variable("AWS_SECRET_ACCESS_KEY");
    config->session_token = variable("AWS_SESSION_TOKEN");
    config->key_region = region != NULL ? region : variable("AWS_DEFAULT_REGION");
    config->has_account = config->account != find_option("account", 7)->fallback;
    config->has_region = config->region != find_option("region", 6)->fallback;
}

int config_read(struct config *out, int argc, char *const *argv, struct arena *arena,
                const char **why)
{
    struct config config = {
        .command = COMMAND_SERVE,
        .random_seed = -1,
        .log_format = -1,
        .colors = wants_colors(),
    };

    if (read_defaults(&config, arena, why) != 0)
        return -1;
    if (is_information_request(&config, argc, argv)) {
        *out = config;
        return 0;
    }
    if (read_environment(&config, arena, why) != 0 ||
        read_arguments(&config, argc, argv, arena, why) != 0)
        return -1;
    if (config.command == COMMAND_SERVE && config.db == NULL &&
        find_default_db(&config, arena, why) != 0)
        return -1;
    if (config.command == COMMAND_SERVE)
        find_objects(&config, arena);
    config.host = without_brackets(arena, config.host);
    read_client(&config);
    *out = config;
    return 0;
}

/* What all our variables begin with. */
#define VARIABLE_PREFIX "IVS_LOCAL_"

static bool is_our_variable(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        if (strcmp(config_options[i].environment, name) == 0)
            return true;
    }
    return false;
}

static void warn_of_variable(const char *name)
{
    const char *names[COUNT_OF(config_options)];
    char quoted[LOG_QUOTED_BYTES];

    for (size_t i = 0; i < COUNT_OF(names); i++)
        names[i] = config_options[i].environment + strlen(VARIABLE_PREFIX);
    const char *nearest =
        nearest_name(name + strlen(VARIABLE_PREFIX), names, COUNT_OF(names));
    log_warn("unknown environment variable, ignoring it", "name=%s%s%s",
             log_quoted(name, quoted), nearest != NULL ? " nearest=" VARIABLE_PREFIX : "",
             nearest != NULL ? nearest : "");
}

void config_warn_of_environment(struct arena *arena)
{
    for (char **entry = environ; *entry != NULL; entry++) {
        if (!text_starts_with(*entry, VARIABLE_PREFIX))
            continue;
        const char *name = arena_strndup(arena, *entry, strcspn(*entry, "="));
        if (!is_our_variable(name))
            warn_of_variable(name);
    }
}

void option_print_usage(FILE *to, const struct option *option)
{
    fprintf(to, "--%s%s%s", option->name, option->argument[0] != '\0' ? " " : "",
            option->argument);
}

void option_print_fallback(FILE *to, const struct option *option)
{
    const char *text = option->fallback;

    if (text[0] == '<')
        fprintf(to, "%.*s", (int)strlen(text) - 2, text + 1);
    else
        fputs(text, to);
}

void config_print_help(FILE *to)
{
    fprintf(to, "Emulator of Amazon IVS on your own machine.\n\n"
                "usage: ivs-local [command] [options]\n\ncommands:\n");
    for (size_t i = 0; i < COUNT_OF(config_commands); i++) {
        if (config_commands[i].synopsis == NULL)
            continue;
        fprintf(to, "  %s\n      %s\n", config_commands[i].synopsis,
                config_commands[i].help);
    }
    fprintf(to,
            "\nThe commands call, start, ... and wait send requests to a running server: "
            "see --host,\n--port, --account and --region, or the AWS_ variables of "
            "SDKs. With --json they print JSON.\n");
    fprintf(to, "\noptions (environment variable) [default]:\n");
    for (size_t i = 0; i < COUNT_OF(config_options); i++) {
        fprintf(to, "  ");
        option_print_usage(to, &config_options[i]);
        fprintf(to, " (%s) [", config_options[i].environment);
        option_print_fallback(to, &config_options[i]);
        fprintf(to, "]\n      %s\n", config_options[i].help);
    }
}
