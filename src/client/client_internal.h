/*
 * Shared by the files of this module: one run of a command.
 */
#ifndef CLIENT_CLIENT_INTERNAL_H
#define CLIENT_CLIENT_INTERNAL_H

#include <cjson/cJSON.h>

#include "client/client.h"
#include "http/client.h"

enum { CLIENT_FAILED = 1, CLIENT_USAGE = 2 };

struct client {
    const struct client_settings *settings;
    struct arena *arena;
    struct http_sender *sender;
    const char *const *words; /* after the command */
    size_t count;
};

/* Prints a line to standard error, with control characters escaped, and returns the
 * status. */
int client_fail(int status, const char *format, ...) PRINTF(2, 3);

/* Sets the member of an input that a word such as name=lobby or a.b=1 names. A value is
 * text where the operation's input has a string, else JSON if it is valid JSON. Returns
 * 0, or CLIENT_USAGE with an error printed. */
int client_set_member(const struct client *client, const struct operation *op,
                      cJSON *input, const char *word) NODISCARD;

/* The same for all words from the index `first`. */
int client_set_members(const struct client *client, const struct operation *op,
                       cJSON *input, size_t first) NODISCARD;

/*
 * Sends a request with the signature and the headers of the settings. `receive` is that
 * of struct http_client_request. Returns 0 if the response is a success, else
 * CLIENT_FAILED with an error printed.
 */
int client_send(const struct client *client, struct http_client_request *request,
                struct http_result *out) NODISCARD;

/* Calls an operation of that name. *out is the response, NULL without a body. 0, or an
 * exit status with an error printed. */
int client_invoke(const struct client *client, const char *operation, cJSON *input,
                  cJSON **out) NODISCARD;

/* Finds an operation, or prints an error. */
const struct operation *client_operation(const struct client *client, const char *name,
                                         const struct service **service) NODISCARD;

/* The text of a member, "" if there is none, as it can be printed to a terminal. */
const char *client_text(const struct client *client, const cJSON *object,
                        const char *name) NODISCARD;

/* The number of a member, 0 if there is none. */
double client_number(const cJSON *object, const char *name);

/* Prints a response: as one line with --json, else indented. */
void client_print_json(const struct client *client, const cJSON *response);

/* Each runs a command. */
#define VERB(name, synopsis, help)                                                       \
    int client_##name(const struct client *client) NODISCARD;
#include "client/verbs.def"
#undef VERB

#endif
