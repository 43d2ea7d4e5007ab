#include "client/client.h"

#include "client_internal.h"

#include <stdarg.h>
#include <stdio.h>

int client_fail(int status, const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fprintf(stderr, "ivs-local: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    return status;
}

static int (*const verbs[])(const struct client *client) = {
#define VERB(name, synopsis, help) client_##name,
#include "client/verbs.def"
#undef VERB
};

int client_run(const struct client_settings *settings, enum client_verb verb,
               const char *const *words, size_t count, struct arena *arena)
{
    struct client client = {
        .settings = settings, .arena = arena, .words = words, .count = count};

    if (verb != CLIENT_env) {
        client.sender = http_sender_new();
        if (client.sender == NULL)
            return CLIENT_FAILED; /* the reason is logged */
    }
    int status = verbs[verb](&client);
    http_sender_free(client.sender);
    return status;
}
