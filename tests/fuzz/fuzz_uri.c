/*
 * The target of a request line.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/authority.h"
#include "base/bug.h"
#include "base/uri.h"
#include "base/utf8.h"

#include <string.h>

static void check_text(const char *text, size_t most)
{
    if (strlen(text) > most || !utf8_valid(text, strlen(text)))
        BUG("a decoded part is too long or not UTF-8: %s", text);
}

/* The path with every byte percent-encoded means the same path. */
static void check_again(struct arena *arena, const char *path)
{
    char *encoded = arena_alloc(arena, strlen(path) * 3 + 1);
    struct uri again;

    encoded[0] = '/';
    for (size_t i = 1, at = 1; path[i] != '\0'; i++, at += 3) {
        encoded[at] = '%';
        encoded[at + 1] = "0123456789abcdef"[(unsigned char)path[i] >> 4];
        encoded[at + 2] = "0123456789ABCDEF"[(unsigned char)path[i] & 15];
    }
    if (uri_parse(arena, encoded, &again) != 0 || strcmp(again.path, path) != 0 ||
        again.query_count != 0)
        BUG("%s is not %s", encoded, path);
}

/* An absolute target has a valid authority and a path, and splitting the path again
 * changes nothing. */
static void check_origin_form(struct arena *arena, const char *target)
{
    const char *authority, *again;
    const char *rest = uri_origin_form(arena, target, &authority);
    struct authority read;

    if (authority == NULL) {
        if (rest != target)
            BUG("%s is not absolute, but became %s", target, rest);
        return;
    }
    if (rest[0] != '/' || uri_origin_form(arena, rest, &again) != rest || again != NULL)
        BUG("%s has the path %s", target, rest);
    if (!authority_read(authority, &read) || authority[read.length] != '\0')
        BUG("%s has the authority %s", target, authority);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *target AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct uri uri = {0};

    check_origin_form(arena, target);
    if (uri_parse(arena, target, &uri) != 0) {
        if (uri.path != NULL || uri.query != NULL || uri.query_count != 0)
            BUG("a refused target left something behind");
        return 0;
    }
    check_text(uri.path, strlen(target));
    const char *zero = strstr(target, "%00");
    if (zero != NULL && zero < target + strcspn(target, "#"))
        BUG("taken with a zero byte: %s", target);
    if (uri.path[0] != '/' || uri.query_count > URI_MAX_QUERY_PAIRS)
        BUG("accepted: %s", target);
    for (size_t i = 0; i < uri.query_count; i++) {
        check_text(uri.query[i].name, strlen(target));
        check_text(uri.query[i].value, strlen(target));
    }
    check_again(arena, uri.path);
    return 0;
}
