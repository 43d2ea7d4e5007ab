/*
 * What is the same for every resource: each row of resource_calls.c is created, shown,
 * listed in pages, tagged, updated, counted, kept from strangers, reset and deleted.
 */
#include "app/app.h"
#include "base/json.h"
#include "resource_calls.h"
#include "support/emulator.h"
#include "support/scope_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define LETTERS_AND_DIGITS                                                               \
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { ID_CHARS = 12, TAGS_MAX = 50, CREATED_MAX = 10000, MANY_TESTS = 1000 };

static const struct scope home = {.account = "000000000000", .region = "us-east-1"};
static const struct scope strangers[] = {
    {.account = "000000000000", .region = "eu-west-1"},
    {.account = "123456789012", .region = "us-east-1"},
    {.account = "123456789012", .region = "eu-west-1"},
};
static const char *error_not_found = "ResourceNotFoundException";

/* Creates so many, in this order. */
static void make_all(const struct walk *walk, struct made *made, size_t count)
{
    for (size_t i = 0; i < count; i++)
        made[i] = walk_make(walk, home);
}

static void assert_not_found(const struct walk *walk, struct reply reply, const char *arn)
{
    assert_error_says(reply, 404, error_not_found,
                      arena_printf(walk->arena, "Resource: %s not found", arn));
}

/* Every operation on one resource reports that the scope does not have it. */
static void assert_unknown(const struct walk *walk, struct scope scope, const char *arn)
{
    assert_not_found(walk, walk_get(walk, scope, arn), arn);
    if (walk->calls->update != NULL)
        assert_not_found(walk, walk_update(walk, scope, arn, ""), arn);
    if (walk->resource->tagged) {
        assert_not_found(walk, walk_list_tags(walk, scope, arn), arn);
        assert_not_found(walk, walk_tag(walk, scope, arn, "{\"a\":\"1\"}"), arn);
        assert_not_found(walk, walk_untag(walk, scope, arn, "a"), arn);
    }
    if (!walk->calls->deletes_twice)
        assert_not_found(walk, walk_delete(walk, scope, arn), arn);
    else
        assert_success(walk_delete(walk, scope, arn),
                       walk_operation(walk, walk->calls->delete)->status);
}

static void delete_made(const struct walk *walk, const struct made *made)
{
    assert_success(walk_delete(walk, home, made->arn),
                   walk_operation(walk, walk->calls->delete)->status);
}

/* Creation, get and list. */

static void an_arn_has_the_scope_the_kind_and_a_new_id(void **state)
{
    const struct walk *walk = *state;
    const struct arn_kind *kind = walk->resource->arn;

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        const char *prefix =
            arena_printf(walk->arena, "arn:aws:%s:%s:%s:%s/", kind->service,
                         strangers[s].region, strangers[s].account, kind->type);
        struct made first = walk_make(walk, strangers[s]);
        struct made second = walk_make(walk, strangers[s]);
        assert_int_equal(strncmp(first.arn, prefix, strlen(prefix)), 0);
        assert_int_equal(strlen(first.arn), strlen(prefix) + ID_CHARS);
        assert_int_equal(strspn(first.arn + strlen(prefix), LETTERS_AND_DIGITS),
                         ID_CHARS);
        assert_string_not_equal(first.arn, second.arn);
    }
}

static void what_is_created_is_shown_by_get_and_list(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);

    struct reply got = walk_get(walk, home, made.arn);
    struct reply listed = walk_list(walk, home, &made, "");

    assert_success(made.reply, walk_operation(walk, walk->calls->create)->status);
    assert_success(got, 200);
    assert_true(cJSON_Compare(reply_item(got, walk->calls->member),
                              reply_item(made.reply, walk->calls->member), true));
    assert_success(listed, 200);
    assert_int_equal(reply_count(listed, walk->calls->list_member), 1);
    assert_string_equal(reply_string(listed, walk_list_path(walk, 0, "arn")), made.arn);
    assert_false(reply_has(listed, "nextToken"));
}

static void a_scope_without_any_has_an_empty_list(void **state)
{
    const struct walk *walk = *state;

    struct reply listed = walk_list(walk, home, NULL, "");

    assert_success(listed, 200);
    assert_int_equal(reply_count(listed, walk->calls->list_member), 0);
    assert_false(reply_has(listed, "nextToken"));
}

