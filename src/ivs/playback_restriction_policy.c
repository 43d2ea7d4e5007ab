#include "data/playback_restriction_policy.h"

#include "api/page.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "data/channel.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

/* Limits that AWS does not raise. */
enum { COUNTRIES_PER_POLICY = 200, ORIGINS_PER_POLICY = 5 };

static const struct shape country = {.type = SHAPE_STRING, .min = 2, .max = 2};
static const struct shape countries = LIST_OF(country);
static const struct shape origin = {.type = SHAPE_STRING, .max = 128};
static const struct shape origins = LIST_OF(origin);

static const struct member policy_members[] = {
    {"arn",                           &ivs_playback_restriction_policy_arn, REQUIRED},
    {"allowedCountries",              &countries,                           REQUIRED},
    {"allowedOrigins",                &origins,                             REQUIRED},
    {"enableStrictOriginEnforcement", &shape_boolean,                       0       },
    {"name",                          &common_name,                         0       },
    {"tags",                          &ivs_tags,                            0       },
    MEMBERS_END
};
static const struct shape policy_shape = STRUCT_OF(policy_members);

static const struct member create_in[] = {
    {"allowedCountries",              &countries,     0},
    {"allowedOrigins",                &origins,       0},
    {"enableStrictOriginEnforcement", &shape_boolean, 0},
    {"name",                          &common_name,   0},
    {"tags",                          &ivs_tags,      0},
    MEMBERS_END
};
static const struct member update_in[] = {
    {"arn",                           &ivs_playback_restriction_policy_arn, REQUIRED},
    {"allowedCountries",              &countries,                           0       },
    {"allowedOrigins",                &origins,                             0       },
    {"enableStrictOriginEnforcement", &shape_boolean,                       0       },
    {"name",                          &common_name,                         0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_playback_restriction_policy_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_policy[] = {
    {"playbackRestrictionPolicy", &policy_shape, 0},
    MEMBERS_END
};
const struct shape ivs_playback_restriction_policy_create_in = STRUCT_OF(create_in);
const struct shape ivs_playback_restriction_policy_create_out = STRUCT_OF(one_policy);
const struct shape ivs_playback_restriction_policy_update_in = STRUCT_OF(update_in);
const struct shape ivs_playback_restriction_policy_update_out = STRUCT_OF(one_policy);
const struct shape ivs_playback_restriction_policy_get_in = STRUCT_OF(one_arn);
const struct shape ivs_playback_restriction_policy_get_out = STRUCT_OF(one_policy);
const struct shape ivs_playback_restriction_policy_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_playback_restriction_policy_delete_out = STRUCT_OF(common_nothing);

/* A policy in a list has the same members as a single one. */
static const struct shape summaries = LIST_OF(policy_shape);
static const struct member list_out[] = {
    {"playbackRestrictionPolicies", &summaries,         REQUIRED},
    {"nextToken",                   &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_playback_restriction_policy_list_in = STRUCT_OF(common_page_in);
const struct shape ivs_playback_restriction_policy_list_out = STRUCT_OF(list_out);

static cJSON *policy_json(const struct playback_restriction_policy *policy)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "arn", policy->arn);
    json_add_stored(json, "allowedCountries", policy->allowed_countries);
    json_add_stored(json, "allowedOrigins", policy->allowed_origins);
    cJSON_AddBoolToObject(json, "enableStrictOriginEnforcement",
                          policy->strict_origin_enforcement);
    json_add_text(json, "name", policy->name);
    json_add_stored(json, "tags", policy->tags);
    return json;
}

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Returns the end of a host name, which is labels with dots between them, or of an IPv6
 * address in brackets. */
static const char *after_host(const char *at)
{
    if (*at == '[') {
        at += 1 + strspn(at + 1, DIGITS "abcdefABCDEF:.");
        return *at == ']' ? at + 1 : NULL;
    }
    for (;;) {
        size_t label = strspn(at, LETTERS DIGITS "-_");
        if (label == 0)
            return NULL;
        at += label;
        if (*at != '.')
            return at;
        at++;
    }
}

static bool is_port(const char *text)
{
    size_t length = strspn(text, DIGITS);

    return length >= 1 && length <= 5 && text[length] == '\0';
}

/* Whether a text is what browsers send as Origin, optionally with a leading wildcard
 * label, or the wildcard alone. */
static bool is_origin(const char *text)
{
    size_t scheme = strspn(text, LETTERS DIGITS "+-.");
    const char *at = text + scheme;

    if (strcmp(text, "*") == 0)
        return true;
    if (scheme == 0 || strncmp(at, "://", 3) != 0)
        return false;
    at += 3;
    if (strncmp(at, "*.", 2) == 0)
        at += 2;
    at = after_host(at);
    return at != NULL && (*at == '\0' || (*at == ':' && is_port(at + 1)));
}

/* The rule for a list of a policy. */
struct list_rule {
    const char *member;
    bool (*is_element)(const char *text);
    const char *element; /* what each element must be */
    int most;
    const char *plural;
};
static const struct list_rule country_rule = {
    .member = "allowedCountries",
    .is_element = ivs_is_country, /* Fidelity: ivs-policy-1 */
    .element = "an officially assigned ISO 3166-1 alpha-2 code",
    .most = COUNTRIES_PER_POLICY,
    .plural = "countries",
};
static const struct list_rule origin_rule = {
    .member = "allowedOrigins",
    .is_element = is_origin, /* Fidelity: ivs-policy-2 */
    .element = "an origin such as https://www.example.com, or *",
    .most = ORIGINS_PER_POLICY,
    .plural = "origins",
};
/* In the order of the input. */
static const struct list_rule *const list_rules[] = {&country_rule, &origin_rule};

static int check_elements(struct call *call)
{
    for (size_t i = 0; i < COUNT_OF(list_rules); i++) {
        const struct list_rule *rule = list_rules[i];
        const cJSON *element;
        int index = 0;
        cJSON_ArrayForEach(element, in_item(call, rule->member)) {
            if (!rule->is_element(element->valuestring))
                return call_fail(call, &ERR_VALIDATION, "%s.%s[%d] must be %s",
                                 call->op->name, rule->member, index, rule->element);
            index++;
        }
    }
    return 0;
}

/* Returns the rule of the first list that exceeds its quota, or NULL. */
static const struct list_rule *find_too_long(struct call *call)
{
    for (size_t i = 0; i < COUNT_OF(list_rules); i++) {
        if (cJSON_GetArraySize(in_item(call, list_rules[i]->member)) >
            list_rules[i]->most)
            return list_rules[i];
    }
    return NULL;
}

/* Returns the text of a list in the input, or the default. */
static const char *list_text(struct call *call, const char *member, const char *absent)
{
    const cJSON *given = in_item(call, member);

    return given != NULL ? json_text(call->arena, given) : absent;
}

/* Merges the members of the input into the policy. */
static void apply_input(struct call *call, struct playback_restriction_policy *policy)
{
    policy->allowed_countries =
        list_text(call, "allowedCountries", policy->allowed_countries);
    policy->allowed_origins = list_text(call, "allowedOrigins", policy->allowed_origins);
    policy->strict_origin_enforcement = in_bool_or(call, "enableStrictOriginEnforcement",
                                                   policy->strict_origin_enforcement);
    policy->name = in_string_or(call, "name", policy->name);
}

int ivs_playback_restriction_policy_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct playback_restriction_policy policy = {
        .arn = arn_format(call->arena, &playback_restriction_policy_arn_kind, call->scope,
                          id),
        .id = id,
        .name = "",
        .allowed_countries = "[]",
        .allowed_origins = "[]",
    };

    if (check_elements(call) != 0 || (policy.tags = tags_of_input(call)) == NULL)
        return -1;
    const struct list_rule *broken = find_too_long(call);
    if (broken != NULL) /* Fidelity: ivs-policy-3 */
        return quota_fail(call, broken->most,
                          arena_printf(call->arena, "%s per playback restriction policy",
                                       broken->plural));
    apply_input(call, &policy);
    if (quota_check(call, "playback_restriction_policy") != 0 ||
        call_db(call,
                playback_restriction_policy_insert(call->txn, call->scope, &policy)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "playbackRestrictionPolicy", policy_json(&policy));
    return 0;
}

static int load_policy(struct call *call, const char *arn,
                       struct playback_restriction_policy *out)
{
    return call_found(
        call, playback_restriction_policy_find(call->txn, call->scope, arn, out), arn);
}

int ivs_playback_restriction_policy_update(struct call *call)
{
    struct playback_restriction_policy policy;

    if (check_elements(call) != 0)
        return -1;
    const struct list_rule *broken = find_too_long(call);
    if (broken != NULL) /* No quota error is declared here. Fidelity: ivs-policy-3 */
        return call_fail(call, &ERR_VALIDATION, "%s.%s must have at most %d entries",
                         call->op->name, broken->member, broken->most);
    if (load_policy(call, in_string(call, "arn"), &policy) != 0)
        return -1;
    apply_input(call, &policy);
    if (call_db(call,
                playback_restriction_policy_update(call->txn, call->scope, &policy)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "playbackRestrictionPolicy", policy_json(&policy));
    return 0;
}

int ivs_playback_restriction_policy_get(struct call *call)
{
    struct playback_restriction_policy policy;

    if (load_policy(call, in_string(call, "arn"), &policy) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "playbackRestrictionPolicy", policy_json(&policy));
    return 0;
}

static cJSON *row_json(const struct call *call, const void *row)
{
    (void)call;
    return policy_json(row);
}

int ivs_playback_restriction_policy_list(struct call *call)
{
    struct playback_restriction_policy *rows;
    struct page page;
    size_t count;

    if (page_open(call, 1, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, playback_restriction_policy_list(call->txn, call->scope, page.after,
                                                       page.limit + 1, rows, &count)) !=
        0)
        return -1;
    list_respond(call, &page, "playbackRestrictionPolicies",
                 &(struct list_rows){rows, sizeof(*rows), count}, row_json);
    return 0;
}

int ivs_playback_restriction_policy_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct playback_restriction_policy policy;

    /* Fidelity: ivs-policy-4 */
    if (load_policy(call, arn, &policy) != 0 ||
        ivs_check_unused(call, CHANNEL_BY_PLAYBACK_RESTRICTION_POLICY, arn) != 0)
        return -1;
    return call_db(call, playback_restriction_policy_delete(call->txn, call->scope, arn));
}
