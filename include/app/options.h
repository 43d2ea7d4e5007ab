/*
 * The options and commands of the program as data, for --help, shell completion, the
 * documents and the manual page.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/config.h"
#include "client/client.h"

enum option_type {
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_CHOICE,
    OPTION_LIST,
    OPTION_FLAG, /* a choice of off and on in the environment; on when it is given */
};

/* A row of options.def. */
struct option {
    const char *name; /* without the dashes */
    const char *environment;
    const char *argument; /* as --help shows it; of a flag "" */
    const char *fallback; /* as it could be given; in <>, a description */
    const char *help;
    enum option_type type;
    size_t offset;              /* of its value in struct config */
    int64_t min, max;           /* of a number */
    const char *const *choices; /* of a choice: its values, in the order of the enum */
    bool (*accepts)(const char *text); /* of a text or list; NULL: anything but "" */
    const char *accepts_text;          /* a description of valid values */
    bool secret;                       /* its values are never shown */
    bool of_client;                    /* only for the commands of client/verbs.def */
};

struct command {
    const char *name;
    enum config_command command;
    const char *synopsis; /* without the program's name; NULL: it is an alias */
    const char *help;
    const struct option *operand; /* the required operand, or NULL */
    const char *const *options;   /* the names of the accepted options; NULL: all */
    enum client_verb verb;        /* of COMMAND_CLIENT, which takes any words */
};

extern const struct option config_options[];
extern const size_t config_option_count;
extern const struct command config_commands[];
extern const size_t config_command_count;

/* Whether the command accepts the option. */
bool command_takes(const struct command *command, const struct option *option);

/* Whether the option's value is the name of a file. */
bool option_takes_file(const struct option *option);

/* Prints the option as it is written: --port N, --quiet. */
void option_print_usage(FILE *to, const struct option *option);

/* Prints the default, without the <> that mark a description. */
void option_print_fallback(FILE *to, const struct option *option);

#endif