static void an_update_changes_what_it_names(void **state)
{
    const struct walk *walk = *state;
    struct made changed = walk_make(walk, home);
    struct made other = walk_make(walk, home);
    cJSON *input AUTO(json_done) =
        json_stored(arena_printf(walk->arena, "{%s}", walk->calls->update_input));
    struct reply before = walk_get(walk, home, other.arn);
    const cJSON *member;

    struct reply updated = walk_update(walk, home, changed.arn, "");

    assert_success(updated, walk_operation(walk, walk->calls->update)->status);
    struct reply got = walk_get(walk, home, changed.arn);
    cJSON_ArrayForEach(member, input) {
        const char *path = walk_path(walk, member->string);
        assert_false(cJSON_Compare(reply_item(changed.reply, path), member, true));
        assert_true(cJSON_Compare(reply_item(updated, path), member, true));
        assert_true(cJSON_Compare(reply_item(got, path), member, true));
    }
    assert_true(cJSON_Compare(walk_get(walk, home, other.arn).body, before.body, true));
}

/* Quotas. */

static const struct service *service_of(const struct walk *walk)
{
    size_t s = 0;

    while (strcmp(app_services[s]->name, walk->resource->service) != 0)
        s++;
    return app_services[s];
}

/* NULL: the service limits it by none. */
static const struct quota *quota_of(const struct walk *walk)
{
    const struct quota *quota = service_of(walk)->quotas;

    for (; quota != NULL && quota->table != NULL; quota++) {
        if (strcmp(quota->table, walk->calls->table) == 0)
            return quota;
    }
    return NULL;
}

static void the_quota_is_the_documented_one(void **state)
{
    const struct walk *walk = *state;
    const struct quota *quota = quota_of(walk);

    if (walk->calls->quota == 0) {
        assert_null(quota);
        return;
    }
    assert_non_null(quota);
    assert_int_equal(quota->most, walk->calls->quota);
    assert_int_equal(quota->fixed, walk->calls->quota_is_fixed);
}

/* Creates as many as the quota allows; if that is very many, all but one as copies of
 * rows. Returns one of them. */
static struct made fill_quota(const struct walk *walk)
{
    bool copies = walk->calls->quota > CREATED_MAX;
    struct made last = walk_make(walk, home);

    for (int64_t i = 1; !copies && i < walk->calls->quota; i++)
        last = walk_make(walk, home);
    if (copies)
        scope_multiply(walk->emu, walk->calls->table, home, walk->calls->quota);
    return last;
}

static void assert_over_quota(const struct walk *walk, struct reply reply)
{
    assert_error_says(reply, 402, "ServiceQuotaExceededException",
                      arena_printf(walk->arena,
                                   "Service quota exceeded: %" PRId64 " %s per region",
                                   walk->calls->quota, quota_of(walk)->plural));
}

static void a_full_scope_takes_no_more_until_one_is_deleted(void **state)
{
    const struct walk *walk = *state;
    struct made last = fill_quota(walk);

    struct reply over = walk_create(walk, home, "", NULL);
    struct reply invalid = walk_create(walk, home, "\"tags\":{\"aws:x\":\"\"}", NULL);
    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        (void)walk_make(walk, strangers[s]);
    delete_made(walk, &last);
    struct reply again = walk_create(walk, home, "", NULL);
    struct reply over_again = walk_create(walk, home, "", NULL);

    assert_over_quota(walk, over);
    assert_error(invalid, 400, "ValidationException");
    assert_success(again, walk_operation(walk, walk->calls->create)->status);
    assert_over_quota(walk, over_again);
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, &home),
                     walk->calls->quota);
}

static void quotas_off_lifts_the_quotas_that_aws_raises(void **state)
{
    const struct walk *walk = *state;

    (void)fill_quota(walk);
    walk->emu->settings.quotas = false;

    struct reply reply = walk_create(walk, home, "", NULL);

    if (walk->calls->quota_is_fixed)
        assert_over_quota(walk, reply);
    else
        assert_success(reply, walk_operation(walk, walk->calls->create)->status);
}

/* Pages. */

/* What a list should have, in its order: `made` is in the order of creation. */
static const struct made *in_list_order(const struct walk *walk, const struct made *made,
                                        size_t count, size_t index)
{
    return &made[walk->calls->newest_first ? count - 1 - index : index];
}

