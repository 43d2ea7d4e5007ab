#include "man_internal.h"

#include "api/service.h"
#include "app/options.h"
#include "base/version.h"
#include "control/documentation.h"
#include "control/service.h"
#include "shape_text_internal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Prints text with the special characters of troff escaped. */
static void print_text(const char *text)
{
    if (*text == '.' || *text == '\'')
        printf("\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            printf("\\e");
        else if (*text == '-')
            printf("\\-");
        else
            putchar(*text);
    }
}

/* Prints the title line and the NAME section. */
static void print_head(const char *section, const char *what)
{
    printf(".TH IVS\\-LOCAL %s \"\" \"ivs\\-local %s\" \"IVS Local\"\n"
           ".SH NAME\nivs\\-local \\- %s\n",
           section, ivs_local_version, what);
}

static void print_synopsis(void)
{
    const char *line_break = "";

    printf(".SH SYNOPSIS\n");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].synopsis == NULL)
            continue;
        printf("%s.B ivs\\-local\n", line_break);
        print_text(config_commands[i].synopsis);
        printf("\n");
        line_break = ".br\n";
    }
}

static void print_commands(void)
{
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].help == NULL)
            continue;
        printf(".TP\n.B ");
        print_text(config_commands[i].name);
        printf("\n");
        print_text(config_commands[i].help);
        printf("\n");
    }
}

static void print_options(void)
{
    printf(".SH OPTIONS\n"
           "The command line takes precedence over the environment.\n"
           "An empty variable counts as unset.\n");
    for (size_t i = 0; i < config_option_count; i++) {
        const struct option *option = &config_options[i];
        printf(".TP\n.BR \\-\\-");
        print_text(option->name);
        printf(" \" ");
        if (option->argument[0] != '\0') {
            printf("\\fI");
            print_text(option->argument);
            printf("\\fR ");
        }
        printf("(\" %s )\n", option->environment);
        print_text(option->help);
        printf("\n[");
        option_print_fallback(stdout, option);
        printf("]\n");
    }
}

void man_print_program(void)
{
    print_head("1", "Amazon Interactive Video Service on your own machine");
    print_synopsis();
    printf(
        ".SH DESCRIPTION\n"
        "Serves the API of Amazon IVS on a port of this machine and stores all "
        "resources in one\nSQLite file.\n"
        "To use it, set its URL as the endpoint URL of an AWS SDK, the AWS CLI or "
        "Terraform; any\ncredentials are accepted by default.\n"
        "An access key of 12 digits selects the account. Accounts and regions are "
        "isolated from\neach other.\n"
        ".PP\n"
        "When the server is ready it prints one line to standard output that begins "
        "with\n.B ivs\\-local ready on\nand its URL.\n"
        "On a terminal, lines about its use follow, unless\n.B \\-\\-quiet\nis given.\n"
        "The log goes to standard error: a line for each call, for streams, faults, "
        "moved clocks and\ndeliveries of events, and for every warning and error.\n"
        "On a terminal it has colors, unless\n.B NO_COLOR\nis set.\n"
        "On SIGTERM, SIGINT or SIGHUP it completes the requests in flight, closes the "
        "database and exits.\n");
    print_commands();
    print_options();
    printf(
        ".SH EXIT STATUS\n"
        ".TP\n.B 0\nTerminated by a signal; healthy; or the call succeeded.\n"
        ".TP\n.B 1\nThe server cannot start or run; is not healthy; or a call failed.\n"
        ".TP\n.B 2\nAn option or a command is unknown, or a value is invalid.\n"
        ".SH EXAMPLES\n"
        ".EX\n"
        "ivs\\-local \\-\\-db :memory: \\-\\-port 4580 &\n"
        "aws \\-\\-endpoint\\-url http://127.0.0.1:4580 ivs create\\-channel \\-\\-name "
        "lobby\n"
        ".EE\n"
        ".PP\n"
        "As a user service, with variables from\n"
        ".IR ~/.config/ivs\\-local/environment :\n"
        ".PP\n.EX\nsystemctl \\-\\-user enable \\-\\-now ivs\\-local\n.EE\n"
        ".SH SEE ALSO\n.BR ivs\\-local (7)\n");
}

