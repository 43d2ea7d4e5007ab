#include "app/config.h"

#include "base/log.h"
#include "base/scope.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum option_type { OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_LIST };

struct option {
    const char *name; /* without the dashes */
    const char *environment;
    const char *argument; /* as --help shows it */
    const char *fallback; /* as it could be given; NULL: see `fallback_text` */
    const char *fallback_text;
    const char *help;
    enum option_type type;
    size_t offset;                     /* of its value in struct config */
    int64_t min, max;                  /* of a number */
    const char *const *choices;        /* of a choice: its values, in the enum's order */
    bool (*accepts)(const char *text); /* of a text; NULL: all but "" */
    const char *accepts_text;          /* what it must be */
};

static const char *const aws_or_off[] = {"aws", "off", NULL};
static const char *const local_or_aws[] = {"local", "aws", NULL};
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};

#define AT(member) .offset = offsetof(struct config, member)

/* clang-format off: version 14 crashes on a table of this form. */
static const struct option options[] = {
    {
        .name = "host",
        .environment = "IVS_LOCAL_HOST",
        .argument = "ADDR",
        .fallback = "127.0.0.1",
        .help = "address to listen on",
        .type = OPTION_TEXT,
        AT(host),
    },
    {
        .name = "port",
        .environment = "IVS_LOCAL_PORT",
        .argument = "N",
        .fallback = "4580",
        .help = "port to listen on; 0 picks a free one, named in the ready line",
        .type = OPTION_NUMBER,
        AT(port),
        .max = 65535,
    },
    {
        .name = "db",
        .environment = "IVS_LOCAL_DB",
        .argument = "PATH",
        .fallback_text = "$XDG_DATA_HOME/ivs-local/ivs.db",
        .help = "SQLite file, or :memory:",
        .type = OPTION_TEXT,
        AT(db),
    },
    {
        .name = "account",
        .environment = "IVS_LOCAL_ACCOUNT",
        .argument = "ID",
        .fallback = "000000000000",
        .help = "account of callers that name none",
        .type = OPTION_TEXT,
        AT(account),
        .accepts = scope_is_account,
        .accepts_text = "12 digits",
    },
    {
        .name = "region",
        .environment = "IVS_LOCAL_REGION",
        .argument = "NAME",
        .fallback = "us-east-1",
        .help = "region of callers that name none",
        .type = OPTION_TEXT,
        AT(region),
        .accepts = scope_is_region,
        .accepts_text = "a region's name such as us-east-1",
    },
    {
        .name = "quotas",
        .environment = "IVS_LOCAL_QUOTAS",
        .argument = "aws|off",
        .fallback = "aws",
        .help = "enforce the adjustable service quotas",
        .type = OPTION_CHOICE,
        AT(quotas),
        .choices = aws_or_off,
    },
    {
        .name = "transitions",
        .environment = "IVS_LOCAL_TRANSITIONS",
        .argument = "MS",
        .fallback = "200",
        .help = "how long CREATING and its like last, in milliseconds",
        .type = OPTION_NUMBER,
        AT(transitions_ms),
        .max = 3600000,
    },
    {
        .name = "allow-origin",
        .environment = "IVS_LOCAL_ALLOW_ORIGINS",
        .argument = "ORIGIN",
        .fallback_text = "loopback origins",
        .help = "browser origin to serve (repeatable, in the environment with commas; "
             "* = all)",                                             .type = OPTION_LIST,
        AT(allow_origins),
    },
    {
        .name = "urls",
        .environment = "IVS_LOCAL_URLS",
        .argument = "local|aws",
        .fallback = "local",
        .help = "URLs in answers lead back here, or look like the real ones",
        .type = OPTION_CHOICE,
        AT(urls),
        .choices = local_or_aws,
    },
    {
        .name = "log-level",
        .environment = "IVS_LOCAL_LOG_LEVEL",
        .argument = "LEVEL",
        .fallback = "info",
        .help = "error, warn, info or debug",
        .type = OPTION_CHOICE,
        AT(log_level),
        .choices = log_levels,
    },
};
/* clang-format on */

static const struct {
    const char *name;
    enum config_command command;
} commands[] = {
    {"serve",     COMMAND_SERVE  },
    {"health",    COMMAND_HEALTH },
    {"--version", COMMAND_VERSION},
    {"--help",    COMMAND_HELP   },
    {"-h",        COMMAND_HELP   },
};

/* Where an option's value is kept. */
static void *slot(struct config *config, const struct option *option)
{
    return (char *)config + option->offset;
}

/* Each setter answers NULL, or what the value must be. */
static const char *set_text(const struct option *option, struct config *config,
                            const char *text)
{
    if (option->accepts != NULL && !option->accepts(text))
        return option->accepts_text;
    if (text[0] == '\0')
        return "a value";
    *(const char **)slot(config, option) = text;
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
    *(int64_t *)slot(config, option) = number;
    return NULL;
}

static const char *set_choice(const struct option *option, struct config *config,
                              const char *text, struct arena *arena)
{
    const char *all = "";

    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], text) == 0) {
            *(int64_t *)slot(config, option) = i;
            return NULL;
        }
        all = arena_printf(arena, "%s%s%s", all, i > 0 ? ", " : "", option->choices[i]);
    }
    return arena_printf(arena, "one of %s", all);
}

static const char *add_to_list(const struct option *option, struct config *config,
                               const char *text)
{
    struct config_list *list = slot(config, option);

    if (text[0] == '\0')
        return "a value";
    if (list->count == CONFIG_LIST_MAX)
        return "given fewer times";
    list->values[list->count++] = text;
    return NULL;
}

