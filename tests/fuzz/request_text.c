#include "request_text.h"

#include "base/bug.h"

#include <string.h>
#include <strings.h>

/* The linker replaces the functions that call the HTTP library by these; their names are
 * defined by the linker. NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
const struct http_header *__wrap_http_request_headers(const struct http_request *request);
const struct http_header *__wrap_http_request_headers(const struct http_request *request)
{
    const struct request_headers *headers = request->connection;

    return headers->list;
}

const char *__wrap_http_request_header(const struct http_request *request,
                                       const char *name);
const char *__wrap_http_request_header(const struct http_request *request,
                                       const char *name)
{
    const struct request_headers *headers = request->connection;

    for (size_t i = 0; i < headers->count; i++) {
        if (strcasecmp(headers->list[i].name, name) == 0)
            return headers->list[i].value;
    }
    return NULL;
}

const char *__wrap_http_request_address(const struct http_request *request);
const char *__wrap_http_request_address(const struct http_request *request)
{
    (void)request;
    return "127.0.0.1";
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

static void read_headers(char **text, struct request_headers *out)
{
    for (char *line = take_line(text); line[0] != '\0'; line = take_line(text)) {
        size_t name = strcspn(line, ":");
        if (out->count == REQUEST_MAX_HEADERS || line[name] == '\0')
            continue;
        char *value = line + name + 1;
        line[name] = '\0';
        out->list[out->count].name = line;
        out->list[out->count].value = value + strspn(value, " \t");
        out->count++;
    }
}

bool request_from_text(struct arena *arena, char *text, size_t length,
                       struct request_headers *headers, struct http_request *out)
{
    char *rest = text;
    char *method = take_line(&rest);
    char *space = strchr(method, ' ');

    if (space == NULL)
        return false;
    *space = '\0';
    *headers = (struct request_headers){0};
    read_headers(&rest, headers);
    *out = (struct http_request){
        .arena = arena,
        .method = method,
        .target = space + 1,
        .body = rest,
        .body_length = length - (size_t)(rest - text),
        .port = REQUEST_PORT,
        .may_upgrade = true,
        .may_take_long = true,
        .connection = headers,
    };
    return true;
}

const char *response_header(const struct http_response *response, const char *name)
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

void response_check_lines(const struct http_response *response)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (strpbrk(response->headers[i].value, "\r\n") != NULL)
            BUG("the header %s has two lines", response->headers[i].name);
    }
}
