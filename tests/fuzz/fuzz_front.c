/*
 * The front end: requests as text (request_text.h). The target `chat_session` tests what
 * becomes of requests for a chat connection.
 */
#include "fuzz.h"
#include "request_text.h"

#include "app/front.h"
#include "app/origin.h"
#include "base/bug.h"
#include "base/json.h"
#include "chat/chat.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_MAX_BYTES = 4096 };

static void check_headers(const struct http_response *response)
{
    response_check_lines(response);
    if (response_header(response, "x-amzn-RequestId") == NULL)
        BUG("an answer without an id");
}

/* The text of a response, or NULL. There are no faults, so its body is in memory or
 * absent. */
static const char *text_of(const struct http_response *response)
{
    return response->body.kind == HTTP_BODY_MEMORY ? response->body.memory.bytes : NULL;
}

static void check_answer(const struct http_response *response)
{
    const char *text = text_of(response);
    const char *why = NULL;

    if (response->status < 200 || response->status == 500 || response->status > 599)
        BUG("status %d", response->status);
    check_headers(response);
    if ((text == NULL) != (response->status == 204))
        BUG("status %d with %s", response->status, text != NULL ? text : "no body");
    if (text == NULL ||
        strcmp(response_header(response, "Content-Type"), "application/json") != 0)
        return; /* nothing, or metrics */
    cJSON *body AUTO(json_done) = json_read(text, response->body.memory.length, &why);
    if (!cJSON_IsObject(body))
        BUG("no object: %s", text);
    if ((response_header(response, "x-amzn-ErrorType") != NULL) !=
        (response->status >= 400))
        BUG("status %d with a wrong x-amzn-ErrorType", response->status);
}

/* A page of another origin sees nothing. The target `origin` tests which pages those
 * are. */
static void check_origin(const struct front *front, const struct http_request *request,
                         const struct http_response *response)
{
    const char *origin = http_request_header(request, "Origin");

    if (origin == NULL || origin_allowed(&front->allow_origins, origin))
        return;
    if (response->status != 403 ||
        response_header(response, "Access-Control-Allow-Origin") != NULL)
        BUG("a page of %s gets an answer", origin);
}

/* If signatures are verified, a caller without the key sees only preflights and what is
 * open to everyone. */
static void check_signed(struct front front, const struct http_request *request)
{
    static const struct access_key key = {"AKIDEXAMPLE",
                                          "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
    static const struct access_keys keys = {&key, 1};
    struct http_response response = {0};

    front.access_keys = &keys;
    front_handle(&front, request, &response);
    check_answer(&response);
    check_origin(&front, request, &response);
    if (response.status < 400 && strcmp(request->method, "GET") != 0 &&
        strcmp(request->method, "HEAD") != 0 && strcmp(request->method, "OPTIONS") != 0)
        BUG("%s %s is served unsigned", request->method, request->target);
    if (response.body.kind == HTTP_BODY_MEMORY)
        free(response.body.memory.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct front front = {.emu = fuzz_emulator(), .default_host = "127.0.0.1"};
    struct request_headers headers;
    struct http_response response = {0};
    struct http_request request;

    if (!request_from_text(arena, text, size, &headers, &request) ||
        chat_is_asked_for(&request))
        return 0;
    request.body_too_large = size > BODY_MAX_BYTES;
    check_signed(front, &request);
    front_handle(&front, &request, &response);
    check_answer(&response);
    check_origin(&front, &request, &response);
    if (response.body.kind == HTTP_BODY_MEMORY)
        free(response.body.memory.bytes);
    if (response.status < 300 || response.status == 402)
        fuzz_emulator_written();
    fuzz_emulator_rest();
    return 0;
}
