#include "man_internal.h"

#include "api/service.h"
#include "app/options.h"
#include "base/version.h"
#include "control/service.h"

#include <inttypes.h>
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
        printf(" \" \\fI");
        print_text(option->argument);
        printf("\\fR (\" %s )\n", option->environment);
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
    printf(".SH DESCRIPTION\n"
           "Serves the API of Amazon IVS on a port of this machine and stores all "
           "resources in one\nSQLite file.\n"
           "To use it, set its URL as the endpoint URL of an AWS SDK, the AWS CLI or "
           "Terraform; any\ncredentials are accepted by default.\n"
           "An access key of 12 digits selects the account. Accounts and regions are "
           "isolated from\neach other.\n"
           ".PP\n"
           "When the server is ready it prints one line to standard output that begins "
           "with\n.B ivs\\-local ready on\nand its URL.\n"
           "The log goes to standard error.\n"
           "On SIGTERM, SIGINT or SIGHUP it completes the requests in flight, closes the "
           "database and exits.\n");
    print_commands();
    print_options();
    printf(
        ".SH EXIT STATUS\n"
        ".TP\n.B 0\nTerminated by a signal; or healthy.\n"
        ".TP\n.B 1\nThe server cannot start or run; or not healthy.\n"
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

static void print_bounds(const struct shape *shape, const char *of)
{
    if (shape->min > 0 && shape->max > 0)
        printf(", %" PRId64 " to %" PRId64 " %s", shape->min, shape->max, of);
    else if (shape->min > 0)
        printf(", at least %" PRId64 " %s", shape->min, of);
    else if (shape->max > 0)
        printf(", at most %" PRId64 " %s", shape->max, of);
}

static void print_string(const struct shape *shape)
{
    if (shape->values == NULL) {
        printf("string");
        print_bounds(shape, "characters");
        return;
    }
    for (const char *const *value = shape->values; *value != NULL; value++) {
        printf("%s", value == shape->values ? "" : value[1] != NULL ? ", " : " or ");
        print_text(*value);
    }
}

static void print_number(const char *kind, const struct shape *shape)
{
    printf("%s", kind);
    if (shape->min != INT64_MIN || shape->max != INT64_MAX)
        printf(", %" PRId64 " to %" PRId64, shape->min, shape->max);
}

/* Prints the description of a value of the shape, within a line. */
static void print_shape(const struct shape *shape)
{
    switch (shape->type) {
    case SHAPE_STRING:
        print_string(shape);
        break;
    case SHAPE_BOOLEAN:
        printf("boolean");
        break;
    case SHAPE_INTEGER:
        print_number("integer", shape);
        break;
    case SHAPE_NUMBER:
        print_number("number", shape);
        break;
    case SHAPE_TIMESTAMP:
        printf("timestamp");
        break;
    case SHAPE_LIST:
        printf("list");
        print_bounds(shape, "elements");
        printf("; each: ");
        print_shape(shape->item);
        break;
    case SHAPE_MAP:
        printf("map");
        print_bounds(shape, "entries");
        printf("; each value: ");
        print_shape(shape->item);
        break;
    case SHAPE_STRUCTURE:
        printf("structure");
        break;
    case SHAPE_DOCUMENT:
        printf("any JSON object");
        break;
    }
}

/* Returns the structure whose members are listed below a member of that shape, or
 * NULL. */
static const struct shape *structure_in(const struct shape *shape)
{
    while (shape->item != NULL)
        shape = shape->item;
    return shape->members != NULL && shape->members->name != NULL ? shape : NULL;
}

/* `mark` is the suffix of required members. */
static void print_members(const struct shape *structure, const char *mark)
{
    for (const struct member *m = structure->members; m->name != NULL; m++) {
        const struct shape *below = structure_in(m->shape);
        printf(".TP\n.B %s\n", m->name);
        print_shape(m->shape);
        printf("%s\n", m->flags & REQUIRED ? mark : "");
        if (below != NULL) {
            printf(".RS\n");
            print_members(below, mark);
            printf(".RE\n");
        }
    }
}

static void print_operation(const struct operation *op)
{
    printf(".SS %s\n.B %s ", op->name, op->method);
    print_text(op->uri);
    printf("\n");
    if (op->in->members->name != NULL) {
        printf(".PP\nInput:\n");
        print_members(op->in, " (required)");
    }
    printf(".PP\nSuccess: %d", op->status);
    if (op->out->members->name == NULL) {
        printf(op->status == 204 ? ", without a body.\n" : ".\n");
        return;
    }
    printf(", with:\n");
    print_members(op->out, " (always present)");
}

void man_print_control(void)
{
    print_head("7", "the control API of IVS Local");
    printf(".SH DESCRIPTION\n"
           "Operations for tests and people that the real service does not have, on a "
           "running\n.BR ivs\\-local (1).\n"
           "The control API is JSON over HTTP on the port of the server, below\n"
           ".IR /_ivs\\-local/ ,\n"
           "with the same validation and errors as the operations of IVS.\n"
           "An operation that names no resource applies to the account and the region of "
           "the call's\nsignature, or to those of the options.\n"
           "An empty body counts as an empty object.\n"
           ".SH OPERATIONS\n");
    for (size_t i = 0; i < control_service.count; i++)
        print_operation(&control_service.operations[i]);
    printf(
        ".SH EXAMPLES\n"
        ".EX\n"
        "curl http://127.0.0.1:4580/_ivs\\-local/health\n"
        "curl \\-X POST http://127.0.0.1:4580/_ivs\\-local/ListEvents \\-d \\(aq{}\\(aq\n"
        ".EE\n"
        ".SH SEE ALSO\n.BR ivs\\-local (1)\n");
}
