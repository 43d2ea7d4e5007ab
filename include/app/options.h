/*
 * The options and commands of the program as data, for what describes them: --help, the
 * completion of shells, the documents and the manual page.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/config.h"

enum option_type { OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_LIST };

/* A row of options.def. */
struct option {
    const char *name; /* without the dashes */
    const char *environment;
    const char *argument; /* as --help shows it */
    const char *fallback; /* as it could be given; in <> text for people */
    const char *help;
    enum option_type type;
    size_t offset;                     /* of its value in struct config */
    int64_t min, max;                  /* of a number */
    const char *const *choices;        /* of a choice: its values, in the enum's order */
    bool (*accepts)(const char *text); /* of a text or list; NULL: all but "" */
    const char *accepts_text;          /* what it must be */
    bool secret;                       /* its values are never shown */
};

struct command {
    const char *name;
    enum config_command command;
    const char *synopsis; /* behind the program's name; NULL: another row has it */
    const char *help;
    const struct option *operand; /* the choice that must follow, or NULL */
    const char *const *options;   /* the names of those it takes; NULL: of all */
};

extern const struct option config_options[];
extern const size_t config_option_count;
extern const struct command config_commands[];
extern const size_t config_command_count;

/* Whether the option has an effect on that command. */
bool command_takes(const struct command *command, const struct option *option);

/* Whether the option's value is the name of a file. */
bool option_takes_file(const struct option *option);

/* The default, without the <> that mark it as text. */
void option_print_fallback(FILE *to, const struct option *option);

#endif
