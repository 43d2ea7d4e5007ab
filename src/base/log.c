#include "base/log.h"

#include "base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINE_BYTES = 2048 };

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

static enum log_level highest = LOG_INFO;

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

bool log_writes(enum log_level level)
{
    return level <= highest;
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
    char line[LINE_BYTES];
    char time_text[32];
    struct timespec now;
    struct tm utc;
    va_list args;

    if (!log_writes(level))
        return;
    /* The machine's clock, not the emulator's: logs are compared with other logs. */
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(time_text, sizeof(time_text), "%Y-%m-%dT%H:%M:%S", &utc);
    int used = snprintf(line, sizeof(line), "time=%s.%03ldZ level=%s event=\"%s\"%s",
                        time_text, now.tv_nsec / 1000000, level_names[level], event,
                        format[0] != '\0' ? " " : "");
    va_start(args, format);
    vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
    va_end(args);
    /* One call per line, so that lines of different threads never mix. */
    if (request_id != NULL)
        fprintf(stderr, "%s request=%s\n", line, request_id);
    else
        fprintf(stderr, "%s\n", line);
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
