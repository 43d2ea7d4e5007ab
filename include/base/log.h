/*
 * The program's log: one line per event, `key=value`, to standard error.
 *
 * Nobody can fill it by causing the same failure again and again: above level debug, a
 * line is written once in 10 seconds, and at most ten different lines of an event. The
 * others are counted, and a line of level warn reports their number, at the first line
 * after these 10 seconds or at the end.
 *
 * The level and the counts do not belong to the emulator, because every layer may log.
 * The level is set once, before threads start.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attrs.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* Everything that this thread logs from now on carries this request id, which must stay
 * valid until the next call; NULL: no id. The id is stored per thread, so that code that
 * does not know about requests, such as the store, need not pass it around. */
void log_set_request(const char *id);

/* Whether a line of that level would be written: for lines that are expensive to
 * build. */
bool log_writes(enum log_level level);

/*
 * `event` is what happened, in a few words: a static text, the same for all lines of its
 * kind. `format` gives the pairs, such as "path=%s
 * status=%d", or is "" for none. Values from external input go through log_quoted(), so
 * that a line stays one line.
 */
void log_write(enum log_level level, const char *event, const char *format, ...)
    PRINTF(3, 4);

/* Reports what was left out, and counts anew. For the end of the program, and for tests
 * of what is logged again. */
void log_finish(void);

#define log_error(event, ...) log_write(LOG_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...) log_write(LOG_WARN, event, __VA_ARGS__)
#define log_info(event, ...) log_write(LOG_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_write(LOG_DEBUG, event, __VA_ARGS__)

enum { LOG_QUOTED_BYTES = 260 };

/* Quotes, escapes and truncates a text from external input to fit `out`, and hides the
 * secrets in it (base/secret.h); returns `out`. */
const char *log_quoted(const char *text, char out[LOG_QUOTED_BYTES]);

#endif
