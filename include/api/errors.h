/*
 * The errors of the API: the name that clients match on and its status, each defined
 * once, in errors.def.
 */
#ifndef API_ERRORS_H
#define API_ERRORS_H

#include <stddef.h>

struct error_kind {
    const char *name; /* as in x-amzn-ErrorType */
    int status;
    const char *text; /* the default message */
};

#define ERROR(constant, name, status, text) extern const struct error_kind constant;
#include "api/errors.def"
#undef ERROR

/* Returns the error with that name, or NULL. */
const struct error_kind *error_find(const char *name);

/* The names of all errors, and their number. */
extern const char *const error_names[];
extern const size_t error_name_count;

#endif
