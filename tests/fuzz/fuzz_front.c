/*
 * The front end: requests as text, a line for method and target, lines of headers, an
 * empty line, the body. The HTTP library is left out: its calls are simulated here.
 */
#include "fuzz.h"

#include "app/front.h"
#include "app/origin.h"
#include "base/bug.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_HEADERS = 32, PORT = 4580, BODY_MAX_BYTES = 4096 };

/* Replaces a connection. */
struct headers {
    size_t count;
    struct http_header list[MAX_HEADERS + 1];
};

/* The linker replaces the functions that call the HTTP library by these; their names are
 * defined by the linker. NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
const struct http_header *__wrap_http_request_headers(const struct http_request *request);
const struct http_header *__wrap_http_request_headers(const struct http_request *request)
{
    const struct headers *headers = request->connection;

    return headers->list;
}

const char *__wrap_http_request_header(const struct http_request *request,
                                       const char *name);
const char *__wrap_http_request_header(const struct http_request *request,
                                       const char *name)
{
    const struct headers *headers = request->connection;

    for (size_t i = 0; i < headers->count; i++) {
        if (strcasecmp(headers->list[i].name, name) == 0)
            return headers->list[i].value;
    }
    return NULL;
}

/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

/* Removes a line from the front of the text. */
static char *take_line(char **text)
{
    char *line = *text;
    size_t length = strcspn(line, "\n");

    *text += length + (line[length] != '\0');
    line[length] = '\0';
    if (length > 0 && line[length - 1] == '\r')
        line[length - 1] = '\0';
    return line;
}

static void read_headers(char **text, struct headers *out)
{
    for (char *line = take_line(text); line[0] != '\0'; line = take_line(text)) {
        size_t name = strcspn(line, ":");
        if (out->count == MAX_HEADERS || line[name] == '\0')
            continue;
        char *value = line + name + 1;
        line[name] = '\0';
        out->list[out->count].name = line;
        out->list[out->count].value = value + strspn(value, " \t");
        out->count++;
    }
}

static const char *find(const struct http_response *response, const char *name)
{
    const char *found = NULL;

    for (size_t i = 0; i < response->header_count; i++) {
        if (strcasecmp(response->headers[i].name, name) != 0)
            continue;
        if (found != NULL)
            BUG("two headers %s", name);
        found = response->headers[i].value;
    }
    return found;
}

static void check_headers(const struct http_response *response)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (strpbrk(response->headers[i].value, "\r\n") != NULL)
            BUG("the header %s has two lines", response->headers[i].name);
    }
    if (find(response, "x-amzn-RequestId") == NULL)
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
    if (text == NULL || strcmp(find(response, "Content-Type"), "application/json") != 0)
        return; /* nothing, or metrics */
    cJSON *body AUTO(json_done) = json_read(text, response->body.memory.length, &why);
    if (!cJSON_IsObject(body))
        BUG("no object: %s", text);
    if ((find(response, "x-amzn-ErrorType") != NULL) != (response->status >= 400))
        BUG("status %d with a wrong x-amzn-ErrorType", response->status);
}

/* A page of another origin sees nothing. The target `origin` tests which pages those
 * are. */
static void check_origin(const struct front *front, const struct http_request *request,
                         const struct http_response *response)
{
    const char *origin = __wrap_http_request_header(request, "Origin");

    if (origin == NULL || origin_allowed(&front->allow_origins, origin))
        return;
    if (response->status != 403 || find(response, "Access-Control-Allow-Origin") != NULL)
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
    struct headers headers = {0};
    struct http_response response = {0};
    char *rest = text;
    char *method = take_line(&rest);
    char *space = strchr(method, ' ');

    if (space == NULL)
        return 0;
    *space = '\0';
    read_headers(&rest, &headers);
    const struct http_request request = {
        .arena = arena,
        .method = method,
        .target = space + 1,
        .body = rest,
        .body_length = size - (size_t)(rest - text),
        .body_too_large = size > BODY_MAX_BYTES,
        .port = PORT,
        .may_take_long = true,
        .connection = &headers,
    };
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
