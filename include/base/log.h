/*
 * The program's log: one line per event, `key=value`, to standard error.
 *
 * The level is the one setting of the process that does not hang from the emulator:
 * everything may log, from the lowest layer up. It is set once, before threads start.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attrs.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* What is logged by this thread from now on belongs to the request of that id, which must
 * live as long; NULL: to none. A value of the thread, so that what knows no requests,
 * such as the store, need not be told of them. */
void log_set_request(const char *id);

/* Whether a line of that level would be written: for lines that cost something. */
bool log_writes(enum log_level level);

/*
 * `event` is what happened, in a few words. `format` gives the pairs, such as
 * "path=%s status=%d", or is "" for none. Values that come from outside go through
 * log_quoted(), so that a line stays one line.
 */
void log_write(enum log_level level, const char *event, const char *format, ...)
    PRINTF(3, 4);

#define log_error(event, ...) log_write(LOG_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...) log_write(LOG_WARN, event, __VA_ARGS__)
#define log_info(event, ...) log_write(LOG_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_write(LOG_DEBUG, event, __VA_ARGS__)

enum { LOG_QUOTED_BYTES = 260 };

/* A text from outside, in quotes, escaped and cut to fit `out`, which it returns. */
const char *log_quoted(const char *text, char out[LOG_QUOTED_BYTES]);

#endif
