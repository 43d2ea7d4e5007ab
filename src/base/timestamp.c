#include "base/timestamp.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

int64_t timestamp_clamp_ms(int64_t time_ms)
{
    if (time_ms < TIMESTAMP_MIN_MS)
        return TIMESTAMP_MIN_MS;
    return time_ms < TIMESTAMP_MAX_MS ? time_ms : TIMESTAMP_MAX_MS;
}

/* Consumes exactly `count` digits; -1 if there are fewer. */
static int64_t take_digits(const char **at, int count)
{
    int64_t number = 0;

    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        number = number * 10 + (**at - '0');
    }
    return number;
}

static bool take_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

/* The parts of a timestamp, in the order in which they are written. */
enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, TIME_PARTS };

static bool take_parts(const char **at, int64_t parts[TIME_PARTS])
{
    static const struct {
        int digits;
        char before; /* 0: nothing */
        int64_t least, most;
    } forms[TIME_PARTS] = {
        [YEAR] = {4, 0,   1970, 9999},
          [MONTH] = {2, '-', 1,    12  },
        [DAY] = {2, '-', 1,    31  },
          [HOUR] = {2, 'T', 0,    23  },
        [MINUTE] = {2, ':', 0,    59  },
          [SECOND] = {2, ':', 0,    59  },
    };

    for (int i = 0; i < TIME_PARTS; i++) {
        if (forms[i].before != 0 && !take_char(at, forms[i].before))
            return false;
        parts[i] = take_digits(at, forms[i].digits);
        if (parts[i] < forms[i].least || parts[i] > forms[i].most)
            return false;
    }
    return true;
}

/* Milliseconds of a fraction such as .5; 0 if there is none; -1 if it has no digit. */
static int64_t take_fraction_ms(const char **at)
{
    int64_t ms = 0, unit = 100;

    if (!take_char(at, '.'))
        return 0;
    if (**at < '0' || **at > '9')
        return -1;
    for (; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
        ms += (**at - '0') * unit;
    return ms;
}

/* The offset from UTC in minutes; INT64_MIN if there is none. */
static int64_t take_offset_minutes(const char **at)
{
    int64_t sign = **at == '-' ? -1 : 1;

    if (take_char(at, 'Z'))
        return 0;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return INT64_MIN;
    int64_t hours = take_digits(at, 2);
    if (hours < 0 || hours > 23 || !take_char(at, ':'))
        return INT64_MIN;
    int64_t minutes = take_digits(at, 2);
    return minutes < 0 || minutes > 59 ? INT64_MIN : sign * (hours * 60 + minutes);
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to a date, or -1 if there is no such day. */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
    static const int before_month[] = {0,   31,  59,  90,  120, 151, 181,
                                       212, 243, 273, 304, 334, 365};
    int64_t leap_days = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477;
    int64_t length = before_month[month] - before_month[month - 1];

    if (day > length + (month == 2 && is_leap(year)))
        return -1;
    return (year - 1970) * 365 + leap_days + before_month[month - 1] +
           (month > 2 && is_leap(year)) + day - 1;
}

int timestamp_parse(const char *text, int64_t *out_ms)
{
    int64_t parts[TIME_PARTS];

    if (!take_parts(&text, parts))
        return -1;
    int64_t days = days_to(parts[YEAR], parts[MONTH], parts[DAY]);
    int64_t fraction_ms = take_fraction_ms(&text);
    int64_t offset = take_offset_minutes(&text);
    if (days < 0 || fraction_ms < 0 || offset == INT64_MIN || *text != '\0')
        return -1;
    int64_t minutes = days * 1440 + parts[HOUR] * 60 + parts[MINUTE] - offset;
    int64_t ms = (minutes * 60 + parts[SECOND]) * 1000 + fraction_ms;
    if (ms < 0 || ms > TIMESTAMP_MAX_MS) /* the offset may move the time out of those
                                          * years */
        return -1;
    *out_ms = ms;
    return 0;
}

const char *timestamp_text(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(timestamp_clamp_ms(time_ms) / 1000);
    struct tm utc;
    char text[sizeof("9999-12-31T23:59:59Z")];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return arena_strdup(arena, text);
}

const char *timestamp_ms_text(struct arena *arena, int64_t time_ms)
{
    const char *whole = timestamp_text(arena, time_ms);
    int ms = (int)(timestamp_clamp_ms(time_ms) % 1000);

    return arena_printf(arena, "%.*s.%03dZ", (int)strlen(whole) - 1, whole, ms);
}