static void assert_page(const struct walk *walk, struct reply page,
                        const struct made *const *expected, size_t count, bool has_next)
{
    assert_success(page, 200);
    assert_int_equal(reply_count(page, walk->calls->list_member), count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(reply_string(page, walk_list_path(walk, (int)i, "arn")),
                            expected[i]->arn);
    assert_int_equal(reply_has(page, "nextToken"), has_next);
}

static struct reply first_page(const struct walk *walk, int size)
{
    return walk_list(walk, home, NULL,
                     arena_printf(walk->arena, "\"maxResults\":%d", size));
}

static struct reply next_page(const struct walk *walk, struct reply page, int size)
{
    return walk_list(walk, home, NULL,
                     arena_printf(walk->arena, "\"maxResults\":%d,\"nextToken\":\"%s\"",
                                  size, reply_string(page, "nextToken")));
}

/* Creates three, and puts them into the order of the list. */
static void make_three(const struct walk *walk, struct made made[3],
                       const struct made *listed[3])
{
    make_all(walk, made, 3);
    for (size_t i = 0; i < 3; i++)
        listed[i] = in_list_order(walk, made, 3, i);
}

static void a_list_is_in_its_order(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);

    assert_page(walk, first_page(walk, 10), listed, 3, false);
    if (walk->calls->update == NULL)
        return;
    assert_success(walk_update(walk, home, made[1].arn, ""), 200);
    if (walk->calls->newest_first) {
        listed[0] = &made[1];
        listed[1] = &made[2];
    }
    assert_page(walk, first_page(walk, 10), listed, 3, false);
}

static void pages_follow_each_other_to_the_end(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);

    struct reply first = first_page(walk, 1);
    struct reply second = next_page(walk, first, 1);
    struct reply third = next_page(walk, second, 1);
    struct reply rest = next_page(walk, first, 10);
    struct reply exact = first_page(walk, 3);
    struct reply two = first_page(walk, 2);

    assert_page(walk, first, listed, 1, true);
    assert_page(walk, second, listed + 1, 1, true);
    assert_page(walk, third, listed + 2, 1, false);
    assert_page(walk, rest, listed + 1, 2, false);
    assert_page(walk, exact, listed, 3, false);
    assert_page(walk, two, listed, 2, true);
    assert_page(walk, next_page(walk, two, 1), listed + 2, 1, false);
}

static void an_empty_token_is_the_first_page(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);

    struct reply page =
        walk_list(walk, home, NULL, "\"nextToken\":\"\",\"maxResults\":1");

    assert_page(walk, page, listed, 1, true);
}

static void a_token_survives_inserts_and_deletes_between_pages(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);
    struct reply first = first_page(walk, 1);

    delete_made(walk, listed[0]);
    delete_made(walk, listed[1]);
    struct made added = walk_make(walk, home);

    const struct made *expected[] = {listed[2], &added};
    assert_page(walk, next_page(walk, first, 10), expected,
                walk->calls->newest_first ? 1 : 2, false);
}

static void a_token_whose_rest_is_gone_gives_an_empty_page(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);
    struct reply first = first_page(walk, 1);

    delete_made(walk, listed[1]);
    delete_made(walk, listed[2]);

    assert_page(walk, next_page(walk, first, 1), listed, 0, false);
}

static void the_place_of_a_deleted_resource_is_not_given_again(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);
    struct reply first = first_page(walk, 1);

    for (size_t i = 3; i-- > 0;)
        delete_made(walk, listed[i]);
    struct made added = walk_make(walk, home);

    const struct made *expected[] = {&added};
    assert_page(walk, next_page(walk, first, 1), expected,
                walk->calls->newest_first ? 0 : 1, false);
}

static void assert_token_is_refused(const struct walk *walk, struct scope scope,
                                    const struct made *made, const char *token,
                                    const char *filter)
{
    struct reply reply = walk_list(walk, scope, made,
                                   arena_printf(walk->arena, "%s%s\"nextToken\":\"%s\"",
                                                filter != NULL ? filter : "",
                                                filter != NULL ? "," : "", token));

    assert_error_says(reply, 400, "ValidationException",
                      arena_printf(walk->arena, "%s.nextToken is not valid for this list",
                                   walk->calls->list));
}

