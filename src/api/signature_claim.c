/*
 * Reads the claim of a request: what it states about its own signature.
 */
#include "signature_internal.h"

#include <string.h>
#include <strings.h>

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* ex_aws sends an empty hash with JSON. Fidelity: common-auth-10 */
static const char *none_if_empty(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Returns the first header with that name in any case, or NULL. */
static const char *find_header(const struct verification *v, const char *name)
{
    for (const struct http_header *h = v->request->headers; h->name != NULL; h++) {
        if (strcasecmp(h->name, name) == 0)
            return h->value;
    }
    return NULL;
}

static const char *find_in_query(const struct verification *v, const char *name)
{
    const struct uri *uri = v->request->uri;

    for (size_t i = 0; i < uri->query_count; i++) {
        if (strcmp(uri->query[i].name, name) == 0)
            return uri->query[i].value;
    }
    return NULL;
}

/* Reads the parameters of an Authorization header. */
static int read_parameters(struct verification *v, const char *authorization)
{
    struct claim *claim = &v->claim;
    const char *parameters =
        authorization + strcspn(authorization, CREDENTIAL_SEPARATORS);
    const char *at = parameters;

    for (size_t length; (length = credential_parameter(&at)) > 0; at += length) {
        if (memchr(at, '=', length) == NULL)
            return signature_refuse(
                v, &ERR_INCOMPLETE_SIGNATURE,
                "'%.*s' not a valid key=value pair (missing equal-sign) in "
                "Authorization header: '%s'.",
                (int)length, at, authorization);
    }
    claim->algorithm =
        arena_strndup(v->arena, authorization, (size_t)(parameters - authorization));
    claim->credential = credential_value(v->arena, parameters, "Credential=");
    claim->signature = credential_value(v->arena, parameters, "Signature=");
    claim->signed_headers = credential_value(v->arena, parameters, "SignedHeaders=");
    return 0;
}

static int read_header_claim(struct verification *v, const char *authorization)
{
    struct claim *claim = &v->claim;
    const char *missing = "";

    if (strlen(authorization) > SIGNATURE_MAX_AUTHORIZATION_BYTES ||
        signature_quote(authorization) != authorization)
        return signature_refuse(
            v, &ERR_INCOMPLETE_SIGNATURE,
            "Authorization header must be visible ASCII of at most %d bytes",
            SIGNATURE_MAX_AUTHORIZATION_BYTES);
    if (read_parameters(v, authorization) != 0)
        return -1;
    const char *date = find_header(v, "X-Amz-Date");
    claim->date = date != NULL ? date : find_header(v, "Date");
    claim->token = find_header(v, "X-Amz-Security-Token");
    claim->payload_hash = none_if_empty(find_header(v, "X-Amz-Content-Sha256"));

    const struct {
        const char *value;
        const char *says;
    } required[] = {
        {claim->credential,     "Authorization header requires 'Credential' parameter. "},
        {claim->signature,      "Authorization header requires 'Signature' parameter. " },
        {claim->signed_headers,
         "Authorization header requires 'SignedHeaders' parameter. "                    },
        {claim->date,
         "Authorization header requires existence of either a 'X-Amz-Date' or a "
         "'Date' header. "                                                              },
    };
    for (size_t i = 0; i < COUNT_OF(required); i++) {
        if (is_empty(required[i].value))
            missing = arena_printf(v->arena, "%s%s", missing, required[i].says);
    }
    if (missing[0] != '\0')
        return signature_refuse(v, &ERR_INCOMPLETE_SIGNATURE, "%sAuthorization=%s",
                                missing, authorization);
    return 0;
}

/* Reads the claim in a query; *found: there is one, even if incomplete. */
static int read_query_claim(struct verification *v, bool *found)
{
    struct claim *claim = &v->claim;
    const struct {
        const char *name;
        const char **value;
    } required[] = {
        {"X-Amz-Algorithm",     &claim->algorithm     },
        {"X-Amz-Credential",    &claim->credential    },
        {"X-Amz-Signature",     &claim->signature     },
        {"X-Amz-SignedHeaders", &claim->signed_headers},
        {"X-Amz-Date",          &claim->date          },
    };
    const char *missing = "";

    for (size_t i = 0; i < COUNT_OF(required); i++) {
        *required[i].value = find_in_query(v, required[i].name);
        *found = *found || *required[i].value != NULL;
        if (is_empty(*required[i].value))
            missing = arena_printf(v->arena,
                                   "%sAWS query-string parameters must include '%s'. ",
                                   missing, required[i].name);
    }
    claim->presigned = true;
    claim->expires = find_in_query(v, "X-Amz-Expires");
    claim->token = find_in_query(v, "X-Amz-Security-Token");
    claim->payload_hash = none_if_empty(find_in_query(v, "X-Amz-Content-Sha256"));
    if (*found && missing[0] != '\0')
        return signature_refuse(v, &ERR_INCOMPLETE_SIGNATURE,
                                "%sRe-examine the query-string parameters.", missing);
    return 0;
}

int signature_read_claim(struct verification *v)
{
    const char *authorization = find_header(v, "Authorization");
    bool found = false;

    if (authorization != NULL && find_in_query(v, "X-Amz-Algorithm") != NULL)
        return signature_refuse(
            v, &ERR_INVALID_SIGNATURE,
            "Found both 'X-Amz-Algorithm' as a query-string param and "
            "'Authorization' as HTTP header.");
    if (!is_empty(authorization))
        return read_header_claim(v, authorization);
    if (read_query_claim(v, &found) != 0)
        return -1;
    return found ? 0 : signature_refuse_plainly(v, &ERR_MISSING_AUTHENTICATION_TOKEN);
}
