/*
 * The account and region that a call of the control API works on: those of the ARN in its
 * input, else those that its members name, else those of the caller.
 */
#include "scope_internal.h"

#include "base/arn.h"

#include <string.h>

static bool is_account(const struct pattern *pattern, const char *value)
{
    (void)pattern;
    return scope_is_account(value);
}

static bool is_region(const struct pattern *pattern, const char *value)
{
    (void)pattern;
    return scope_is_region(value);
}

static const struct pattern account_pattern = {
    .text = "[0-9]{12}", .matches = is_account, .example = "123456789012"};
static const struct pattern region_pattern = {
    .text = "[a-z0-9-]+", .matches = is_region, .example = "us-west-2"};
const struct shape control_account = {.type = SHAPE_STRING,
                                      .min = SCOPE_ACCOUNT_CHARS,
                                      .max = SCOPE_ACCOUNT_CHARS,
                                      .pattern = &account_pattern};
const struct shape control_region = {.type = SHAPE_STRING,
                                     .min = 1,
                                     .max = SCOPE_REGION_MAX_CHARS,
                                     .pattern = &region_pattern};

/* The members that name a resource, and so its account and region. */
static const char *const arn_members[] = {"channelArn", "resourceArn", "roomIdentifier"};

bool control_is_for_all(const struct call *call)
{
    return shape_member(call->op->in, "allAccounts") != NULL &&
           in_bool_or(call, "allAccounts", false);
}

static int refuse_contradiction(struct call *call, const char *member)
{
    return call_fail(call, &ERR_VALIDATION,
                     "%s.%s contradicts the account or the region of the resource",
                     call->op->name, member);
}

int control_enter_scope(struct call *call, struct scope scope)
{
    if (strcmp(in_string_or(call, "account", scope.account), scope.account) != 0)
        return refuse_contradiction(call, "account");
    if (strcmp(in_string_or(call, "region", scope.region), scope.region) != 0)
        return refuse_contradiction(call, "region");
    if (call->txn != NULL && resets_cover(call->emu->resets, scope))
        return call_fail(call, &ERR_CONFLICT,
                         "A Reset of account %s in %s is not complete yet", scope.account,
                         scope.region);
    call->scope = scope;
    call->now_ms = clock_scope_ms(call->emu->clock, scope);
    return 0;
}

/* The ARN in the input; NULL: there is none. */
static const char *arn_of_input(const struct call *call, const char **member)
{
    for (size_t i = 0; i < COUNT_OF(arn_members); i++) {
        *member = arn_members[i];
        if (shape_member(call->op->in, *member) != NULL && in_has(call, *member))
            return in_string(call, *member);
    }
    return NULL;
}

int control_choose_scope(struct call *call)
{
    const char *member;
    struct scope scope;

    if (shape_member(call->op->in, "account") == NULL)
        return 0;
    if (control_is_for_all(call) && (in_has(call, "account") || in_has(call, "region")))
        return call_fail(call, &ERR_VALIDATION,
                         "%s.allAccounts cannot be combined with account or region",
                         call->op->name);
    const char *arn = arn_of_input(call, &member);
    if (arn == NULL)
        scope = (struct scope){in_string_or(call, "account", call->scope.account),
                               in_string_or(call, "region", call->scope.region)};
    else if (arn_scope(call->arena, arn, &scope) != 0)
        return call_fail(call, &ERR_VALIDATION, "%s.%s must be an ARN", call->op->name,
                         member);
    return control_enter_scope(call, scope);
}

void control_name_scope(struct call *call)
{
    bool has_body = call->op->status != 204 || call->out->child != NULL;

    if (!has_body || control_is_for_all(call) ||
        shape_member(call->op->out, "account") == NULL)
        return;
    json_add_text(call->out, "account", call->scope.account);
    json_add_text(call->out, "region", call->scope.region);
}
