#include "base/secret.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

/* What ends a word, within which a URL is looked for. */
static const char word_ends[] = " \t\r\n\"'<>";
/* What ends a value or a key. */
static const char value_ends[] = " \t\r\n\"'<>&;,#?()[]{}";

/* A JSON Web Token begins so: this is {" in base64. */
static const char token_start[] = "eyJ";
enum { TOKEN_MIN_CHARS = 12 };

enum { NAME_CHARS = TEXT_DIGITS | TEXT_LOWER | TEXT_UPPER };

static const char *const names[] = {
    "token",      "signature", "passphrase", "password",  "passwd",
    "secret",     "streamkey", "stream_key", "apikey",    "api_key",
    "access_key", "accesskey", "secret_key", "secretkey",
};

static bool is_name(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t ending = strlen(names[i]);
        if (length >= ending &&
            strncasecmp(name + length - ending, names[i], ending) == 0)
            return true;
    }
    return false;
}

bool secret_is_name(const char *name)
{
    return is_name(name, strlen(name));
}

static bool is_name_character(char c)
{
    const char text[] = {c, '\0'};

    return text_span(text, NAME_CHARS, "_-") == 1;
}

/* Whether a name of a secret ends at `end`. */
static bool follows_name(const char *text, const char *end)
{
    const char *start = end;

    while (start > text && is_name_character(start[-1]))
        start--;
    return is_name(start, (size_t)(end - start));
}

/* The value after `"name":`, whose second quote is at `at`; NULL: there is none. */
static const char *find_json_value(const char *text, const char *at, size_t *length)
{
    const char *value = at + 1 + strspn(at + 1, " \t\r\n");

    if (*value != ':' || !follows_name(text, at))
        return NULL;
    value += 1 + strspn(value + 1, " \t\r\n");
    if (*value != '"') {
        *length = strcspn(value, value_ends);
        return *length > 0 ? value : NULL;
    }
    const char *end = ++value;
    for (; *end != '\0' && *end != '"'; end++)
        end += *end == '\\' && end[1] != '\0';
    *length = (size_t)(end - value);
    return *length > 0 ? value : NULL;
}

/* The value after name=, whose equal sign is at `at`; NULL: there is none. */
static const char *find_value(const char *text, const char *at, size_t *length)
{
    *length = strcspn(at + 1, value_ends);
    return *length > 0 && follows_name(text, at) ? at + 1 : NULL;
}

/* The last character of that kind among the first `length`; NULL: there is none. */
static const char *find_last(const char *text, size_t length, char wanted)
{
    while (length > 0 && text[length - 1] != wanted)
        length--;
    return length > 0 ? text + length - 1 : NULL;
}

/* The user and password of the URL that the word at `at` is; NULL: there are none. A
 * password that is not encoded may contain anything, so they end at the last @. */
static const char *find_user(const char *at, size_t *length)
{
    const char *end = find_last(at, strcspn(at, word_ends), '@');
    const char *start = at;

    if (end == NULL || memchr(at, ':', (size_t)(end - at)) == NULL)
        return NULL;
    for (const char *c = at; c + 3 <= end; c++) {
        if (text_starts_with(c, "://")) {
            start = c + 3;
            break;
        }
    }
    *length = (size_t)(end - start);
    return *length > 0 ? start : NULL;
}

/* The part of the stream key at `at` that is secret; NULL: there is no key. */
static const char *find_key(const char *at, size_t *length)
{
    if (!text_starts_with(at, "sk_") && !text_starts_with(at, "rt_"))
        return NULL;
    size_t start = 3 + text_span(at + 3, NAME_CHARS, "-");
    if (start == 3 || at[start] != '_')
        return NULL;
    *length = strcspn(at + start + 1, value_ends);
    return *length > 0 ? at + start + 1 : NULL;
}

/* The part of the JSON Web Token at `at` that is hidden; NULL: there is no token. */
static const char *find_token(const char *at, size_t *length)
{
    size_t start = strlen(token_start);

    if (!text_starts_with(at, token_start))
        return NULL;
    *length = text_span(at + start, NAME_CHARS, "-_.");
    return *length >= TOKEN_MIN_CHARS ? at + start : NULL;
}

static bool begins_word(const char *text, const char *at)
{
    return at == text || strchr(word_ends, at[-1]) != NULL;
}

/* The secret that is recognized at this character; NULL: none. */
static const char *find_at(const char *text, const char *at, size_t *length)
{
    const char *found = begins_word(text, at) ? find_user(at, length) : NULL;

    if (found != NULL)
        return found;
    switch (*at) {
    case '=':
        return find_value(text, at, length);
    case '"':
        return find_json_value(text, at, length);
    case 's':
    case 'r':
    case 'e':
        if (at > text && is_name_character(at[-1]))
            return NULL;
        return *at == 'e' ? find_token(at, length) : find_key(at, length);
    default:
        return NULL;
    }
}

const char *secret_find(const char *text, const char *from, size_t *length)
{
    for (const char *at = from; *at != '\0'; at++) {
        const char *found = find_at(text, at, length);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static size_t count_secrets(const char *text)
{
    size_t count = 0, length;

    for (const char *at = secret_find(text, text, &length); at != NULL; count++)
        at = secret_find(text, at + length, &length);
    return count;
}

const char *secret_hide(struct arena *arena, const char *text)
{
    static const char hidden[] = SECRET_HIDDEN;
    enum { HIDDEN = sizeof(hidden) - 1 };
    size_t count = count_secrets(text), length = 0;
    const char *from = text, *secret;

    if (count == 0)
        return text;
    char *shown = arena_take(arena, strlen(text) + count * HIDDEN + 1);
    char *end = shown;
    while ((secret = secret_find(text, from, &length)) != NULL) {
        memcpy(end, from, (size_t)(secret - from));
        end += secret - from;
        memcpy(end, hidden, HIDDEN);
        end += HIDDEN;
        from = secret + length;
    }
    memcpy(end, from, strlen(from) + 1);
    return shown;
}

const char *secret_hide_in_path(struct arena *arena, const char *path)
{
    static const char app[] = "/app/";
    const char *at = strstr(path, app);

    if (at == NULL || at[strlen(app)] == '\0')
        return secret_hide(arena, path);
    const char *before = arena_strndup(arena, path, (size_t)(at - path));
    return arena_join(arena, secret_hide(arena, before), app, SECRET_HIDDEN, NULL);
}
