/*
 * Prints what the program's tables say: the documents and manual pages that come from
 * them, and the shapes as JSON for the comparison with the published service models.
 */
#include "api/shape.h"
#include "app/app.h"
#include "app/options.h"
#include "base/json.h"
#include "man_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t implemented(const struct service *service)
{
    size_t count = 0;

    for (size_t i = 0; i < service->count; i++)
        count += service->operations[i].handle != NULL;
    return count;
}

static void print_members(const struct shape *shape)
{
    const char *separator = "";

    for (const struct member *m = shape->members; m->name != NULL; m++) {
        printf("%s%s`%s`%s", separator, m->flags & REQUIRED ? "**" : "", m->name,
               m->flags & REQUIRED ? "**" : "");
        separator = ", ";
    }
}

static void print_service(const struct service *service)
{
    printf("\n## %s\n\n", service->title);
    printf("`%s`: %zu of %zu operations.\n\n", service->name, implemented(service),
           service->count);
    printf("| operation | request | success | input |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < service->count; i++) {
        const struct operation *op = &service->operations[i];
        printf("| %s | `%s %s` | ", op->name, op->method, op->uri);
        if (op->handle == NULL) {
            printf("not implemented | |\n");
            continue;
        }
        printf("%d | ", op->status);
        print_members(op->in);
        printf(" |\n");
    }
}

static void print_operations(void)
{
    printf(
        "# Operations\n\n"
        "Printed by the program from its tables. Required members are bold; a `{label}` "
        "is filled from\nthe path. An operation that is not implemented answers 501 "
        "`NotImplementedException`.\n");
    for (const struct service *const *s = app_services; *s != NULL; s++)
        print_service(*s);
}

/* A cell of a table: the bar that separates alternatives must not end it. */
static void print_cell(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            putchar('\\');
        putchar(*text);
    }
}

static void print_commands(void)
{
    printf("| command | meaning |\n| --- | --- |\n");
    for (size_t i = 0; i < config_command_count; i++) {
        if (config_commands[i].help == NULL)
            continue;
        printf("| `ivs-local ");
        print_cell(config_commands[i].synopsis);
        printf("` | %s |\n", config_commands[i].help);
    }
}

static void print_options(void)
{
    printf("\n| option | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < config_option_count; i++) {
        const struct option *option = &config_options[i];
        printf("| `--%s ", option->name);
        print_cell(option->argument);
        printf("` | `%s` | `", option->environment);
        option_print_fallback(stdout, option);
        printf("` | %s |\n", option->help);
    }
}

static void print_configuration(void)
{
    printf("# Configuration\n\n"
           "Printed by the program from its tables of commands and options. The command "
           "line "
           "wins over\nthe environment. An unknown option, one that the command does not "
           "take, or a value out of\nbounds stops the start with one line that names it, "
           "and exit status 2.\n\n");
    print_commands();
    print_options();
}

static cJSON *shape_json(const struct shape *shape);

static cJSON *members_json(const struct shape *shape)
{
    cJSON *members = cJSON_CreateArray();

    for (const struct member *m = shape->members; m->name != NULL; m++) {
        cJSON *member = cJSON_CreateObject();
        cJSON_AddItemToArray(members, member);
        cJSON_AddStringToObject(member, "name", m->name);
        cJSON_AddBoolToObject(member, "required", (m->flags & REQUIRED) != 0);
        if (m->flags & IN_PATH)
            cJSON_AddStringToObject(member, "location", "uri");
        if (m->flags & IN_QUERY)
            cJSON_AddStringToObject(member, "location", "querystring");
        cJSON_AddItemToObject(member, "shape", shape_json(m->shape));
    }
    return members;
}

static cJSON *shape_json(const struct shape *shape)
{
    static const char *const type_names[] = {
        [SHAPE_STRING] = "string",
        [SHAPE_BOOLEAN] = "boolean",
        [SHAPE_INTEGER] = "integer",
        [SHAPE_NUMBER] = "number",
        [SHAPE_TIMESTAMP] = "timestamp",
        [SHAPE_LIST] = "list",
        [SHAPE_MAP] = "map",
        [SHAPE_STRUCTURE] = "structure",
        [SHAPE_DOCUMENT] = "document",
    };
    cJSON *json = cJSON_CreateObject();
    char number[32];

    cJSON_AddStringToObject(json, "type", type_names[shape->type]);
    /* As text: a 64-bit bound does not fit a JSON number of this library. */
    snprintf(number, sizeof(number), "%" PRId64, shape->min);
    cJSON_AddRawToObject(json, "min", number);
    snprintf(number, sizeof(number), "%" PRId64, shape->max);
    cJSON_AddRawToObject(json, "max", number);
    cJSON_AddBoolToObject(json, "orEmpty", shape->or_empty);
    cJSON_AddBoolToObject(json, "secret", shape->secret);
    if (shape->pattern != NULL)
        cJSON_AddStringToObject(json, "pattern", shape->pattern->text);
    if (shape->values != NULL) {
        cJSON *values = cJSON_AddArrayToObject(json, "enum");
        for (const char *const *v = shape->values; *v != NULL; v++)
            cJSON_AddItemToArray(values, cJSON_CreateString(*v));
    }
    if (shape->key != NULL)
        cJSON_AddItemToObject(json, "key", shape_json(shape->key));
    if (shape->item != NULL)
        cJSON_AddItemToObject(json, "item", shape_json(shape->item));
    if (shape->members != NULL)
        cJSON_AddItemToObject(json, "members", members_json(shape));
    return json;
}

static void print_model(void)
{
    cJSON *model = cJSON_CreateObject();

    for (const struct service *const *s = app_services; *s != NULL; s++) {
        cJSON *operations = cJSON_AddObjectToObject(model, (*s)->name);
        for (size_t i = 0; i < (*s)->count; i++) {
            const struct operation *op = &(*s)->operations[i];
            cJSON *json = cJSON_AddObjectToObject(operations, op->name);
            cJSON_AddStringToObject(json, "method", op->method);
            cJSON_AddStringToObject(json, "uri", op->uri);
            cJSON_AddNumberToObject(json, "status", op->status);
            cJSON_AddBoolToObject(json, "implemented", op->handle != NULL);
            cJSON_AddItemToObject(json, "in", shape_json(op->in));
            cJSON_AddItemToObject(json, "out", shape_json(op->out));
        }
    }
    char *text = cJSON_Print(model);
    puts(text);
    cJSON_free(text);
    cJSON_Delete(model);
}

static const struct {
    const char *name;
    void (*print)(void);
} outputs[] = {
    {"operations",    print_operations   },
    {"configuration", print_configuration},
    {"model",         print_model        },
    {"man1",          man_print_program  },
    {"man7",          man_print_control  },
};

int main(int argc, char **argv)
{
    json_init();
    for (size_t i = 0; argc == 2 && i < COUNT_OF(outputs); i++) {
        if (strcmp(outputs[i].name, argv[1]) == 0) {
            outputs[i].print();
            return EXIT_SUCCESS;
        }
    }
    fprintf(stderr, "usage: tables operations | configuration | model | man1 | man7\n");
    return EXIT_FAILURE;
}
