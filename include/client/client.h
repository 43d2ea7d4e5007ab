/*
 * The program as its own client: the commands that call a running server.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"

enum { CLIENT_WORDS_MAX = 64 };

/* The commands, in the order of client/verbs.def. */
enum client_verb {
#define VERB(name, synopsis, help) CLIENT_##name,
#include "client/verbs.def"
#undef VERB
};

/* What to call, and as whom. Strings belong to the caller. */
struct client_settings {
    const struct service *const *services; /* whose operations can be called */
    const char *url;                       /* of the server, without a path */
    const char *account;       /* NULL: that of the key, or the server's default */
    const char *region;        /* NULL: that of the variables, or the server's default */
    const char *key_id;        /* of the AWS_ variables, like the next; NULL: none */
    const char *secret;        /* NULL: none */
    const char *session_token; /* NULL: none */
    const char *key_region;    /* NULL: none */
    bool json;                 /* print responses as JSON */
};

/* The variable that gives SDKs the endpoint of a service, such as AWS_ENDPOINT_URL_IVS,
 * in the arena. */
const char *client_endpoint_variable(struct arena *arena, const char *service) NODISCARD;

/* Runs a command with these words after it. Prints to standard output, and errors to
 * standard error. Returns the exit status: 0, 1 if it failed, 2 if the words are wrong.
 */
int client_run(const struct client_settings *settings, enum client_verb verb,
               const char *const *words, size_t count, struct arena *arena) NODISCARD;

#endif