static void a_token_belongs_to_one_list(void **state)
{
    const struct walk *walk = *state;
    const struct made *listed[3];
    struct made made[3];
    make_three(walk, made, listed);
    const char *token = reply_string(first_page(walk, 1), "nextToken");

    assert_token_is_refused(walk, home, NULL, "nonsense", NULL);
    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        assert_token_is_refused(walk, strangers[s], NULL, token, NULL);
    if (walk->calls->list_filter != NULL)
        assert_token_is_refused(walk, home, NULL, token, walk->calls->list_filter);
    for (size_t i = 0; i < resource_calls_count; i++) {
        struct walk other = *walk;
        other.calls = &resource_calls[i];
        other.resource = resource_of_calls(other.calls);
        if (other.calls == walk->calls)
            continue;
        struct made of_other = walk_make(&other, home);
        assert_token_is_refused(&other, home, &of_other, token, NULL);
    }
}

static void a_list_of_one_takes_no_token_but_the_empty_one(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);
    (void)walk_make(walk, home);

    struct reply first =
        walk_list(walk, home, &made, "\"maxResults\":1,\"nextToken\":\"\"");

    assert_success(first, 200);
    assert_int_equal(reply_count(first, walk->calls->list_member), 1);
    assert_string_equal(reply_string(first, walk_list_path(walk, 0, "arn")), made.arn);
    assert_false(reply_has(first, "nextToken"));
    assert_token_is_refused(walk, home, &made, "nonsense", NULL);
}

/* Strangers. */

/* The ARN that the resource would have in another account and region. */
static const char *moved_arn(const struct walk *walk, const char *arn, struct scope scope)
{
    return arn_format(walk->arena, walk->resource->arn, scope, strrchr(arn, '/') + 1);
}

/* A list shows nothing; one of a parent that the stranger does not have is not found. */
static void assert_not_listed(const struct walk *walk, struct scope scope,
                              const struct made *made)
{
    struct reply listed = walk_list(walk, scope, made, "");

    if (walk->calls->list_input[0] != '\0') {
        assert_error(listed, 404, error_not_found);
        return;
    }
    assert_success(listed, 200);
    assert_int_equal(reply_count(listed, walk->calls->list_member), 0);
}

static void a_resource_is_invisible_from_elsewhere(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);
    const char *before = scope_text(walk->emu, home);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        assert_unknown(walk, strangers[s], made.arn);
        assert_unknown(walk, strangers[s], moved_arn(walk, made.arn, strangers[s]));
        assert_not_listed(walk, strangers[s], &made);
    }
    assert_string_equal(scope_text(walk->emu, home), before);
    assert_success(walk_get(walk, home, made.arn), 200);
}

/* Everything that has the same id elsewhere stays as it is. */
static void a_twin_with_the_same_id_is_left_alone(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);
    const char *twins[COUNT_OF(strangers)];

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        scope_copy(walk->emu, home, strangers[s]);
        twins[s] = scope_text(walk->emu, strangers[s]);
    }
    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        assert_unknown(walk, strangers[s], made.arn);
    struct reply listed = walk_list(walk, home, &made, "");
    if (walk->resource->tagged)
        assert_success(walk_tag(walk, home, made.arn, "{\"a\":\"1\"}"), 200);
    if (walk->calls->update != NULL)
        assert_success(walk_update(walk, home, made.arn, ""), 200);
    delete_made(walk, &made);

    assert_int_equal(reply_count(listed, walk->calls->list_member), 1);
    assert_error(walk_get(walk, home, made.arn), 404, error_not_found);
    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        assert_string_equal(scope_text(walk->emu, strangers[s]), twins[s]);
        assert_success(
            walk_get(walk, strangers[s], moved_arn(walk, made.arn, strangers[s])), 200);
    }
}

/* Reset and counts. */

