/*
 * What the control API's operations and their members mean, in sentences: for the models
 * that the program prints, the manual and the documents.
 *
 * In the sentences, names and values of the API are between ` characters. They contain
 * neither | nor < > &.
 */
#ifndef CONTROL_DOCUMENTATION_H
#define CONTROL_DOCUMENTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "api/errors.h"
#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"

enum { DOCUMENTATION_MAX_ERRORS = 4 };

struct operation_documentation {
    const char *operation;
    const char *text;
    const char *example; /* an input: JSON; "": it has none */
    /* The member of the output that stands for a response that is no JSON; NULL: it is
     * JSON. */
    const char *plain;
    /* The errors that are special to it; they end with NULL. */
    const struct error_kind *errors[DOCUMENTATION_MAX_ERRORS + 1];
    /* That response does not end: server-sent events. Otherwise it is plain text. */
    bool streams;
};

struct member_documentation {
    /* The name of the structure that has the member: <operation>Request or
     * <operation>Response, or the `names` of another member. */
    const char *structure;
    const char *member;
    /* The name of the structure that the member is, or is a list of. NULL: it is none. */
    const char *names;
    const char *fallback; /* the default, as JSON; NULL: none, or the text says it */
    const char *text;     /* NULL: that of the row for every request or response */
};

/* What the whole API is. */
extern const char documentation_of_service[];

/* The rows, in which the tests find what is missing. */
extern const struct operation_documentation documented_operations[];
extern const size_t documented_operation_count;
extern const struct member_documentation documented_members[];
extern const size_t documented_member_count;

/* The errors that every operation may return; they end with NULL. */
extern const struct error_kind *const documented_errors[];

/* Returns what is documented about an operation. Its text is "" if nothing is. */
struct operation_documentation documentation_of_operation(const char *operation);

/* Returns what is documented about a member of a structure. Its text is "" if nothing
 * is. */
struct member_documentation documentation_of_member(const char *structure,
                                                    const char *member);

/* The names of the structures of an operation, in the arena. */
const char *documentation_request(struct arena *arena,
                                  const struct operation *op) NODISCARD;
const char *documentation_response(struct arena *arena,
                                   const struct operation *op) NODISCARD;

/* The name of the value of a member: that of the structure, then that of the member as
 * one word that begins with a capital letter. In the arena. */
const char *documentation_value(struct arena *arena, const char *structure,
                                const char *member) NODISCARD;

/* The name of the structure that a member is, or is a list of, in the arena. If it has no
 * row, the name is made of that of the value. */
const char *documentation_structure(struct arena *arena, const char *structure,
                                    const char *member) NODISCARD;

#endif
