/*
 * The program's log: one line per event, to standard error, in one of three forms.
 *
 * Nobody can fill it by causing the same failure again and again: above level debug, a
 * line of log_write() is written once in 10 seconds, and at most ten different lines of
 * an event. The others are counted, and a line of level warn reports their number, at the
 * first line after these 10 seconds or at the end.
 *
 * Nobody can stop the program by not reading it, either: a line that cannot be written
 * within a moment, because the pipe is full, is lost, and the next one says how many
 * were.
 *
 * The level, the form and the counts do not belong to the emulator, because every layer
 * may log. Level and form are set once, before threads start.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attrs.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

enum log_format {
    LOG_TEXT,   /* for people at a terminal */
    LOG_LOGFMT, /* key=value; the default */
    LOG_JSON,   /* one object per line */
};

void log_set_level(enum log_level level);

/* `colors` are for LOG_TEXT only. */
void log_set_format(enum log_format format, bool colors);

/* Everything that this thread logs from now on carries this request id, which must stay
 * valid until the next call; NULL: no id. The id is stored per thread, so that code that
 * does not know about requests, such as the store, need not pass it around. */
void log_set_request(const char *id);

/* Whether a line of that level would be written: for lines that are expensive to
 * build. */
bool log_writes(enum log_level level);

/*
 * `event` is what happened, in a few words: a static text, the same for all lines of its
 * kind. `format` gives the pairs, such as "path=%s status=%d", or is "" for none. Values
 * from external input go through log_quoted(), so that a line stays one line. In JSON, a
 * value in quotes is a string, and one without can be a number.
 *
 * In text, the pairs account, region and us (microseconds) come last, without their
 * names.
 */
void log_write(enum log_level level, const char *event, const char *format, ...)
    PRINTF(3, 4);

/*
 * The same without the limit, for what people follow as it happens. A caller can fill
 * the disk with these lines as with those of any access log, so they are of level info or
 * debug, which --quiet omits, and their number and size are bounded: one for each call,
 * and one for each thing that is stored, such as an event.
 */
void log_each(enum log_level level, const char *event, const char *format, ...)
    PRINTF(3, 4);

/* The event of the line of a call. In text it begins with the pair operation, or method
 * and path, then status, error and message, without their names. */
#define LOG_CALL "call"

/* The pairs of an account and a region. */
#define LOG_SCOPE "account=\"%s\" region=\"%s\""

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