static void reset_deletes_what_the_scope_has(void **state)
{
    const struct walk *walk = *state;
    struct made others[COUNT_OF(strangers)];
    const char *before[COUNT_OF(strangers)];
    struct made made[2];
    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        others[s] = walk_make(walk, strangers[s]);
        before[s] = scope_text(walk->emu, strangers[s]);
    }
    make_all(walk, made, COUNT_OF(made));
    if (walk->calls->used_by != NULL)
        (void)walk_call(walk, home, &made[0], walk->calls->used_by);

    assert_success(emulator_call_as(walk->emu, home, "Reset", "{}"), 204);

    for (size_t i = 0; i < COUNT_OF(made); i++)
        assert_unknown(walk, home, made[i].arn);
    assert_not_listed(walk, home, &made[0]);
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, &home), 0);
    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        assert_string_equal(scope_text(walk->emu, strangers[s]), before[s]);
        assert_success(walk_get(walk, strangers[s], others[s].arn), 200);
    }
}

static void reset_of_all_accounts_deletes_all(void **state)
{
    const struct walk *walk = *state;
    const struct scope stranger = strangers[COUNT_OF(strangers) - 1];
    struct made own = walk_make(walk, home);
    struct made others = walk_make(walk, stranger);
    if (walk->calls->used_by != NULL)
        (void)walk_call(walk, stranger, &others, walk->calls->used_by);

    assert_success(emulator_call_as(walk->emu, home, "Reset", "{\"allAccounts\":true}"),
                   204);

    assert_unknown(walk, home, own.arn);
    assert_unknown(walk, stranger, others.arn);
    assert_not_listed(walk, stranger, &others);
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, NULL), 0);
}

static int64_t counted(const struct walk *walk, struct scope scope)
{
    struct txn *txn AUTO(txn_abandon) =
        txn_begin(walk->emu->store, walk->arena, TXN_READ);
    int64_t count = -1;

    assert_int_equal(resource_count(txn, scope, walk->resource->counted_as, &count),
                     DB_DONE);
    return count;
}

/* What the metrics say of all accounts and regions. */
static int64_t counted_in_metrics(const struct walk *walk)
{
    struct reply reply =
        emulator_request(walk->emu, home, "GET", "/_ivs-local/metrics", "", 0);
    const char *name =
        arena_printf(walk->arena, "\nivs_local_resources{resource=\"%s\"} ",
                     walk->resource->counted_as);

    assert_success(reply, 200);
    const char *line = strstr(reply.text, name);
    return line != NULL ? strtoll(line + strlen(name), NULL, 10) : 0;
}

static void assert_counts(const struct walk *walk, int64_t own, int64_t all)
{
    assert_int_equal(counted(walk, home), own);
    assert_int_equal(counted_in_metrics(walk), all);
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, NULL), all);
}

static void what_is_stored_is_counted(void **state)
{
    const struct walk *walk = *state;
    struct made made[2];

    assert_counts(walk, 0, 0);
    make_all(walk, made, COUNT_OF(made));
    (void)walk_make(walk, strangers[0]);
    assert_counts(walk, 2, 3);
    delete_made(walk, &made[0]);
    assert_counts(walk, 1, 2);
    assert_success(emulator_call_as(walk->emu, home, "Reset", "{}"), 204);
    assert_counts(walk, 0, 1);
    assert_success(emulator_call_as(walk->emu, home, "Reset", "{\"allAccounts\":true}"),
                   204);
    assert_counts(walk, 0, 0);
}

/* Tags. */

static void what_is_created_with_tags_is_tagged(void **state)
{
    const struct walk *walk = *state;
    const struct member *member = walk_operation(walk, walk->calls->create)->in->members;

    while (member->name != NULL && strcmp(member->name, "tags") != 0)
        member++;

    assert_int_equal(walk->resource->tagged, member->name != NULL);
}

static void assert_tags(const struct walk *walk, const struct made *made,
                        const char *expected)
{
    struct reply tags = walk_list_tags(walk, home, made->arn);

    assert_json(tags, "", "{\"tags\":%s}", expected);
    assert_json(walk_get(walk, home, made->arn), walk_path(walk, "tags"), "%s", expected);
    assert_json(walk_list(walk, home, made, ""), walk_list_path(walk, 0, "tags"), "%s",
                expected);
}

static void tags_given_at_creation_are_shown(void **state)
{
    const struct walk *walk = *state;
    static const char tags[] = "{\"team\":\"video\",\"stage\":\"\"}";
    struct made made = {0};

    struct reply reply =
        walk_create(walk, home, arena_printf(walk->arena, "\"tags\":%s", tags), &made);

    assert_success(reply, 200);
    assert_json(reply, walk_path(walk, "tags"), "%s", tags);
    assert_tags(walk, &made, tags);
}

