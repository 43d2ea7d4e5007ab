/*
 * Signed requests as text: a line for the target, lines of headers, an empty line, the
 * body. They are POSTs at the time and with the key of AWS's published examples.
 */
#include "fuzz.h"

#include "api/signature.h"
#include "base/bug.h"
#include "base/sigv4.h"
#include "base/utf8.h"

#include <string.h>

enum { MAX_HEADERS = 64 };

#define NOW_MS INT64_C(1440938160000)

/* Removes a line from the front of the text. */
static char *take_line(char **text)
{
    char *line = *text;
    size_t length = strcspn(line, "\n");

    *text += length + (line[length] != '\0');
    line[length] = '\0';
    return line;
}

static void read_headers(char **text, struct http_header headers[MAX_HEADERS + 1])
{
    size_t count = 0;

    for (char *line = take_line(text); line[0] != '\0'; line = take_line(text)) {
        size_t name = strcspn(line, ":");
        if (count == MAX_HEADERS || line[name] == '\0')
            continue;
        line[name] = '\0';
        headers[count++] = (struct http_header){line, line + name + 1};
    }
}

/* The query of a target as it is sent. */
static const char *query_of(struct arena *arena, const char *target)
{
    const char *query = target + strcspn(target, "?#");

    return *query == '?' ? arena_strndup(arena, query + 1, strcspn(query + 1, "#")) : "";
}

/* A canonical text does not change, and has the expected meaning. */
static void check_forms(struct arena *arena, const char *target,
                        const struct http_header *headers)
{
    size_t path_length = strcspn(target, "?#");
    const char *path = sigv4_path(arena, arena_strndup(arena, target, path_length));
    const char *query = sigv4_query(arena, query_of(arena, target));

    if (path[0] != '/' || strstr(path, "//") != NULL || strstr(path, "/./") != NULL ||
        strstr(path, "/../") != NULL)
        BUG("the path %s", path);
    if (strcmp(sigv4_query(arena, query), query) != 0)
        BUG("the query %s", query);
    for (const struct http_header *h = headers; h->name != NULL; h++) {
        const char *value = sigv4_value(arena, h->value);
        if (strcmp(sigv4_value(arena, value), value) != 0 || strstr(value, "  ") != NULL)
            BUG("the value %s", value);
    }
}

static int verify(struct arena *arena, struct signed_request *request, const char *body)
{
    static const struct access_key key = {"AKIDEXAMPLE",
                                          "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
    static const struct access_keys keys = {&key, 1};
    static const struct signature_rules rules = {
        .keys = &keys, .service = "service", .now_ms = NOW_MS};
    struct signature_refusal refusal = {NULL, NULL};

    request->body = body;
    request->body_length = strlen(body);
    int verdict = signature_verify(arena, request, &rules, &refusal);
    if (verdict == 0) {
        if (refusal.kind != NULL)
            BUG("taken with a reason");
    } else if (refusal.kind == NULL || refusal.kind->status != 403 ||
               refusal.message[0] == '\0' ||
               !utf8_valid(refusal.message, strlen(refusal.message))) {
        BUG("refused without a reason that can be said");
    }
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    char *rest = text;
    const char *target = take_line(&rest);
    struct http_header headers[MAX_HEADERS + 1] = {
        {NULL, NULL}
    };
    struct uri uri;

    read_headers(&rest, headers);
    check_forms(arena, target, headers);
    if (uri_parse(arena, target, &uri) != 0)
        return 0;
    if (strcmp(sigv4_pairs(arena, &uri, NULL),
               sigv4_query(arena, query_of(arena, target))) != 0)
        BUG("two readings of the query of %s", target);
    struct signed_request request = {
        .method = "POST", .target = target, .uri = &uri, .headers = headers};
    if (verify(arena, &request, rest) == 0 &&
        verify(arena, &request, arena_printf(arena, "%s ", rest)) == 0)
        BUG("taken with another body: %s", target);
    return 0;
}