/* Prints sentences of the documentation: what is between ` is bold. */
static void print_sentences(struct arena *arena, const char *text)
{
    bool is_bold = false;

    for (size_t length; *text != '\0'; text += length) {
        if (*text == '`') {
            is_bold = !is_bold;
            printf(is_bold ? "\\fB" : "\\fR");
            length = 1;
            continue;
        }
        length = strcspn(text, "`");
        print_text(arena_strndup(arena, text, length));
    }
}

/* `mark` is the suffix of required members, and `name` the structure's name. */
static void print_members(struct arena *arena, const struct shape *structure,
                          const char *name, const char *mark)
{
    for (const struct member *m = structure->members; m->name != NULL; m++) {
        struct member_documentation documented = documentation_of_member(name, m->name);
        const struct shape *below = shape_structure(m->shape);
        printf(".TP\n.B %s\n", m->name);
        print_sentences(arena, shape_text(arena, m->shape));
        printf("%s\n.br\n", m->flags & REQUIRED ? mark : "");
        print_sentences(arena, documented.text);
        if (documented.fallback != NULL) {
            printf(" Default: ");
            print_text(documented.fallback);
            printf(".");
        }
        printf("\n");
        if (below != NULL) {
            printf(".RS\n");
            print_members(arena, below, documentation_structure(arena, name, m->name),
                          mark);
            printf(".RE\n");
        }
    }
}

static void print_operation(struct arena *arena, const struct operation *op)
{
    struct operation_documentation documented = documentation_of_operation(op->name);

    printf(".SS %s\n.B %s ", op->name, op->method);
    print_text(op->uri);
    printf("\n.PP\n");
    print_sentences(arena, documented.text);
    printf("\n");
    if (op->in->members->name != NULL) {
        printf(".PP\n%s:\n",
               (op->in->members->flags & IN_QUERY) != 0 ? "Query" : "Input");
        print_members(arena, op->in, documentation_request(arena, op), " (required)");
    }
    if (documented.example[0] != '\0') {
        printf(".PP\nExample of an input:\n.PP\n.EX\n");
        print_text(documented.example);
        printf("\n.EE\n");
    }
    printf(".PP\nSuccess: %d", op->status);
    if (documented.plain != NULL) {
        printf(", with %s.\n", documented.streams ? "server-sent events" : "plain text");
    } else if (op->out->members->name == NULL) {
        printf(op->status == 204 ? ", without a body.\n" : ".\n");
    } else {
        printf(op->status == 204 ? " without a body, or 200 with:\n" : ", with:\n");
        print_members(arena, op->out, documentation_response(arena, op),
                      " (always present)");
    }
    if (documented.errors[0] == NULL)
        return;
    printf(".PP\nErrors:");
    for (int i = 0; documented.errors[i] != NULL; i++)
        printf("%s %d %s", i > 0 ? "," : "", documented.errors[i]->status,
               documented.errors[i]->name);
    printf(".\n");
}

void man_print_control(void)
{
    struct arena *arena = arena_new();

    print_head("7", "the control API of IVS Local");
    printf(".SH DESCRIPTION\n"
           "The control API of a running\n.BR ivs\\-local (1)\n"
           "is JSON over HTTP on the port of the server, below\n"
           ".IR /_ivs\\-local/ ,\n"
           "with the same validation and errors as the operations of IVS.\n"
           ".PP\n");
    print_sentences(arena, documentation_of_service);
    printf("\n.SH OPERATIONS\n");
    for (size_t i = 0; i < control_service.count; i++)
        print_operation(arena, &control_service.operations[i]);
    printf(
        ".SH EXAMPLES\n"
        ".EX\n"
        "curl http://127.0.0.1:4580/_ivs\\-local/health\n"
        "curl \\-X POST http://127.0.0.1:4580/_ivs\\-local/ListEvents \\-d \\(aq{}\\(aq\n"
        ".EE\n"
        ".SH SEE ALSO\n.BR ivs\\-local (1)\n");
    arena_free(arena);
}
