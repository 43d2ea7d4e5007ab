#include "base/json_text.h"

#include "base/utf8.h"

#include <string.h>

/* A scanner for the grammar of RFC 8259, one pass over the text. */
struct scan {
    const char *at;
    const char *end;
    int depth;
    const char *why; /* why it failed */
};

static bool fail_scan(struct scan *s, const char *why)
{
    if (s->why == NULL)
        s->why = why;
    return false;
}

static bool fail_malformed(struct scan *s)
{
    return fail_scan(s, s->at == s->end ? "The JSON text ends unexpectedly"
                                        : "The body is not valid JSON");
}

static bool is_one_of(const char *set, char c)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static void skip_space(struct scan *s)
{
    while (s->at < s->end && is_one_of(" \t\r\n", *s->at))
        s->at++;
}

/* Consumes `c` if it is next. */
static bool take_char(struct scan *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return fail_malformed(s);
    s->at += length;
    return true;
}

static bool scan_digits(struct scan *s)
{
    const char *first = s->at;

    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    return s->at > first ? true : fail_malformed(s);
}

static bool scan_number(struct scan *s)
{
    take_char(s, '-');
    if (!take_char(s, '0') && !scan_digits(s))
        return false;
    if (take_char(s, '.') && !scan_digits(s))
        return false;
    if (take_char(s, 'e') || take_char(s, 'E')) {
        if (!take_char(s, '+'))
            take_char(s, '-');
        return scan_digits(s);
    }
    return true;
}

/* The four digits after \u. */
static bool scan_hex4(struct scan *s, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        int c = s->at < s->end ? *s->at : '\0';
        if (c >= '0' && c <= '9')
            *out = *out << 4 | (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *out = *out << 4 | (unsigned)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            *out = *out << 4 | (unsigned)(c - 'A' + 10);
        else
            return fail_malformed(s);
    }
    return true;
}

static bool scan_unicode_escape(struct scan *s)
{
    unsigned unit, low;

    if (!scan_hex4(s, &unit))
        return false;
    if (unit == 0)
        return fail_scan(s, "A string contains the character \\u0000");
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (unit > 0xdbff || !take_char(s, '\\') || !take_char(s, 'u') ||
        !scan_hex4(s, &low) || low < 0xdc00 || low > 0xdfff)
        return fail_scan(s, "A string contains a lone surrogate");
    return true;
}

static bool scan_string(struct scan *s)
{
    if (!take_char(s, '"'))
        return fail_malformed(s);
    while (s->at < s->end) {
        unsigned char c = (unsigned char)*s->at++;
        if (c == '"')
            return true;
        if (c < 0x20) {
            s->at--;
            return fail_scan(s, "A string contains a control character");
        }
        if (c != '\\')
            continue;
        if (take_char(s, 'u')) {
            if (!scan_unicode_escape(s))
                return false;
        } else if (s->at == s->end || !is_one_of("\"\\/bfnrt", *s->at)) {
            return fail_malformed(s);
        } else {
            s->at++;
        }
    }
    return fail_malformed(s);
}

static bool scan_value(struct scan *s);

static bool scan_member(struct scan *s)
{
    if (!scan_string(s))
        return false;
    skip_space(s);
    return take_char(s, ':') ? scan_value(s) : fail_malformed(s);
}

/* The entries between the brackets of an object or an array. */
static bool scan_entries(struct scan *s, bool (*scan_entry)(struct scan *), char close)
{
    if (++s->depth > JSON_MAX_DEPTH)
        return fail_scan(s, "The body is nested too deeply");
    s->at++;
    skip_space(s);
    if (!take_char(s, close)) {
        do {
            skip_space(s);
            if (!scan_entry(s))
                return false;
            skip_space(s);
        } while (take_char(s, ','));
        if (!take_char(s, close))
            return fail_malformed(s);
    }
    s->depth--;
    return true;
}

static bool scan_value(struct scan *s)
{
    skip_space(s);
    if (s->at == s->end)
        return fail_malformed(s);
    switch (*s->at) {
    case '{':
        return scan_entries(s, scan_member, '}');
    case '[':
        return scan_entries(s, scan_value, ']');
    case '"':
        return scan_string(s);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return scan_number(s);
    }
}

static bool scan_text(struct scan *s)
{
    size_t length = (size_t)(s->end - s->at);
    size_t valid = utf8_valid_length(s->at, length);

    if (valid < length) {
        s->at += valid;
        return fail_scan(s, "The body is not valid UTF-8");
    }
    if (!scan_value(s))
        return false;
    skip_space(s);
    return s->at == s->end ? true
                           : fail_scan(s, "The JSON text is followed by other text");
}

bool json_check(const char *text, size_t length, const char **why)
{
    struct scan scan = {.at = text, .end = text + length};

    if (scan_text(&scan))
        return true;
    *why = scan.why;
    return false;
}

bool json_fault_place(const char *text, size_t length, struct json_place *out)
{
    struct scan scan = {.at = text, .end = text + length};

    if (scan_text(&scan))
        return false;
    *out = (struct json_place){.line = 1, .column = 1};
    for (; text < scan.at; text++) {
        if (*text == '\n')
            *out = (struct json_place){.line = out->line + 1, .column = 1};
        else if (!utf8_continues(*text))
            out->column++;
    }
    return true;
}

const char *json_kind(const char *text, size_t length)
{
    const char *why;

    if (!json_check(text, length, &why))
        return NULL;
    switch (text[strspn(text, " \t\r\n")]) {
    case '{':
        return "object";
    case '[':
        return "array";
    default:
        return "other";
    }
}
