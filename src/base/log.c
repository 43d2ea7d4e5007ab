#include "base/log.h"

#include "base/hash.h"
#include "base/monotonic.h"
#include "base/secret.h"
#include "log_limit_internal.h"
#include "log_line_internal.h"
#include "log_sink_internal.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static enum log_level highest = LOG_INFO;
static enum log_format line_format = LOG_LOGFMT;
static bool line_colors;

/* What was written of each event. */
static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;
static struct log_limit limit;

/* Of the request that the thread is working on. */
static _Thread_local const char *request_id;

void log_set_request(const char *id)
{
    request_id = id;
}

void log_set_level(enum log_level level)
{
    highest = level;
}

void log_set_format(enum log_format format, bool colors)
{
    line_format = format;
    line_colors = colors;
}

bool log_writes(enum log_level level)
{
    return level <= highest;
}

/* Writes a line; `values` is "" or the pairs of the event. */
static void print_line(enum log_level level, const char *event, const char *values)
{
    struct log_out out;
    struct log_line line = {
        .level = level, .event = event, .values = values, .request_id = request_id};

    /* The machine's clock, not the emulator's: logs are compared with other logs. */
    clock_gettime(CLOCK_REALTIME, &line.time);
    switch (line_format) {
    case LOG_TEXT:
        log_line_text(&line, line_colors, &out);
        break;
    case LOG_LOGFMT:
        log_line_logfmt(&line, &out);
        break;
    case LOG_JSON:
        log_line_json(&line, &out);
        break;
    }
    log_sink_write(out.bytes, out.used);
}

/* Reports the lines that were left out in periods that are over at `now_ms`. The request
 * of this thread is not the one that they were about. */
static void report_left_out(int64_t now_ms)
{
    const char *of, *of_thread = request_id;
    char values[LOG_VALUES_BYTES];
    uint64_t count;

    request_id = NULL;
    while ((of = log_limit_report(&limit, now_ms, &count)) != NULL) {
        snprintf(values, sizeof(values), "of=\"%s\" count=%" PRIu64, of, count);
        print_line(LOG_WARN, "lines left out", values);
    }
    request_id = of_thread;
}

/* Whether a line may be written; what was left out before it is reported first. */
static bool take_line(const char *event, const char *values)
{
    int64_t now_ms = monotonic_ms();

    pthread_mutex_lock(&limit_lock);
    report_left_out(now_ms);
    bool taken = log_limit_take(&limit, event, hash_text(HASH_START, values), now_ms);
    pthread_mutex_unlock(&limit_lock);
    return taken;
}

/* Reports the lines that nobody read. */
static void report_lost(void)
{
    const char *of_thread = request_id;
    char values[LOG_VALUES_BYTES];
    uint64_t count = log_sink_take_lost();

    if (count == 0)
        return;
    request_id = NULL;
    snprintf(values, sizeof(values), "count=%" PRIu64, count);
    print_line(LOG_WARN, "lines lost: nobody read them", values);
    request_id = of_thread;
}

static void write_line(enum log_level level, const char *event, bool is_limited,
                       const char *format, va_list args) PRINTF(4, 0);

static void write_line(enum log_level level, const char *event, bool is_limited,
                       const char *format, va_list args)
{
    char values[LOG_VALUES_BYTES];

    if (!log_writes(level))
        return;
    vsnprintf(values, sizeof(values), format, args);
    report_lost();
    if (!is_limited || take_line(event, values))
        print_line(level, event, values);
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(level, event, level != LOG_DEBUG, format, args);
    va_end(args);
}

void log_each(enum log_level level, const char *event, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(level, event, false, format, args);
    va_end(args);
}

void log_finish(void)
{
    report_lost();
    pthread_mutex_lock(&limit_lock);
    report_left_out(INT64_MAX);
    log_limit_start_again(&limit);
    pthread_mutex_unlock(&limit_lock);
}

/* Appends `length` bytes, escaped, as far as they fit. Returns the number of bytes used.
 * Six bytes stay free: the longest escape takes four, then the quote and the zero. */
static size_t add_escaped(char out[LOG_QUOTED_BYTES], size_t used, const char *text,
                          size_t length)
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < length && used < LOG_QUOTED_BYTES - 6; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            out[used++] = '\\';
            out[used++] = (char)c;
        } else if (c < 0x20 || c >= 0x7f) {
            out[used++] = '\\';
            out[used++] = 'x';
            out[used++] = hex[c >> 4];
            out[used++] = hex[c & 15];
        } else {
            out[used++] = (char)c;
        }
    }
    return used;
}

const char *log_quoted(const char *text, char out[LOG_QUOTED_BYTES])
{
    const char *from = text, *secret;
    size_t used = 0, length;

    out[used++] = '"';
    while (used < LOG_QUOTED_BYTES - 6 &&
           (secret = secret_find(text, from, &length)) != NULL) {
        used = add_escaped(out, used, from, (size_t)(secret - from));
        used = add_escaped(out, used, SECRET_HIDDEN, strlen(SECRET_HIDDEN));
        from = secret + length;
    }
    used = add_escaped(out, used, from, strlen(from));
    out[used++] = '"';
    out[used] = '\0';
    return out;
}
