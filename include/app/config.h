/*
 * The options of the program: one table, from which the environment and the command line
 * are parsed and --help is printed. options.h exposes it to other modules.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "client/client.h"

enum { CONFIG_LIST_MAX = 64 };

/* The values of a repeatable option. */
struct config_list {
    const char *values[CONFIG_LIST_MAX];
    int64_t count;
};

enum config_auth { AUTH_OFF, AUTH_SIGV4 };
enum config_quotas { QUOTAS_AWS, QUOTAS_OFF };
enum config_throttling { THROTTLING_OFF, THROTTLING_AWS };
enum config_urls { URLS_LOCAL, URLS_AWS };

enum config_shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };

enum config_command {
    COMMAND_SERVE,
    COMMAND_HEALTH,
    COMMAND_CLIENT,
    COMMAND_COMPLETION,
    COMMAND_MODEL,
    COMMAND_OPENAPI,
    COMMAND_VERSION,
    COMMAND_HELP
};

/* Strings belong to the environment, the command line or the arena. */
struct config {
    enum config_command command;
    enum client_verb verb; /* of COMMAND_CLIENT */
    struct {               /* what follows it */
        const char *words[CLIENT_WORDS_MAX];
        size_t count;
    } client;
    bool has_account, has_region; /* they were given, and are not the defaults */
    int64_t json;                 /* 1: responses are printed as JSON */
    /* Of the AWS_ variables; NULL: unset. */
    const char *key_id, *secret, *session_token, *key_region;
    int64_t shell; /* enum config_shell, of COMMAND_COMPLETION */
    const char *host;
    int64_t port;
    const char *db;
    const char *account;
    const char *region;
    int64_t auth;                   /* enum config_auth */
    struct config_list access_keys; /* access_key_is() accepts them */
    int64_t quotas;                 /* enum config_quotas */
    int64_t throttling;             /* enum config_throttling */
    int64_t random_seed;            /* negative: none */
    int64_t transitions_ms;
    struct config_list allow_origins; /* empty: the loopback origins */
    struct config_list events_to;     /* delivery_takes_target() accepts them */
    const char *objects;              /* the folder; NULL: none */
    struct config_list aws_endpoints; /* aws_endpoint_is() accepts them */
    struct config_list functions;     /* review_function_is() accepts them */
    const char *seed;                 /* NULL: none */
    int64_t urls;                     /* enum config_urls */
    int64_t log_level;                /* enum log_level */
    int64_t log_format;               /* enum log_format; negative: by the terminal */
    int64_t quiet;                    /* 1: omit what is neither warning nor error */
    bool colors; /* the user's terminal has colors, and the user wants them */
};

/*
 * Sets *out from the defaults, then the environment, then the command line. Returns -1 if
 * something is unknown or out of range: *why (in the arena) is one line that names it.
 */
int config_read(struct config *out, int argc, char *const *argv, struct arena *arena,
                const char **why) NODISCARD;

/* Logs a warning for each environment variable that is named like an option's but is
 * none's: it may be misspelt. The log limits their number. The arena is for scratch
 * memory. */
void config_warn_of_environment(struct arena *arena);

/* Prints the text of --help. */
void config_print_help(FILE *to);

#endif
