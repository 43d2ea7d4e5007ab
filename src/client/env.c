/*
 * env: the variables of AWS SDKs for this server.
 */
#include "client_internal.h"

#include <stdio.h>

/* Prints a value as a word of a shell. */
static void print_quoted(const char *value)
{
    putchar('\'');
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            printf("'\\'");
        putchar(*value);
        if (*value == '\'')
            putchar('\'');
    }
    putchar('\'');
}

static void print_variable(const char *name, const char *value)
{
    printf("export %s=", name);
    print_quoted(value);
    printf("\n");
}

const char *client_endpoint_variable(struct arena *arena, const char *service)
{
    char *name = arena_join(arena, "AWS_ENDPOINT_URL_", service, NULL);

    for (char *c = name; *c != '\0'; c++) {
        if (*c == '-')
            *c = '_';
        else if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c & ~0x20);
    }
    return name;
}

static const char *first_of(const char *first, const char *second, const char *last)
{
    if (first != NULL)
        return first;
    return second != NULL ? second : last;
}

int client_env(const struct client *client)
{
    const struct client_settings *s = client->settings;
    const char *region = first_of(s->region, s->key_region, "us-east-1");

    for (const struct service *const *at = s->services; *at != NULL; at++) {
        if ((*at)->emulated)
            print_variable(client_endpoint_variable(client->arena, (*at)->name), s->url);
    }
    print_variable("AWS_ACCESS_KEY_ID", first_of(s->account, s->key_id, "test"));
    print_variable("AWS_SECRET_ACCESS_KEY", first_of(s->secret, NULL, "test"));
    print_variable("AWS_REGION", region);
    print_variable("AWS_DEFAULT_REGION", region);
    return 0;
}
