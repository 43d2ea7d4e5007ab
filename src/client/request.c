/*
 * Requests to the server.
 */
#include "base/json.h"
#include "base/monotonic.h"
#include "base/sigv4.h"
#include "client_internal.h"
#include "http/signed_request.h"

#include <stdio.h>
#include <string.h>

enum {
    TIMEOUT_MS = 600000, /* WaitForEvents and AdvanceClock may take minutes */
    RESPONSE_MAX_BYTES = 64 * 1024 * 1024,
};

static const char *value_or(const char *value, const char *absent)
{
    return value != NULL ? value : absent;
}

/* Signs the request, so that it has the account and region of the settings. Without any,
 * it is not signed, and the server has defaults. */
static void sign_request(const struct client *client, struct http_client_request *request)
{
    const struct client_settings *s = client->settings;
    bool own_key = s->key_id != NULL && s->account == NULL;
    const struct request_signer signer = {
        .key_id = own_key ? s->key_id : value_or(s->account, "test"),
        .secret = value_or(s->secret, "test"),
        .session_token = own_key ? s->session_token : NULL,
        .region = value_or(s->region, value_or(s->key_region, "us-east-1")),
        .service = "ivs",
        .time_ms = machine_now_ms(),
    };

    if (s->key_id == NULL && s->account == NULL && s->region == NULL)
        return;
    const char *hash = sigv4_payload_hash(client->arena, value_or(request->body, ""),
                                          request->body_length);
    request->headers = signed_request_headers(client->arena, request, hash, &signer);
}

static int report_error(const struct http_result *result)
{
    const char *why;
    cJSON *body AUTO(json_done) = json_read(result->body, result->body_length, &why);
    const char *message = json_string_or(body, "message", NULL);

    if (message == NULL)
        return client_fail(CLIENT_FAILED, "the server responded with status %d",
                           result->status);
    return client_fail(CLIENT_FAILED, "%s: %s", json_string_or(body, "__type", "error"),
                       message);
}

int client_send(const struct client *client, struct http_client_request *request,
                struct http_result *out)
{
    sign_request(client, request);
    http_sender_send(client->sender, request, client->arena, out);
    if (out->status == 0)
        return client_fail(CLIENT_FAILED, "no response from %s: %s",
                           client->settings->url, out->failure);
    if (out->status < 200 || out->status > 299)
        return report_error(out);
    return 0;
}

const struct operation *client_operation(const struct client *client, const char *name,
                                         const struct service **service)
{
    const char *why = "";
    const struct operation *op =
        operation_find(client->settings->services, name, client->arena, service, &why);

    if (op == NULL) {
        (void)client_fail(CLIENT_USAGE, "%s", why);
        return NULL;
    }
    if (strchr(op->uri, '{') == NULL)
        return op;
    (void)client_fail(CLIENT_USAGE, "%s has a member in its path; use the AWS CLI", name);
    return NULL;
}

/* Names the account and region of the settings in the input, for the operations that take
 * them: with the keys of another account the signature does not. */
static void name_scope(const struct client *client, const struct operation *op,
                       cJSON *input)
{
    const char *const members[] = {"account", "region"};
    const char *const values[] = {client->settings->account, client->settings->region};

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        if (values[i] != NULL && !json_has(input, members[i]) &&
            !json_has(input, "allAccounts") && shape_member(op->in, members[i]) != NULL)
            cJSON_AddStringToObject(input, members[i], values[i]);
    }
}

int client_invoke(const struct client *client, const char *operation, cJSON *input,
                  cJSON **out)
{
    static const struct http_header headers[] = {
        {"Content-Type", "application/json"},
        {NULL,           NULL              }
    };
    const struct service *service;
    const struct operation *op = client_operation(client, operation, &service);
    struct http_result result;
    const char *why;

    *out = NULL;
    if (op == NULL)
        return CLIENT_USAGE;
    if (!service->emulated && strcmp(op->method, "GET") != 0)
        name_scope(client, op, input);
    bool has_body = strcmp(op->method, "GET") != 0;
    if (!has_body && input->child != NULL)
        return client_fail(CLIENT_USAGE, "%s has no input", op->name);
    if (strcmp(op->name, "Watch") == 0)
        return client_fail(CLIENT_USAGE, "Watch does not end; use ivs-local tail");
    const char *body = has_body ? json_text(client->arena, input) : NULL;
    struct http_client_request request = {
        .method = op->method,
        .url = arena_join(client->arena, client->settings->url, op->uri, NULL),
        .headers = headers,
        .body = body,
        .body_length = has_body ? strlen(body) : 0,
        .total_timeout_ms = TIMEOUT_MS,
        .result_max_bytes = RESPONSE_MAX_BYTES,
    };
    int status = client_send(client, &request, &result);
    if (status != 0 || result.body_length == 0)
        return status;
    *out = json_read(result.body, result.body_length, &why);
    if (*out == NULL) /* such as metrics */
        *out = cJSON_CreateRaw(result.body);
    const char *warning = json_string_or(*out, "warning", NULL);
    if (warning != NULL)
        (void)client_fail(0, "warning: %s", warning);
    return 0;
}
