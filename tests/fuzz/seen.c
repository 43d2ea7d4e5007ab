#include "seen.h"

#include "base/buf.h"
#include "base/text.h"
#include "calls.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ARN_START "arn:aws:ivs"

enum { FILLED_MAX_BYTES = 8 * INPUT_MAX_BYTES, TEXT_MAX_CHARS = 1024 };

/* Whether a text can be used unchanged in JSON and in a target. */
static bool is_plain(const char *text)
{
    size_t length = strspn(text, LETTERS DIGITS ":/+=._-");

    return length > 0 && length <= TEXT_MAX_CHARS && text[length] == '\0';
}

static void add(struct seen *seen, struct arena *arena, const char *kind,
                const char *text)
{
    if (seen->count == SEEN_MAX)
        return;
    seen->values[seen->count].kind = kind;
    seen->values[seen->count].text = arena_strdup(arena, text);
    seen->count++;
}

static void add_arn(struct seen *seen, struct arena *arena, const char *arn)
{
    const char *slash = strchr(arn, '/');
    const char *type = arn;

    for (const char *colon = arn; colon != NULL; colon = strchr(type, ':'))
        type = colon + 1;
    if (slash != NULL && slash > type)
        add(seen, arena, arena_strndup(arena, type, (size_t)(slash - type)), arn);
}

void seen_answer(struct seen *seen, struct arena *arena, const cJSON *answer)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, answer) {
        if (!cJSON_IsString(child))
            seen_answer(seen, arena, child);
        else if (!is_plain(child->valuestring))
            continue;
        else if (text_starts_with(child->valuestring, ARN_START))
            add_arn(seen, arena, child->valuestring);
        else if (child->string != NULL)
            add(seen, arena, arena_strdup(arena, child->string), child->valuestring);
    }
}

static bool is_of_kind(const struct seen *seen, size_t i, const char *kind, size_t length)
{
    const char *own = seen->values[i].kind;

    if (length == 3 && memcmp(kind, "arn", 3) == 0)
        return text_starts_with(seen->values[i].text, ARN_START);
    return strlen(own) == length && memcmp(own, kind, length) == 0;
}

/* NULL: nothing of the kind was seen. */
static const char *find(const struct seen *seen, const char *kind, size_t length,
                        size_t back)
{
    size_t all = 0;

    for (size_t i = 0; i < seen->count; i++)
        all += is_of_kind(seen, i, kind, length);
    if (all == 0)
        return NULL;
    back %= all;
    for (size_t i = seen->count; i-- > 0;) {
        if (is_of_kind(seen, i, kind, length) && back-- == 0)
            return seen->values[i].text;
    }
    return NULL;
}

/* The value of the <kind n> at `at`, or NULL; *length is then the length of the
 * placeholder. */
static const char *value_at(const struct seen *seen, const char *at, size_t *length)
{
    size_t kind = strspn(at + 1, LETTERS "-");
    const char *number = at + 1 + kind;
    size_t digits = number[0] == ' ' ? strspn(number + 1, DIGITS) : 0;

    if (digits == 0 || digits > 2 || number[1 + digits] != '>')
        return NULL;
    size_t back = 0;
    for (size_t i = 1; i <= digits; i++)
        back = back * 10 + (size_t)(number[i] - '0');
    *length = kind + digits + strlen("< >");
    return find(seen, at + 1, kind, back);
}

const char *seen_fill(const struct seen *seen, struct arena *arena, const char *text,
                      size_t length, size_t *out_length)
{
    const char *source = arena_strndup(arena, text, length);
    struct buf filled AUTO(buf_done);
    size_t place;

    buf_init(&filled, FILLED_MAX_BYTES);
    for (size_t i = 0; i < length; i += place) {
        const char *value = NULL;
        place = 1;
        if (source[i] == '<')
            value = value_at(seen, source + i, &place);
        if (value != NULL) {
            buf_text(&filled, value);
        } else {
            place = 1;
            buf_add(&filled, source + i, 1);
        }
    }
    *out_length = filled.length;
    return arena_strndup(arena, filled.bytes, filled.length);
}
