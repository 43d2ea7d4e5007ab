#include "client/client.h"

#include "base/authority.h"
#include "base/terminal.h"
#include "client_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int client_fail(int status, const char *format, ...)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    va_list args;

    va_start(args, format);
    const char *text = arena_vprintf(arena, format, args);
    va_end(args);
    fflush(stdout);
    fprintf(stderr, "ivs-local: %s\n", terminal_text(arena, text));
    return status;
}

/* Whether the text can be part of a header: visible ASCII characters. */
static bool is_token(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

/* Checks what the requests are made of. */
static int check_settings(const struct client_settings *s)
{
    const char *const values[] = {s->account, s->region,        s->key_id,
                                  s->secret,  s->session_token, s->key_region};
    const char *const names[] = {"--account",         "--region",
                                 "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                 "AWS_SESSION_TOKEN", "the region"};
    const char *authority = s->url + strlen("http://");
    struct authority read;

    if (!authority_read(authority, &read) || authority[read.length] != '\0')
        return client_fail(CLIENT_USAGE,
                           "%s is not the URL of a server; see --host and "
                           "--port",
                           s->url);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        if (values[i] != NULL && !is_token(values[i]))
            return client_fail(CLIENT_USAGE,
                               "%s must consist of visible ASCII characters", names[i]);
    }
    return 0;
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

    int status = check_settings(settings);
    if (status != 0)
        return status;
    if (verb != CLIENT_env) {
        client.sender = http_sender_new();
        if (client.sender == NULL)
            return CLIENT_FAILED; /* the reason is logged */
    }
    status = verbs[verb](&client);
    http_sender_free(client.sender);
    return status;
}
