#include "api/credential.h"

#include "base/sigv4.h"

#include <string.h>

enum { PARTS = 5 };

size_t credential_parameter(const char **at)
{
    *at += strspn(*at, CREDENTIAL_SEPARATORS);
    return strcspn(*at, CREDENTIAL_SEPARATORS);
}

const char *credential_value(struct arena *arena, const char *parameters,
                             const char *name)
{
    const char *at = parameters;
    size_t skip = strlen(name);

    for (size_t length; (length = credential_parameter(&at)) > 0; at += length) {
        if (strncmp(at, name, skip) == 0)
            return arena_strndup(arena, at + skip, length - skip);
    }
    return NULL;
}

bool credential_read(struct arena *arena, const char *text, struct credential *out)
{
    char *parts[PARTS];
    char *at = arena_strdup(arena, text);

    /* An access key id has no slash, so the first five parts are all. */
    for (int i = 0; i < PARTS; i++) {
        parts[i] = at;
        char *slash = strchr(at, '/');
        if ((slash == NULL) != (i == PARTS - 1))
            return false;
        if (slash != NULL) {
            *slash = '\0';
            at = slash + 1;
        }
    }
    *out = (struct credential){parts[0], parts[1], parts[2], parts[3], parts[4]};
    return true;
}

static const char *read_caller(struct arena *arena, const char *text, struct scope absent,
                               struct caller *out)
{
    struct credential credential;

    if (!credential_read(arena, text, &credential))
        return "Credential must have 5 parts: "
               "<access key id>/<date>/<region>/<service>/aws4_request";
    if (credential.key_id[0] == '\0')
        return "Credential must begin with an access key id";
    if (!scope_is_region(credential.region))
        return "Credential must name a region";
    if (strcmp(credential.terminator, SIGV4_TERMINATOR) != 0)
        return "Credential must end with " SIGV4_TERMINATOR;
    *out = (struct caller){
        .scope = {.account = scope_is_account(credential.key_id) ? credential.key_id
                                                                 : absent.account,
                  .region = credential.region},
        .key_id = credential.key_id,
        .signed_for = credential.service,
    };
    return NULL;
}

const char *credential_caller(struct arena *arena, const struct signature_source *source,
                              struct scope absent, struct caller *out)
{
    const char *credential = source->presigned_credential;
    const char *header = source->authorization;

    if (header != NULL &&
        strncmp(header, SIGV4_ALGORITHM, strlen(SIGV4_ALGORITHM)) == 0 &&
        strchr(CREDENTIAL_SEPARATORS, header[strlen(SIGV4_ALGORITHM)]) != NULL) {
        credential =
            credential_value(arena, header + strlen(SIGV4_ALGORITHM), "Credential=");
        if (credential == NULL)
            return "Authorization header requires 'Credential' parameter.";
    }
    if (credential == NULL) {
        *out = (struct caller){.scope = absent, .key_id = "", .signed_for = ""};
        return NULL;
    }
    return read_caller(arena, credential, absent, out);
}