static void a_resource_is_tagged_and_untagged(void **state)
{
    const struct walk *walk = *state;
    struct made both[2];
    make_all(walk, both, 2);
    struct made made = *in_list_order(walk, both, 2, 0);
    struct made other = *in_list_order(walk, both, 2, 1);

    assert_tags(walk, &made, "{}");
    struct reply tagged = walk_tag(walk, home, made.arn, "{\"a\":\"1\",\"b\":\"2\"}");
    assert_json(tagged, "", "{}");
    assert_tags(walk, &made, "{\"a\":\"1\",\"b\":\"2\"}");
    assert_success(walk_tag(walk, home, made.arn, "{\"b\":\"3\",\"c\":\"\"}"), 200);
    assert_tags(walk, &made, "{\"a\":\"1\",\"b\":\"3\",\"c\":\"\"}");
    struct reply untagged = walk_untag(walk, home, made.arn, "a");
    assert_json(untagged, "", "{}");
    assert_success(walk_untag(walk, home, made.arn, "a"), 200);
    assert_tags(walk, &made, "{\"b\":\"3\",\"c\":\"\"}");

    assert_json(walk_list_tags(walk, home, other.arn), "tags", "{}");
}

static void an_update_leaves_the_tags(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);
    assert_success(walk_tag(walk, home, made.arn, "{\"a\":\"1\"}"), 200);

    struct reply updated = walk_update(walk, home, made.arn, "\"tags\":{\"x\":\"y\"}");

    assert_success(updated, 200);
    assert_json(updated, walk_path(walk, "tags"), "{\"a\":\"1\"}");
    assert_tags(walk, &made, "{\"a\":\"1\"}");
}

static void a_reserved_key_is_refused_in_any_case(void **state)
{
    static const char *const keys[] = {"aws:a", "AWS:a", "Aws:", "aWs:b"};
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *tags =
            arena_printf(walk->arena, "{\"good\":\"1\",\"%s\":\"2\"}", keys[i]);
        const char *says = arena_printf(
            walk->arena, ".tags key %s is reserved: it begins with aws:", keys[i]);
        assert_error_says(
            walk_create(walk, home, arena_printf(walk->arena, "\"tags\":%s", tags), NULL),
            400, "ValidationException",
            arena_printf(walk->arena, "%s%s", walk->calls->create, says));
        assert_error_says(walk_tag(walk, home, made.arn, tags), 400,
                          "ValidationException",
                          arena_printf(walk->arena, "TagResource%s", says));
    }
    assert_tags(walk, &made, "{}");
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, &home), 1);
}

/* A JSON object of `count` tags whose keys are the prefix and a number. */
static const char *many_tags(const struct walk *walk, const char *prefix, int count)
{
    const char *tags = "";

    for (int i = 0; i < count; i++)
        tags = arena_printf(walk->arena, "%s%s\"%s%d\":\"v\"", tags, i > 0 ? "," : "",
                            prefix, i);
    return arena_printf(walk->arena, "{%s}", tags);
}

static void a_resource_holds_fifty_tags(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);

    assert_success(walk_tag(walk, home, made.arn, many_tags(walk, "a", TAGS_MAX - 1)),
                   200);
    assert_success(walk_tag(walk, home, made.arn, many_tags(walk, "b", 1)), 200);
    assert_success(walk_tag(walk, home, made.arn, many_tags(walk, "a", TAGS_MAX - 1)),
                   200);
    struct reply over = walk_tag(walk, home, made.arn, "{\"c\":\"1\"}");
    assert_success(walk_untag(walk, home, made.arn, "a0"), 200);
    struct reply room = walk_tag(walk, home, made.arn, "{\"c\":\"1\"}");

    assert_error_says(over, 400, "ValidationException",
                      "TagResource.tags must leave the resource with at most 50 tags");
    assert_success(room, 200);
    assert_int_equal(reply_count(walk_list_tags(walk, home, made.arn), "tags"), TAGS_MAX);
}

/* Deletes. */

