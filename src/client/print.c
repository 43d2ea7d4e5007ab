/*
 * What of responses is printed.
 */
#include "base/json.h"
#include "base/terminal.h"
#include "client_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { INDENT = 2 };

static void print_compact(const cJSON *value)
{
    char *text = json_print(value);

    fputs(text, stdout);
    free(text);
}

/* Prints a name as a string of JSON. */
static void print_name(const char *name)
{
    cJSON *text AUTO(json_done) = cJSON_CreateString(name);

    print_compact(text);
}

/* The depth of JSON that was read is limited. */
static void print_indented(const cJSON *value, int depth)
{
    bool is_object = cJSON_IsObject(value);
    const cJSON *child;

    if (value->child == NULL) {
        print_compact(value);
        return;
    }
    putchar(is_object ? '{' : '[');
    cJSON_ArrayForEach(child, value) {
        printf("%s\n%*s", child == value->child ? "" : ",", INDENT * (depth + 1), "");
        if (is_object) {
            print_name(child->string);
            printf(": ");
        }
        print_indented(child, depth + 1);
    }
    printf("\n%*s%c", INDENT * depth, "", is_object ? '}' : ']');
}

const char *client_text(const struct client *client, const cJSON *object,
                        const char *name)
{
    return terminal_text(client->arena, json_string_or(object, name, ""));
}

double client_number(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);

    return number != NULL ? number->valuedouble : 0;
}

void client_print_json(const struct client *client, const cJSON *response)
{
    if (response == NULL)
        return;
    if (cJSON_IsRaw(response)) { /* text that is no JSON */
        fputs(response->valuestring, stdout);
        return;
    }
    if (client->settings->json)
        print_compact(response);
    else
        print_indented(response, 0);
    putchar('\n');
}
