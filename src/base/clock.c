#include "base/clock.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The beginning of 1970, but for the millisecond that stands for no time at all, and the
 * end of 9999. */
#define FIRST_MS INT64_C(1)
#define LAST_MS INT64_C(253402300799999)

/* A scope whose clock is ahead of the others'. */
struct moved {
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    int64_t offset_ms;
};

struct clock {
    bool stopped;
    _Atomic int64_t offset_ms; /* of a stopped clock: the time it shows */

    pthread_rwlock_t lock;
    struct moved *moved;       /* under the lock */
    atomic_size_t moved_count; /* changed under the lock, read without it to see if any */
};

struct clock *clock_new(void)
{
    struct clock *clock = mem_zalloc(sizeof(*clock));

    pthread_rwlock_init(&clock->lock, NULL);
    return clock;
}

struct clock *clock_new_stopped(int64_t now_ms)
{
    struct clock *clock = clock_new();

    clock->stopped = true;
    atomic_store(&clock->offset_ms, now_ms);
    return clock;
}

void clock_free(struct clock *clock)
{
    if (clock == NULL)
        return;
    pthread_rwlock_destroy(&clock->lock);
    free(clock->moved);
    free(clock);
}

/* The API has no other times: what a machine's clock says beyond them is not passed on.
 */
static int64_t within_years(int64_t time_ms)
{
    if (time_ms < FIRST_MS)
        return FIRST_MS;
    return time_ms < LAST_MS ? time_ms : LAST_MS;
}

/* What the clock shows, in the years of the API or not. */
static int64_t shown_ms(struct clock *clock)
{
    int64_t offset_ms = atomic_load(&clock->offset_ms);
    struct timespec now;

    if (clock->stopped)
        return offset_ms;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + offset_ms;
}

void clock_done(struct clock **clock)
{
    clock_free(*clock);
}

int64_t clock_now_ms(struct clock *clock)
{
    return within_years(shown_ms(clock));
}

void clock_advance(struct clock *clock, int64_t by_ms)
{
    atomic_fetch_add(&clock->offset_ms, by_ms);
}

/* Where the scope is among those moved, or their count. Under the lock. */
static size_t find(const struct clock *clock, struct scope scope)
{
    size_t at = 0;

    while (at < clock->moved_count &&
           (strcmp(clock->moved[at].account, scope.account) != 0 ||
            strcmp(clock->moved[at].region, scope.region) != 0))
        at++;
    return at;
}

int64_t clock_offset_ms(struct clock *clock, struct scope scope)
{
    if (atomic_load(&clock->moved_count) == 0)
        return 0;
    pthread_rwlock_rdlock(&clock->lock);
    size_t at = find(clock, scope);
    int64_t offset_ms = at < clock->moved_count ? clock->moved[at].offset_ms : 0;
    pthread_rwlock_unlock(&clock->lock);
    return offset_ms;
}

int64_t clock_scope_ms(struct clock *clock, struct scope scope)
{
    return within_years(shown_ms(clock) + clock_offset_ms(clock, scope));
}

bool clock_has_room(struct clock *clock, struct scope scope)
{
    pthread_rwlock_rdlock(&clock->lock);
    bool fits = find(clock, scope) < CLOCK_MAX_MOVED;
    pthread_rwlock_unlock(&clock->lock);
    return fits;
}

int clock_move(struct clock *clock, struct scope scope, int64_t offset_ms)
{
    pthread_rwlock_wrlock(&clock->lock);
    size_t at = find(clock, scope);
    bool fits = at < CLOCK_MAX_MOVED;
    if (fits && at == clock->moved_count) {
        clock->moved = mem_realloc(clock->moved, (at + 1) * sizeof(*clock->moved));
        clock->moved[at] = (struct moved){0};
        strncpy(clock->moved[at].account, scope.account, SCOPE_ACCOUNT_CHARS);
        strncpy(clock->moved[at].region, scope.region, SCOPE_REGION_MAX_CHARS);
        atomic_fetch_add(&clock->moved_count, 1);
    }
    if (fits)
        clock->moved[at].offset_ms = offset_ms;
    pthread_rwlock_unlock(&clock->lock);
    return fits ? 0 : -1;
}

void clock_forget(struct clock *clock, const struct scope *scope)
{
    pthread_rwlock_wrlock(&clock->lock);
    size_t at = scope != NULL ? find(clock, *scope) : 0;
    if (scope == NULL) {
        atomic_store(&clock->moved_count, 0);
    } else if (at < clock->moved_count) {
        atomic_fetch_sub(&clock->moved_count, 1);
        clock->moved[at] = clock->moved[clock->moved_count];
    }
    pthread_rwlock_unlock(&clock->lock);
}

void clock_take_moves(struct clock *clock, struct clock *other)
{
    pthread_rwlock_wrlock(&clock->lock);
    struct moved *moved = clock->moved;
    size_t count = clock->moved_count;
    clock->moved = other->moved;
    atomic_store(&clock->moved_count, other->moved_count);
    pthread_rwlock_unlock(&clock->lock);
    other->moved = moved;
    atomic_store(&other->moved_count, count);
}

/* Exactly `count` digits; -1 if they are not there. Steps over them. */
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

int clock_parse(const char *text, int64_t *out_ms)
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
    if (ms < 0 || ms > LAST_MS) /* the offset may lead out of the years */
        return -1;
    *out_ms = ms;
    return 0;
}

const char *clock_text(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(within_years(time_ms) / 1000);
    struct tm utc;
    char text[sizeof("9999-12-31T23:59:59Z")];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return arena_strdup(arena, text);
}
