/*
 * The caller, from the Authorization header or the query of a presigned request.
 */
#include "fuzz.h"

#include "api/credential.h"
#include "base/bug.h"

#include <string.h>

static const struct scope absent = {.account = "000000000000", .region = "us-east-1"};

static void check(const struct signature_source *source)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct caller caller = {.key_id = NULL};
    const char *why = credential_caller(arena, source, absent, &caller);

    if (why != NULL) {
        if (why[0] == '\0')
            BUG("refused without a reason");
        return;
    }
    if (caller.scope.account == NULL || !scope_is_account(caller.scope.account))
        BUG("taken without an account");
    if (caller.scope.region == NULL || !scope_is_region(caller.scope.region))
        BUG("taken without a region");
    if (caller.key_id == NULL || caller.signed_for == NULL)
        BUG("taken without an access key id");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);

    check(&(struct signature_source){.authorization = text});
    check(&(struct signature_source){.presigned_credential = text});
    check(
        &(struct signature_source){.authorization = text, .presigned_credential = text});
    return 0;
}
