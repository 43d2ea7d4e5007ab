#include "api/shape.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stddef.h>
#include <string.h>

static const struct member no_members[] = {MEMBERS_END};

const struct shape shape_string = {.type = SHAPE_STRING};
const struct shape shape_boolean = {.type = SHAPE_BOOLEAN};
const struct shape shape_long = {
    .type = SHAPE_INTEGER, .min = INT64_MIN, .max = INT64_MAX};
const struct shape shape_timestamp = {.type = SHAPE_TIMESTAMP};
const struct shape shape_document = {.type = SHAPE_DOCUMENT};
const struct shape shape_empty = STRUCT_OF(no_members);

const struct member *shape_member(const struct shape *structure, const char *name)
{
    for (const struct member *m = structure->members; m->name != NULL; m++) {
        if (m->name[0] == name[0] && strcmp(m->name, name) == 0)
            return m;
    }
    return NULL;
}

/* Whether `c` is in a set such as "a-zA-Z0-9_-". */
static bool in_set(const char *set, char c)
{
    for (; *set != '\0'; set++) {
        if (set[1] == '-' && set[2] != '\0') {
            if (c >= set[0] && c <= set[2])
                return true;
            set += 2;
        } else if (c == *set) {
            return true;
        }
    }
    return false;
}

bool pattern_chars(const struct pattern *pattern, const char *value)
{
    for (; *value != '\0'; value++) {
        if (!in_set(pattern->chars, *value))
            return false;
    }
    return true;
}

bool pattern_prefix_chars(const struct pattern *pattern, const char *value)
{
    if (!text_starts_with(value, pattern->prefix))
        return false;
    value += strlen(pattern->prefix);
    return value[0] != '\0' && pattern_chars(pattern, value);
}

bool pattern_arn(const struct pattern *pattern, const char *value)
{
    return pattern->arn->type != NULL ? arn_matches(pattern->arn, value)
                                      : arn_matches_service(pattern->arn->service, value);
}

bool pattern_arn_or_empty(const struct pattern *pattern, const char *value)
{
    return value[0] == '\0' || pattern_arn(pattern, value);
}

bool pattern_words_or_chars(const struct pattern *pattern, const char *value)
{
    return utf8_all_words_or(value, pattern->chars);
}