static void a_deleted_resource_is_gone(void **state)
{
    const struct walk *walk = *state;
    struct made made[2];
    make_all(walk, made, COUNT_OF(made));
    struct reply before = walk_get(walk, home, made[1].arn);
    int status = walk_operation(walk, walk->calls->delete)->status;

    struct reply deleted = walk_delete(walk, home, made[0].arn);

    assert_success(deleted, status);
    assert_int_equal(deleted.body == NULL, status == 204);
    assert_true(deleted.body == NULL || reply_count(deleted, "") == 0);
    assert_unknown(walk, home, made[0].arn);
    assert_int_equal(scope_rows(walk->emu, walk->calls->table, &home), 1);
    assert_true(cJSON_Compare(walk_get(walk, home, made[1].arn).body, before.body, true));
}

static void a_deleted_resource_is_not_listed(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);

    delete_made(walk, &made);

    struct reply listed = walk_list(walk, home, &made, "");
    assert_success(listed, 200);
    assert_int_equal(reply_count(listed, walk->calls->list_member), 0);
    assert_false(reply_has(listed, "nextToken"));
}

static void what_was_never_created_is_not_found(void **state)
{
    const struct walk *walk = *state;

    assert_unknown(walk, home,
                   arn_format(walk->arena, walk->resource->arn, home, "abcdABCDefgh"));
}

static void what_is_in_use_is_not_deleted(void **state)
{
    const struct walk *walk = *state;
    struct made made = walk_make(walk, home);
    (void)walk_call(walk, home, &made, walk->calls->used_by);

    struct reply refused = walk_delete(walk, home, made.arn);
    if (walk->calls->update != NULL)
        assert_success(walk_update(walk, home, made.arn, ""), 200);
    struct reply kept = walk_get(walk, home, made.arn);
    (void)walk_call(walk, home, &made, walk->calls->released_by);

    const char *says =
        arena_printf(walk->arena, "Resource: %s is in use by a ", made.arn);
    assert_error(refused, 409, "ConflictException");
    assert_int_equal(strncmp(refused.message, says, strlen(says)), 0);
    assert_success(kept, 200);
    delete_made(walk, &made);
}

/* Which sentences are about which resources. */

static bool always(const struct walk *walk)
{
    return walk != NULL;
}

static bool has_update(const struct walk *walk)
{
    return walk->calls->update != NULL;
}

static bool has_quota(const struct walk *walk)
{
    return walk->calls->quota > 0;
}

static bool has_pages(const struct walk *walk)
{
    return !walk->calls->one_per_list;
}

static bool has_lists_of_one(const struct walk *walk)
{
    return walk->calls->one_per_list;
}

static bool is_counted(const struct walk *walk)
{
    return walk->resource->counted_as != NULL;
}

static bool is_tagged(const struct walk *walk)
{
    return walk->resource->tagged;
}

static bool is_tagged_and_updated(const struct walk *walk)
{
    return is_tagged(walk) && has_update(walk);
}

static bool has_users(const struct walk *walk)
{
    return walk->calls->used_by != NULL;
}

/* clang-format off */
#define SENTENCE(test, applies) {#test, test, applies}
/* clang-format on */

static const struct {
    const char *name;
    CMUnitTestFunction test;
    bool (*applies)(const struct walk *walk);
} sentences[] = {
    SENTENCE(an_arn_has_the_scope_the_kind_and_a_new_id, always),
    SENTENCE(what_is_created_is_shown_by_get_and_list, always),
    SENTENCE(a_scope_without_any_has_an_empty_list, has_pages),
    SENTENCE(an_update_changes_what_it_names, has_update),
    SENTENCE(the_quota_is_the_documented_one, always),
    SENTENCE(a_full_scope_takes_no_more_until_one_is_deleted, has_quota),
    SENTENCE(quotas_off_lifts_the_quotas_that_aws_raises, has_quota),
    SENTENCE(a_list_is_in_its_order, has_pages),
    SENTENCE(pages_follow_each_other_to_the_end, has_pages),
    SENTENCE(an_empty_token_is_the_first_page, has_pages),
    SENTENCE(a_token_survives_inserts_and_deletes_between_pages, has_pages),
    SENTENCE(a_token_whose_rest_is_gone_gives_an_empty_page, has_pages),
    SENTENCE(the_place_of_a_deleted_resource_is_not_given_again, has_pages),
    SENTENCE(a_token_belongs_to_one_list, has_pages),
    SENTENCE(a_list_of_one_takes_no_token_but_the_empty_one, has_lists_of_one),
    SENTENCE(a_resource_is_invisible_from_elsewhere, always),
    SENTENCE(a_twin_with_the_same_id_is_left_alone, always),
    SENTENCE(reset_deletes_what_the_scope_has, always),
    SENTENCE(reset_of_all_accounts_deletes_all, always),
    SENTENCE(what_is_stored_is_counted, is_counted),
    SENTENCE(what_is_created_with_tags_is_tagged, always),
    SENTENCE(tags_given_at_creation_are_shown, is_tagged),
    SENTENCE(a_resource_is_tagged_and_untagged, is_tagged),
    SENTENCE(an_update_leaves_the_tags, is_tagged_and_updated),
    SENTENCE(a_reserved_key_is_refused_in_any_case, is_tagged),
    SENTENCE(a_resource_holds_fifty_tags, is_tagged),
    SENTENCE(a_deleted_resource_is_gone, always),
    SENTENCE(a_deleted_resource_is_not_listed, always),
    SENTENCE(what_was_never_created_is_not_found, always),
    SENTENCE(what_is_in_use_is_not_deleted, has_users),
};

