/*
 * Prints JSON. The library's own printer examines characters one by one and took as long
 * as the rest of the work for a page of channels; the output is the same.
 */
#include "base/bug.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Room for most responses; malloc() is slower above about a KiB. */
enum { FIRST_BYTES = 1000, NUMBER_BYTES = 64 };

struct out {
    char *text, *at, *end;
};

static void grow_text(struct out *out, size_t more)
{
    size_t used = (size_t)(out->at - out->text);
    size_t size = 2 * (size_t)(out->end - out->text);

    if (size < used + more)
        size = used + more;
    out->text = mem_realloc(out->text, size);
    out->at = out->text + used;
    out->end = out->text + size;
}

static void put_bytes(struct out *out, const char *bytes, size_t length)
{
    if ((size_t)(out->end - out->at) < length)
        grow_text(out, length);
    memcpy(out->at, bytes, length);
    out->at += length;
}

static void put_char(struct out *out, char c)
{
    if (out->at == out->end)
        grow_text(out, 1);
    *out->at++ = c;
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (EACH_BYTE * 0x80)

/* Whether one of eight bytes is below `limit`, which is at most 0x80. */
static bool has_below(uint64_t bytes, uint64_t limit)
{
    return ((bytes - EACH_BYTE * limit) & ~bytes & HIGH_BITS) != 0;
}

static bool has_byte(uint64_t bytes, char c)
{
    return has_below(bytes ^ (EACH_BYTE * (unsigned char)c), 1);
}

/* How many bytes at the beginning need no escape. */
static size_t plain_length(const char *text, size_t length)
{
    size_t at = 0;
    uint64_t bytes;

    for (; length - at >= sizeof(bytes); at += sizeof(bytes)) {
        memcpy(&bytes, text + at, sizeof(bytes));
        if (has_below(bytes, 0x20) || has_byte(bytes, '"') || has_byte(bytes, '\\'))
            break;
    }
    while (at < length && is_plain(text[at]))
        at++;
    return at;
}

static void put_escape(struct out *out, char c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = strchr(plain, c);
    char escape[sizeof("\\u001f")];

    if (at != NULL)
        snprintf(escape, sizeof(escape), "\\%c", letters[at - plain]);
    else
        snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c);
    put_bytes(out, escape, strlen(escape));
}

static void put_string(struct out *out, const char *text)
{
    size_t left = strlen(text);

    put_char(out, '"');
    for (;;) {
        size_t plain = plain_length(text, left);
        put_bytes(out, text, plain);
        if (plain == left)
            break;
        put_escape(out, text[plain]);
        text += plain + 1;
        left -= plain + 1;
    }
    put_char(out, '"');
}

static void put_number(struct out *out, const cJSON *number)
{
    char text[NUMBER_BYTES];

    if (!cJSON_PrintPreallocated((cJSON *)(uintptr_t)number, text, sizeof(text), false))
        BUG("a number longer than %d characters", NUMBER_BYTES);
    put_bytes(out, text, strlen(text));
}

static void put_value(struct out *out, const cJSON *value);

static void put_children(struct out *out, const cJSON *value, const char brackets[2])
{
    const cJSON *child;

    put_char(out, brackets[0]);
    cJSON_ArrayForEach(child, value) {
        if (child != value->child)
            put_char(out, ',');
        if (brackets[0] == '{') {
            put_string(out, child->string);
            put_char(out, ':');
        }
        put_value(out, child);
    }
    put_char(out, brackets[1]);
}

static void put_value(struct out *out, const cJSON *value)
{
    switch (value->type & 0xff) {
    case cJSON_String:
        put_string(out, value->valuestring);
        return;
    case cJSON_Raw:
        put_bytes(out, value->valuestring, strlen(value->valuestring));
        return;
    case cJSON_Object:
        put_children(out, value, "{}");
        return;
    case cJSON_Array:
        put_children(out, value, "[]");
        return;
    case cJSON_Number:
        put_number(out, value);
        return;
    case cJSON_True:
        put_bytes(out, "true", strlen("true"));
        return;
    case cJSON_False:
        put_bytes(out, "false", strlen("false"));
        return;
    case cJSON_NULL:
        put_bytes(out, "null", strlen("null"));
        return;
    default:
        BUG("JSON of type %d", value->type);
    }
}

char *json_print(const cJSON *value)
{
    char *text = mem_alloc(FIRST_BYTES);
    struct out out = {.text = text, .at = text, .end = text + FIRST_BYTES};

    put_value(&out, value);
    put_char(&out, '\0');
    return out.text;
}
