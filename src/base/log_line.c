#include "log_line_internal.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static const char hex[] = "0123456789abcdef";

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

void log_out_add(struct log_out *out, const char *bytes, size_t length)
{
    if (length > out->room - out->used) {
        out->cut = true;
        return;
    }
    memcpy(out->bytes + out->used, bytes, length);
    out->used += length;
}

void log_out_text(struct log_out *out, const char *text)
{
    log_out_add(out, text, strlen(text));
}

/* Begins a line of which the last `kept` bytes stay free for its end. */
static void begin_line(struct log_out *out, size_t kept)
{
    out->used = 0;
    out->room = sizeof(out->bytes) - kept;
    out->cut = false;
}

static void end_line(struct log_out *out, const char *end)
{
    out->room = sizeof(out->bytes);
    log_out_text(out, end);
}

static void add_time(struct log_out *out, const struct timespec *time)
{
    char text[32];
    char millis[8];
    struct tm utc;

    gmtime_r(&time->tv_sec, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(millis, sizeof(millis), ".%03dZ", (int)(time->tv_nsec / 1000000 % 1000));
    log_out_text(out, text);
    log_out_text(out, millis);
}

void log_line_logfmt(const struct log_line *line, struct log_out *out)
{
    begin_line(out, 1);
    log_out_text(out, "time=");
    add_time(out, &line->time);
    log_out_text(out, " level=");
    log_out_text(out, level_names[line->level]);
    log_out_text(out, " event=\"");
    log_out_text(out, line->event);
    log_out_text(out, "\"");
    if (line->values[0] != '\0') {
        log_out_text(out, " ");
        log_out_text(out, line->values);
    }
    if (line->request_id != NULL) {
        log_out_text(out, " request=");
        log_out_text(out, line->request_id);
    }
    end_line(out, "\n");
}

/* What is not UTF-8 becomes the replacement character. */
static void add_json_text(struct log_out *out, const char *bytes, size_t length)
{
    for (size_t at = 0, whole; at < length; at += whole) {
        unsigned char c = (unsigned char)bytes[at];
        char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

        whole = log_character(bytes + at, length - at);
        if (whole == 0) {
            log_out_text(out, "\\ufffd");
            whole = 1;
        } else if (c == '"' || c == '\\') {
            log_out_add(out, c == '"' ? "\\\"" : "\\\\", 2);
        } else if (c < ' ' || c == 0x7f) {
            log_out_add(out, escape, sizeof(escape));
        } else {
            log_out_add(out, bytes + at, whole);
        }
    }
}

static void add_json_string(struct log_out *out, const char *name, const char *text)
{
    log_out_text(out, "\"");
    log_out_text(out, name);
    log_out_text(out, "\":\"");
    add_json_text(out, text, strlen(text));
    log_out_text(out, "\"");
}

/* Whether a value without quotes is a number of JSON, short enough for a double. */
static bool is_number(const char *text, size_t length)
{
    enum { DIGITS = 15 };
    char copy[DIGITS + 3];

    if (length == 0 || length > DIGITS)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    const char *at = copy[0] == '-' ? copy + 1 : copy;
    size_t whole = text_span(at, TEXT_DIGITS, "");
    if (whole == 0 || (at[0] == '0' && whole > 1))
        return false;
    at += whole;
    if (*at != '.')
        return *at == '\0';
    size_t fraction = text_span(at + 1, TEXT_DIGITS, "");
    return fraction > 0 && at[1 + fraction] == '\0';
}

static bool is_word(const struct log_pair *pair, const char *word)
{
    return pair->length == strlen(word) && memcmp(pair->value, word, pair->length) == 0;
}

static void add_json_pair(struct log_out *out, const struct log_pair *pair)
{
    char decoded[LOG_VALUES_BYTES];
    bool bare = !pair->quoted && (is_number(pair->value, pair->length) ||
                                  is_word(pair, "true") || is_word(pair, "false"));

    log_out_text(out, ",\"");
    add_json_text(out, pair->key, pair->key_length);
    log_out_text(out, bare ? "\":" : "\":\"");
    size_t length = log_pair_decode(pair, decoded);
    add_json_text(out, decoded, length);
    if (!bare)
        log_out_text(out, "\"");
}

void log_line_json(const struct log_line *line, struct log_out *out)
{
    const char *at = line->values;
    struct log_pair pair;

    begin_line(out, 2);
    log_out_text(out, "{\"time\":\"");
    add_time(out, &line->time);
    log_out_text(out, "\",");
    add_json_string(out, "level", level_names[line->level]);
    log_out_text(out, ",");
    add_json_string(out, "event", line->event);
    if (line->request_id != NULL) {
        log_out_text(out, ",");
        add_json_string(out, "request", line->request_id);
    }
    while (log_pair_read(&at, &pair)) {
        size_t before = out->used;
        add_json_pair(out, &pair);
        if (out->cut) { /* half a pair would not be JSON */
            out->used = before;
            break;
        }
    }
    end_line(out, "}\n");
}

bool log_pair_read(const char **at, struct log_pair *out)
{
    const char *c = *at + strspn(*at, " ");

    *out = (struct log_pair){.key = c, .key_length = strcspn(c, "= ")};
    if (*c == '\0')
        return false;
    c += out->key_length;
    out->value = c;
    if (*c == '=' && c[1] == '"') {
        out->quoted = true;
        out->value = c += 2;
        while (*c != '\0' && *c != '"')
            c += *c == '\\' && c[1] != '\0' ? 2 : 1;
        out->length = (size_t)(c - out->value);
        c += *c == '"';
    } else if (*c == '=') {
        out->value = ++c;
        out->length = strcspn(c, " ");
        c += out->length;
    }
    *at = c;
    return true;
}

/* The value of a hexadecimal digit; -1: it is none. */
static int hex_digit(char c)
{
    const char *at = c != '\0' ? strchr(hex, c) : NULL;

    return at != NULL ? (int)(at - hex) : -1;
}

/* Decodes the escape after a backslash, of which `length` > 0 characters remain, to *out.
 * Returns its length. */
static size_t decode_escape(const char *text, size_t length, char *out)
{
    if (text[0] == 'x' && length > 2) {
        int high = hex_digit(text[1]), low = hex_digit(text[2]);
        if (high >= 0 && low >= 0) {
            *out = (char)(high * 16 + low);
            return 3;
        }
    }
    *out = text[0];
    return 1;
}

size_t log_pair_decode(const struct log_pair *pair, char *out)
{
    size_t used = 0;

    if (!pair->quoted) {
        memcpy(out, pair->value, pair->length);
        return pair->length;
    }
    for (size_t i = 0; i < pair->length; used++) {
        if (pair->value[i] == '\\' && i + 1 < pair->length)
            i += 1 + decode_escape(pair->value + i + 1, pair->length - i - 1, out + used);
        else
            out[used] = pair->value[i++];
    }
    return used;
}

size_t log_character(const char *bytes, size_t length)
{
    unsigned char c = (unsigned char)bytes[0];
    size_t whole = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

    return whole <= length && utf8_valid(bytes, whole) ? whole : 0;
}

bool log_character_is_control(const char *bytes, size_t length)
{
    /* The controls U+0080 to U+009F, and those of Unicode's category Cf and Zl that move
     * text: U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069. */
    const unsigned char *c = (const unsigned char *)bytes;

    if (length == 1)
        return c[0] < ' ' || c[0] == 0x7f;
    if (length == 2)
        return c[0] == 0xc2 && c[1] < 0xa0;
    if (length != 3 || c[0] != 0xe2)
        return false;
    return (c[1] == 0x80 && (c[2] == 0x8e || c[2] == 0x8f)) ||
           (c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae) ||
           (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}
