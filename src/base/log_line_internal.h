/*
 * The forms of a line of the log. The code that logs gives `key=value` pairs; every form
 * is made of them.
 */
#ifndef BASE_LOG_LINE_INTERNAL_H
#define BASE_LOG_LINE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/attrs.h"
#include "base/log.h"

/* A line with its end, and the pairs of an event with a zero byte. A pipe accepts so many
 * bytes of a line at once or none (PIPE_BUF). */
enum { LOG_LINE_BYTES = 4096, LOG_VALUES_BYTES = 2048 };

struct log_line {
    struct timespec time; /* of the machine */
    enum log_level level;
    const char *event;
    const char *values;     /* "" or the pairs, of less than LOG_VALUES_BYTES */
    const char *request_id; /* NULL: none */
};

/* A line as it grows. What does not fit is dropped; `cut` says so. */
struct log_out {
    char bytes[LOG_LINE_BYTES];
    size_t used, room;
    bool cut;
};

/* Appends all the bytes or, if they do not fit, none. */
void log_out_add(struct log_out *out, const char *bytes, size_t length);
void log_out_text(struct log_out *out, const char *text);

/*
 * Each sets *out to the line, which ends with a line feed and has no other control
 * character, except for the sequences that switch the colors.
 */
void log_line_logfmt(const struct log_line *line, struct log_out *out);
void log_line_json(const struct log_line *line, struct log_out *out);
void log_line_text(const struct log_line *line, bool colors, struct log_out *out);

/* A pair. It is not terminated: it points into the values. */
struct log_pair {
    const char *key;
    size_t key_length;
    const char *value; /* without its quotes, but still escaped */
    size_t length;
    bool quoted;
};

/* Reads the pair at *at, which advances beyond it. False: there is none left. */
bool log_pair_read(const char **at, struct log_pair *out) NODISCARD;

/* Writes the value without its escapes to `out`, which has room for its `length` bytes,
 * and returns the number of bytes. They can be any, and need not be UTF-8. */
size_t log_pair_decode(const struct log_pair *pair, char *out);

/* The length of the UTF-8 character at `bytes`, of which `length` > 0 remain; 0: it is
 * not well-formed. */
size_t log_character(const char *bytes, size_t length);

/* Whether a character of that length cannot be shown as it is: it controls the terminal,
 * ends the line, or changes the direction of what follows. */
bool log_character_is_control(const char *bytes, size_t length);

#endif
