/*
 * The errors of the API: the name a client matches on and the status it comes with, each
 * stated once.
 */
#ifndef API_ERRORS_H
#define API_ERRORS_H

#include <stddef.h>

struct error_kind {
    const char *name; /* as in x-amzn-ErrorType */
    int status;
};

/* Declared by the services' models. */
extern const struct error_kind ERR_VALIDATION;
extern const struct error_kind ERR_NOT_FOUND;
extern const struct error_kind ERR_CHANNEL_NOT_BROADCASTING;
extern const struct error_kind ERR_CONFLICT;
extern const struct error_kind ERR_QUOTA;
extern const struct error_kind ERR_INTERNAL;

/* Of the gateway in front of them. */
extern const struct error_kind ERR_SERIALIZATION;
extern const struct error_kind ERR_UNKNOWN_OPERATION;
extern const struct error_kind ERR_MISSING_AUTHENTICATION_TOKEN;
extern const struct error_kind ERR_INCOMPLETE_SIGNATURE;
extern const struct error_kind ERR_UNRECOGNIZED_CLIENT;
extern const struct error_kind ERR_EXPIRED_TOKEN;
extern const struct error_kind ERR_INVALID_SIGNATURE;
extern const struct error_kind ERR_BAD_REQUEST;
extern const struct error_kind ERR_TOO_LARGE;

/* Of this program. */
extern const struct error_kind ERR_NOT_IMPLEMENTED;
extern const struct error_kind ERR_ORIGIN_REFUSED;

#endif
