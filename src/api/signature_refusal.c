/*
 * Refusals of requests with a wrong signature.
 */
#include "signature_internal.h"

#include <stdarg.h>

int signature_refuse(struct verification *v, const struct error_kind *kind,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    v->refusal->message = arena_vprintf(v->arena, format, args);
    va_end(args);
    v->refusal->kind = kind;
    return -1;
}

int signature_refuse_plainly(struct verification *v, const struct error_kind *kind)
{
    return signature_refuse(v, kind, "%s", kind->text);
}

const char *signature_quote(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((*at < ' ' || *at > '~') && *at != '\t')
            return "";
    }
    return text;
}