static void every_resource_of_a_service_is_walked(void **state)
{
    size_t managed = 0;

    (void)state;
    for (size_t i = 0; i < data_registry.count; i++) {
        size_t rows = 0;
        for (size_t k = 0; k < resource_calls_count; k++)
            rows += resource_of_calls(&resource_calls[k]) == &data_registry.rows[i];
        size_t expected = data_registry.rows[i].service != NULL;
        if (rows != expected)
            fail_msg("%s has %zu rows in resource_calls.c instead of %zu",
                     data_registry.rows[i].table, rows, expected);
        managed += expected;
    }
    assert_int_equal(resource_calls_count, managed);
}

static void every_quota_belongs_to_a_resource(void **state)
{
    (void)state;
    for (size_t s = 0; app_services[s] != NULL; s++) {
        const struct quota *quota = app_services[s]->quotas;
        for (; quota != NULL && quota->table != NULL; quota++) {
            size_t rows = 0;
            for (size_t k = 0; k < resource_calls_count; k++)
                rows += strcmp(resource_calls[k].table, quota->table) == 0;
            if (rows != 1)
                fail_msg("%s has a quota and no row in resource_calls.c", quota->table);
        }
    }
}

/* Setup: *state is a row of resource_calls at first, then a struct walk *. */
static int walk_setup(void **state)
{
    struct arena *arena = arena_new();
    struct walk *walk = arena_alloc(arena, sizeof(*walk));

    *walk =
        (struct walk){.emu = emulator_open(":memory:"), .arena = arena, .calls = *state};
    walk->resource = resource_of_calls(walk->calls);
    walk->emu->settings.transitions_ms = 0; /* the states are those of each resource */
    *state = walk;
    return 0;
}

static int walk_teardown(void **state)
{
    struct walk *walk = *state;

    emulator_close(walk->emu);
    arena_free(walk->arena);
    return 0;
}

/* Adds the tests of one resource, which are named after the sentence and the table. */
static size_t add_tests(struct arena *arena, const struct resource_calls *calls,
                        struct CMUnitTest *out, size_t count)
{
    const struct walk walk = {.calls = calls, .resource = resource_of_calls(calls)};

    for (size_t i = 0; walk.resource != NULL && i < COUNT_OF(sentences); i++) {
        if (!sentences[i].applies(&walk))
            continue;
        assert_true(count < MANY_TESTS);
        out[count++] = (struct CMUnitTest){
            .name = arena_printf(arena, "%s: %s", calls->table, sentences[i].name),
            .test_func = sentences[i].test,
            .setup_func = walk_setup,
            .teardown_func = walk_teardown,
            .initial_state = (void *)(uintptr_t)calls,
        };
    }
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[MANY_TESTS] = {
        /* those without a name are left out */
        cmocka_unit_test(every_resource_of_a_service_is_walked),
        cmocka_unit_test(every_quota_belongs_to_a_resource),
    };
    struct arena *arena AUTO(arena_done) = arena_new();
    size_t count = 2;

    for (size_t i = 0; i < resource_calls_count; i++)
        count = add_tests(arena, &resource_calls[i], tests, count);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
