/*
 * The errors of the API: the name a client matches on and the status it comes with, each
 * stated once, in errors.def.
 */
#ifndef API_ERRORS_H
#define API_ERRORS_H

#include <stddef.h>

struct error_kind {
    const char *name; /* as in x-amzn-ErrorType */
    int status;
    const char *text; /* what it says by default */
};

#define ERROR(constant, name, status, text) extern const struct error_kind constant;
#include "api/errors.def"
#undef ERROR

/* The error of that name, or NULL. */
const struct error_kind *error_find(const char *name);

#endif
