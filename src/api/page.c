#include "api/page.h"

#include "base/base64.h"
#include "base/hash.h"

#include <string.h>

/* The content of a token. It protects against mix-ups, not against forgery: anyone who
 * can forge one could request the rows anyway. */
struct token {
    int64_t last;
    uint64_t seal; /* hash of `last` and all that the token is bound to */
};

static uint64_t seal(const struct call *call, const char *filter, int64_t last)
{
    uint64_t hash = hash_text(HASH_START, call->service->name);

    hash = hash_text(hash, call->op->name);
    hash = hash_text(hash, call->scope.account);
    hash = hash_text(hash, call->scope.region);
    hash = hash_text(hash, filter);
    return hash_number(hash, last);
}

/* Fidelity: common-lists-1 */
int page_open(struct call *call, size_t default_limit, const char *filter,
              struct page *out)
{
    const char *text = in_string_or(call, "nextToken", "");
    unsigned char bytes[sizeof(struct token)];
    struct token token = {0};

    *out = (struct page){
        .limit = (size_t)in_int_or(call, "maxResults", (int64_t)default_limit),
        .filter = filter,
    };
    if (text[0] == '\0')
        return 0;
    if (base64url_decode(text, bytes, sizeof(bytes)) == 0)
        memcpy(&token, bytes, sizeof(token));
    if (token.last <= 0 || token.seal != seal(call, filter, token.last))
        return call_fail_about(call, &ERR_VALIDATION,
                               (struct error_details){.member = "nextToken"},
                               "%s.nextToken is not valid for this list", call->op->name);
    out->after = token.last;
    return 0;
}

void page_more(struct call *call, const struct page *page, int64_t last)
{
    struct token token = {.last = last, .seal = seal(call, page->filter, last)};
    unsigned char bytes[sizeof(token)];

    memcpy(bytes, &token, sizeof(token));
    cJSON_AddStringToObject(call->out, "nextToken",
                            base64url_encode(call->arena, bytes, sizeof(bytes)));
}