/* Sets an option; `source` is how the user knows it. */
static int set(const struct option *option, struct config *config, const char *source,
               const char *text, struct arena *arena, const char **why)
{
    const char *must_be = NULL;

    switch (option->type) {
    case OPTION_TEXT:
        must_be = set_text(option, config, text);
        break;
    case OPTION_NUMBER:
        must_be = set_number(option, config, text, arena);
        break;
    case OPTION_CHOICE:
        must_be = set_choice(option, config, text, arena);
        break;
    case OPTION_LIST:
        must_be = add_to_list(option, config, text);
        break;
    }
    if (must_be == NULL)
        return 0;
    *why = arena_printf(arena, "%s must be %s, not '%s'", source, must_be, text);
    return -1;
}

static int read_defaults(struct config *config, struct arena *arena, const char **why)
{
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (options[i].fallback != NULL && set(&options[i], config, options[i].name,
                                               options[i].fallback, arena, why) != 0)
            return -1;
    }
    return 0;
}

static int read_environment(struct config *config, struct arena *arena, const char **why)
{
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        const struct option *option = &options[i];
        const char *text = getenv(option->environment);
        if (text == NULL || text[0] == '\0')
            continue;
        if (option->type != OPTION_LIST) {
            if (set(option, config, option->environment, text, arena, why) != 0)
                return -1;
            continue;
        }
        for (size_t length; *text != '\0'; text += length + (text[length] == ',')) {
            length = strcspn(text, ",");
            if (set(option, config, option->environment,
                    arena_strndup(arena, text, length), arena, why) != 0)
                return -1;
        }
    }
    return 0;
}

static const struct option *find_option(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (strlen(options[i].name) == length &&
            memcmp(options[i].name, name, length) == 0)
            return &options[i];
    }
    return NULL;
}

/* Reads the option at argv[*at], and its value there or behind it. */
static int read_option(struct config *config, int argc, char *const *argv, int *at,
                       struct arena *arena, const char **why)
{
    const char *given = argv[*at];
    size_t length = strcspn(given, "=");
    const struct option *option =
        strncmp(given, "--", 2) == 0 ? find_option(given + 2, length - 2) : NULL;

    if (option == NULL) {
        *why = arena_printf(arena, "unknown option '%s' (see --help)", given);
        return -1;
    }
    const char *name = arena_printf(arena, "--%s", option->name);
    if (given[length] == '=')
        return set(option, config, name, given + length + 1, arena, why);
    if (*at + 1 == argc) {
        *why = arena_printf(arena, "%s needs a value: %s", name, option->argument);
        return -1;
    }
    return set(option, config, name, argv[++*at], arena, why);
}

static bool read_command(struct config *config, const char *word)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(commands[i].name, word) == 0) {
            config->command = commands[i].command;
            return true;
        }
    }
    return false;
}

static int read_arguments(struct config *config, int argc, char *const *argv,
                          struct arena *arena, const char **why)
{
    struct config_list from_environment = config->allow_origins;

    /* The command line wins: a list that is given there replaces the other. */
    config->allow_origins.count = 0;
    for (int at = 1; at < argc; at++) {
        bool may_be_command = at == 1 || argv[at][0] == '-';
        if (may_be_command && read_command(config, argv[at])) {
            if (config->command == COMMAND_VERSION || config->command == COMMAND_HELP)
                return 0;
            continue;
        }
        if (read_option(config, argc, argv, &at, arena, why) != 0)
            return -1;
    }
    if (config->allow_origins.count == 0)
        config->allow_origins = from_environment;
    return 0;
}

/* Where the database is when nobody says. */
static int find_default_db(struct config *config, struct arena *arena, const char **why)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");

    if (data != NULL && data[0] == '/')
        config->db = arena_printf(arena, "%s/ivs-local/ivs.db", data);
    else if (home != NULL && home[0] == '/')
        config->db = arena_printf(arena, "%s/.local/share/ivs-local/ivs.db", home);
    else
        *why =
            "no place for the database: neither XDG_DATA_HOME nor HOME is set, so give "
            "--db PATH";
    return config->db != NULL ? 0 : -1;
}

int config_read(struct config *out, int argc, char *const *argv, struct arena *arena,
                const char **why)
{
    struct config config = {.command = COMMAND_SERVE};

    if (read_defaults(&config, arena, why) != 0 ||
        read_environment(&config, arena, why) != 0 ||
        read_arguments(&config, argc, argv, arena, why) != 0)
        return -1;
    if (config.command == COMMAND_SERVE && config.db == NULL &&
        find_default_db(&config, arena, why) != 0)
        return -1;
    *out = config;
    return 0;
}

static const char *fallback_text(const struct option *option)
{
    return option->fallback != NULL ? option->fallback : option->fallback_text;
}

void config_print_help(FILE *to)
{
    fprintf(to,
            "Amazon IVS on your own machine.\n"
            "\n"
            "usage: ivs-local [serve] [options]   run the server\n"
            "       ivs-local health [options]    exit 0 if the server answers healthy\n"
            "       ivs-local --version | --help\n"
            "\n"
            "options (environment variable) [default]:\n");
    for (size_t i = 0; i < COUNT_OF(options); i++)
        fprintf(to, "  --%s %s (%s) [%s]\n      %s\n", options[i].name,
                options[i].argument, options[i].environment, fallback_text(&options[i]),
                options[i].help);
}

/* A cell of a table: the bar that separates alternatives must not end it. */
static void print_cell(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            fputc('\\', to);
        fputc(*text, to);
    }
}

void config_print_markdown(FILE *to)
{
    fprintf(to,
            "| option | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        fprintf(to, "| `--%s ", options[i].name);
        print_cell(to, options[i].argument);
        fprintf(to, "` | `%s` | `%s` | %s |\n", options[i].environment,
                fallback_text(&options[i]), options[i].help);
    }
}
