#include "api/credential.h"

#include <string.h>

/* The parts of a credential, in their order. */
enum { ACCESS_KEY_ID, DATE, REGION, SERVICE, TERMINATOR, PARTS };

static const char scheme[] = "AWS4-HMAC-SHA256";

/* The value of Credential= in the header, or NULL. */
static const char *credential_of(struct arena *arena, const char *authorization)
{
    static const char name[] = "Credential=";
    const char *at = authorization + strlen(scheme);

    for (;;) {
        at += strspn(at, " ,\t");
        if (*at == '\0')
            return NULL;
        size_t length = strcspn(at, " ,\t");
        if (strncmp(at, name, strlen(name)) == 0)
            return arena_strndup(arena, at + strlen(name), length - strlen(name));
        at += length;
    }
}

static const char *read_credential(struct arena *arena, const char *credential,
                                   struct scope absent, struct scope *out)
{
    char *parts[PARTS];
    char *at = arena_strdup(arena, credential);

    /* An access key id has no slash, so the first five parts are all. */
    for (int i = 0; i < PARTS; i++) {
        parts[i] = at;
        char *slash = strchr(at, '/');
        if ((slash == NULL) != (i == PARTS - 1))
            return "Credential must have 5 parts: "
                   "<access key id>/<date>/<region>/<service>/aws4_request";
        if (slash != NULL) {
            *slash = '\0';
            at = slash + 1;
        }
    }
    if (parts[ACCESS_KEY_ID][0] == '\0')
        return "Credential must begin with an access key id";
    if (!scope_is_region(parts[REGION]))
        return "Credential must name a region";
    if (strcmp(parts[TERMINATOR], "aws4_request") != 0)
        return "Credential must end with aws4_request";
    out->region = parts[REGION];
    out->account =
        scope_is_account(parts[ACCESS_KEY_ID]) ? parts[ACCESS_KEY_ID] : absent.account;
    return NULL;
}

const char *credential_scope(struct arena *arena, const struct signature_source *source,
                             struct scope absent, struct scope *out)
{
    const char *credential = source->presigned_credential;
    const char *header = source->authorization;

    if (header != NULL && strncmp(header, scheme, strlen(scheme)) == 0 &&
        strchr(" ,\t", header[strlen(scheme)]) != NULL) {
        credential = credential_of(arena, header);
        if (credential == NULL)
            return "Authorization header requires 'Credential' parameter.";
    }
    if (credential == NULL) {
        *out = absent;
        return NULL;
    }
    return read_credential(arena, credential, absent, out);
}
