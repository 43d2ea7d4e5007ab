/*
 * Limits how often the log repeats itself, so that nobody can fill it: a caller may cause
 * the same failure at every call. Lines with the same event share a limit: in a period,
 * each different line is written once, and so many in all. The others are counted.
 */
#ifndef BASE_LOG_LIMIT_INTERNAL_H
#define BASE_LOG_LIMIT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"

enum {
    LOG_PERIOD_MS = 10000, /* it begins with a line that is written */
    LOG_LINES_PER_PERIOD = 10,
    LOG_LIMITED_EVENTS = 64, /* all further events share the last limit */
};

/* The lines of one event. */
struct log_event {
    const char *name; /* static */
    int64_t started_ms;
    size_t written;
    uint64_t hashes[LOG_LINES_PER_PERIOD]; /* of the lines that were written */
    uint64_t left_out;
};

/* Begins as zeros. The caller locks it. */
struct log_limit {
    struct log_event events[LOG_LIMITED_EVENTS];
    size_t count;
};

/* Whether to write a line of the event, whose content has this hash. Call
 * log_limit_report() before, so that nothing that was left out remains uncounted. */
bool log_limit_take(struct log_limit *limit, const char *event, uint64_t hash,
                    int64_t now_ms) NODISCARD;

/* Returns the name of an event of which lines were left out in a period that is over at
 * `now_ms`, and their number, which it sets to 0; NULL: there is none. */
const char *log_limit_report(struct log_limit *limit, int64_t now_ms,
                             uint64_t *out) NODISCARD;

/* Ends all periods, so that the next line of each event is written. */
void log_limit_start_again(struct log_limit *limit);

#endif
