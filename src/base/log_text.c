/*
 * The form of a line for people at a terminal:
 *
 *   12:04:01 CreateChannel 200  123456789012/us-west-2  0.4 ms
 *   12:04:01 GetChannel 404 NotFound: ...  123456789012/us-west-2  0.1 ms
 *   12:04:02 stream started  channel=lobby stream=st-1abc  123456789012/us-west-2
 *   12:04:03 warning: page refused  origin=http://shop.example
 */
#include "base/attrs.h"
#include "log_line_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAIRS = 32 };

static const char red[] = "\x1b[31m", green[] = "\x1b[32m", yellow[] = "\x1b[33m";
static const char dim[] = "\x1b[2m", normal[] = "\x1b[0m";

/* How a line of a level begins, and its color. */
static const struct {
    const char *prefix, *color;
} levels[] = {
    [LOG_ERROR] = {"error: ",   red   },
    [LOG_WARN] = {"warning: ", yellow},
    [LOG_INFO] = {"",          ""    },
    [LOG_DEBUG] = {"debug: ",   dim   },
};

/* Pairs that have a place of their own in every line, and in that of a call. */
static const char *const placed[] = {"account", "region", "us"};
static const char *const placed_in_call[] = {"service", "operation", "method", "path",
                                             "status",  "error",     "message"};

struct text_line {
    const struct log_line *line;
    struct log_out *out;
    bool colors;
    struct log_pair pairs[MAX_PAIRS];
    size_t count;
};

static bool is_key(const struct log_pair *pair, const char *key)
{
    return strlen(key) == pair->key_length &&
           memcmp(pair->key, key, pair->key_length) == 0;
}

static const struct log_pair *find_pair(const struct text_line *t, const char *key)
{
    for (size_t i = 0; i < t->count; i++) {
        if (is_key(&t->pairs[i], key))
            return &t->pairs[i];
    }
    return NULL;
}

static void add_color(struct text_line *t, const char *color)
{
    if (t->colors)
        log_out_text(t->out, color);
}

static void add_text(struct text_line *t, const char *text)
{
    log_out_text(t->out, text);
}

/* Adds bytes that may come from anybody. */
static void add_shown(struct text_line *t, const char *bytes, size_t length)
{
    char escape[8];

    for (size_t at = 0, whole; at < length; at += whole) {
        whole = log_character(bytes + at, length - at);
        if (whole > 0 && !log_character_is_control(bytes + at, whole)) {
            log_out_add(t->out, bytes + at, whole);
            continue;
        }
        whole = whole == 0 ? 1 : whole;
        for (size_t i = 0; i < whole; i++) {
            snprintf(escape, sizeof(escape), "\\x%02x", (unsigned char)bytes[at + i]);
            log_out_text(t->out, escape);
        }
    }
}

/* Adds the value as it is. */
static void add_value(struct text_line *t, const struct log_pair *pair)
{
    char decoded[LOG_VALUES_BYTES];

    add_shown(t, decoded, log_pair_decode(pair, decoded));
}

static bool needs_quotes(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == ' ' || bytes[i] == '"' || bytes[i] == '=')
            return true;
    }
    return length == 0;
}

static void add_pair(struct text_line *t, const struct log_pair *pair)
{
    char decoded[LOG_VALUES_BYTES];
    size_t length = log_pair_decode(pair, decoded);
    const char *quote = needs_quotes(decoded, length) ? "\"" : "";

    add_shown(t, pair->key, pair->key_length);
    add_text(t, "=");
    add_text(t, quote);
    add_shown(t, decoded, length);
    add_text(t, quote);
}

static bool is_among(const struct log_pair *pair, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_key(pair, keys[i]))
            return true;
    }
    return false;
}

/* Adds the status of a call; 0: there was no response. */
static void add_status(struct text_line *t, const struct log_pair *status)
{
    if (status == NULL)
        return;
    char first = status->value[0];
    add_text(t, " ");
    add_color(t, first == '2' ? green : first == '4' ? yellow : red);
    if (first == '0')
        add_text(t, "no response");
    else
        add_value(t, status);
    add_color(t, normal);
}

/* Adds what was called, and what came of it. */
static void add_call(struct text_line *t)
{
    static const char *const subjects[] = {"operation", "method", "path"};
    const struct log_pair *error = find_pair(t, "error");
    const struct log_pair *message = find_pair(t, "message");
    bool has_operation = find_pair(t, "operation") != NULL;
    const char *space = "";

    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        const struct log_pair *pair = find_pair(t, subjects[i]);
        if (pair == NULL || (i > 0 && has_operation))
            continue;
        add_text(t, space);
        add_value(t, pair);
        space = " ";
    }
    add_status(t, find_pair(t, "status"));
    if (error == NULL)
        return;
    add_text(t, " ");
    add_value(t, error);
    if (message == NULL)
        return;
    add_text(t, ": ");
    add_value(t, message);
}

/* Adds the account and region, and how long it took. */
static void add_end(struct text_line *t)
{
    const struct log_pair *account = find_pair(t, "account");
    const struct log_pair *region = find_pair(t, "region");
    const struct log_pair *us = find_pair(t, "us");
    char took[32];

    add_color(t, dim);
    if (account != NULL && region != NULL) {
        add_text(t, "  ");
        add_value(t, account);
        add_text(t, "/");
        add_value(t, region);
    }
    if (us != NULL) {
        snprintf(took, sizeof(took), "  %.1f ms", strtod(us->value, NULL) / 1000);
        add_text(t, took);
    }
    /* It identifies the call in ListRequests; in every line it would be too much. */
    if (t->line->request_id != NULL && t->line->level <= LOG_WARN) {
        add_text(t, "  request=");
        add_text(t, t->line->request_id);
    }
    add_color(t, normal);
}

static void add_start(struct text_line *t)
{
    char text[16];
    struct tm local;

    localtime_r(&t->line->time.tv_sec, &local);
    strftime(text, sizeof(text), "%H:%M:%S ", &local);
    add_color(t, dim);
    add_text(t, text);
    add_color(t, normal);
    if (levels[t->line->level].prefix[0] == '\0')
        return;
    add_color(t, levels[t->line->level].color);
    add_text(t, levels[t->line->level].prefix);
    add_color(t, normal);
}

static void read_pairs(struct text_line *t)
{
    const char *at = t->line->values;

    while (t->count < MAX_PAIRS && log_pair_read(&at, &t->pairs[t->count]))
        t->count++;
}

void log_line_text(const struct log_line *line, bool colors, struct log_out *out)
{
    struct text_line t = {.line = line, .out = out, .colors = colors};
    bool is_call = strcmp(line->event, LOG_CALL) == 0;
    const char *space = "  ";

    out->used = 0;
    out->cut = false;
    out->room = sizeof(out->bytes) - sizeof(normal); /* for its end */
    read_pairs(&t);
    add_start(&t);
    if (is_call)
        add_call(&t);
    else
        add_text(&t, line->event);
    for (size_t i = 0; i < t.count; i++) {
        if (is_among(&t.pairs[i], placed, COUNT_OF(placed)) ||
            (is_call && is_among(&t.pairs[i], placed_in_call, COUNT_OF(placed_in_call))))
            continue;
        add_text(&t, space);
        add_pair(&t, &t.pairs[i]);
        space = " ";
    }
    add_end(&t);
    out->room = sizeof(out->bytes);
    if (out->cut)
        add_color(&t, normal);
    add_text(&t, "\n");
}
