/*
 * Shapes: descriptions of the input and output members of operations, as data. The same
 * tables validate requests, check responses, print documentation and are compared with
 * the published service models.
 */
#ifndef API_SHAPE_H
#define API_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arn.h"

enum shape_type {
    SHAPE_STRING,
    SHAPE_BOOLEAN,
    SHAPE_INTEGER,   /* an integer; `min` and `max` always both apply */
    SHAPE_NUMBER,    /* any number; likewise */
    SHAPE_TIMESTAMP, /* a string in RFC 3339 format */
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_STRUCTURE,
    SHAPE_DOCUMENT, /* any JSON object */
};

/* What a whole string must match. regcomp() rejects several of the published patterns, so
 * each has a function. */
struct pattern {
    const char *text; /* as AWS prints it, for messages and for the model test */
    bool (*matches)(const struct pattern *pattern, const char *value);
    const char *chars;          /* for pattern_chars(): ranges such as a-z; - last */
    const char *prefix;         /* for pattern_prefix_chars() */
    const struct arn_kind *arn; /* for the ARN patterns; no type: any of the service */
    const char *example;        /* a string that matches */
};

/* Every character is one of `chars`. Whether "" is accepted depends on `min`. */
bool pattern_chars(const struct pattern *pattern, const char *value);

/* `prefix`, then at least one of `chars`. */
bool pattern_prefix_chars(const struct pattern *pattern, const char *value);

/* An ARN of the kind `arn`. */
bool pattern_arn(const struct pattern *pattern, const char *value);

/* The same, or "". */
bool pattern_arn_or_empty(const struct pattern *pattern, const char *value);

/* Unicode letters, numbers and separators, or one of `chars` (no ranges). */
bool pattern_words_or_chars(const struct pattern *pattern, const char *value);

struct member;

struct shape {
    enum shape_type type;
    bool or_empty; /* with `values`: "" is accepted too and means none */
    bool secret;   /* `sensitive` in the model: never logged */
    int64_t min;   /* characters, entries, or the minimum value */
    int64_t max;   /* likewise; 0 for a string, a list or a map: unbounded */
    const struct pattern *pattern;
    const char *const *values;    /* of an enum, ends with NULL */
    const struct shape *key;      /* of a map */
    const struct shape *item;     /* of a list's elements, of a map's values */
    const struct member *members; /* of a structure, ends with MEMBERS_END */
};

enum member_flag {
    REQUIRED = 1,
    IN_PATH = 2,  /* bound to the label of that name in the URI */
    IN_QUERY = 4, /* bound to the query key of that name */
};

struct member {
    const char *name;
    const struct shape *shape;
    unsigned flags;
};

/* clang-format off */
#define MEMBERS_END {NULL, NULL, 0}
#define STRUCT_OF(list) {.type = SHAPE_STRUCTURE, .members = (list)}
#define LIST_OF(element) {.type = SHAPE_LIST, .item = &(element)}
/* clang-format on */

/* Shapes without constraints. */
extern const struct shape shape_string;
extern const struct shape shape_boolean;
extern const struct shape shape_long;
extern const struct shape shape_timestamp;
extern const struct shape shape_document;
extern const struct shape shape_empty; /* a structure without members */

/* Returns the member with that name, or NULL. */
const struct member *shape_member(const struct shape *structure, const char *name);

#endif
