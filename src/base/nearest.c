#include "base/nearest.h"

#include "base/buf.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_CHARS = 64,       /* longer texts are near to nothing */
    CHARS_PER_ERROR = 3,  /* a text of so many characters may have one error */
    MIN_PREFIX_CHARS = 3, /* a shorter beginning is the beginning of too much */
    ADVICE_MAX_BYTES = 65536,
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static size_t min_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The three last rows of the table of distances: two rows above, one above, current. */
struct rows {
    size_t row[3][MAX_CHARS + 1];
};

/* The distance of the first i characters of a from the first j of b. */
static size_t distance_at(const struct rows *rows, const char *a, size_t i, const char *b,
                          size_t j)
{
    const size_t *above = rows->row[1];
    size_t replaced = above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
    size_t least = min_of(replaced, min_of(above[j], rows->row[2][j - 1]) + 1);

    if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
        lower(a[i - 2]) == lower(b[j - 1]))
        least = min_of(least, rows->row[0][j - 2] + 1);
    return least;
}

/* How many characters must be inserted, deleted, replaced or swapped with their
 * neighbour: the optimal string alignment distance. */
static size_t distance(const char *a, const char *b)
{
    size_t a_chars = strlen(a), b_chars = strlen(b);
    struct rows rows = {0};

    for (size_t j = 0; j <= b_chars; j++)
        rows.row[2][j] = j;
    for (size_t i = 1; i <= a_chars; i++) {
        memmove(rows.row[0], rows.row[1], 2 * sizeof(rows.row[0]));
        rows.row[2][0] = i;
        for (size_t j = 1; j <= b_chars; j++)
            rows.row[2][j] = distance_at(&rows, a, i, b, j);
    }
    return rows.row[2][b_chars];
}

/* The only name that begins with what was given. */
static const char *name_that_begins_with(const char *given, const char *const *names,
                                         size_t count)
{
    size_t length = strlen(given);
    const char *found = NULL;

    for (size_t i = 0; length >= MIN_PREFIX_CHARS && i < count; i++) {
        if (strncasecmp(names[i], given, length) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = names[i];
    }
    return found;
}

const char *nearest_name(const char *given, const char *const *names, size_t count)
{
    size_t chars = strlen(given);
    size_t limit = chars == 2 ? 1 : chars / CHARS_PER_ERROR;
    const char *nearest = NULL;

    if (chars > MAX_CHARS)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t errors =
            strlen(names[i]) <= MAX_CHARS ? distance(given, names[i]) : MAX_CHARS;
        if (errors > limit || (nearest != NULL && errors == limit))
            continue;
        nearest = names[i];
        limit = errors;
    }
    return nearest != NULL ? nearest : name_that_begins_with(given, names, count);
}

const char *nearest_advice(struct arena *arena, const char *given,
                           const char *const *names, size_t count)
{
    const char *nearest = nearest_name(given, names, count);
    struct buf advice AUTO(buf_done);

    buf_init(&advice, ADVICE_MAX_BYTES);
    if (count == 0)
        return "There are no valid names";
    if (nearest != NULL)
        buf_printf(&advice, "Did you mean %s? ", nearest);
    buf_printf(&advice, "Valid names are %s", names[0]);
    for (size_t i = 1; i < count; i++)
        buf_printf(&advice, ", %s", names[i]);
    return arena_strndup(arena, advice.bytes, advice.length);
}
