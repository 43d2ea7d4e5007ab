/*
 * Several services in one emulator: each serves its own resources, by its own operations
 * and by those that have the same names and paths in all services.
 */
#include "other_services.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define PREFIX(service) "arn:aws:" service ":us-east-1:000000000000:"

static const struct scope home = {.account = "000000000000", .region = REGION};

/* A resource of each service. */
struct made {
    const char *channel, *box, *crate;
};

static struct made make_all(struct emulator *emu)
{
    struct reply made_box = emulator_call(emu, REGION, "CreateBox", "{\"name\":\"b\"}");
    struct reply made_crate =
        emulator_call(emu, REGION, "CreateCrate", "{\"name\":\"c\"}");

    return (struct made){.channel = create_channel(emu, REGION, "lobby"),
                         .box = reply_string(made_box, "arn"),
                         .crate = reply_string(made_crate, "arn")};
}

static struct reply call_tags(struct emulator *emu, const char *method, const char *arn,
                              const char *body)
{
    return emulator_request(emu, home, method, emulator_printf(emu, "/tags/%s", arn),
                            body, strlen(body));
}

static struct reply tag(struct emulator *emu, const char *arn, const char *value)
{
    return call_tags(emu, "POST", arn,
                     emulator_printf(emu, "{\"tags\":{\"team\":\"%s\"}}", value));
}

static void each_service_tags_its_own_resources(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    assert_success(tag(emu, made.channel, "red"), 200);
    assert_success(tag(emu, made.box, "green"), 200);
    assert_success(tag(emu, made.crate, "blue"), 200);

    assert_json(call_tags(emu, "GET", made.channel, ""), "tags", "{\"team\":\"red\"}");
    assert_json(call_tags(emu, "GET", made.box, ""), "tags", "{\"team\":\"green\"}");
    assert_json(call_tags(emu, "GET", made.crate, ""), "tags", "{\"team\":\"blue\"}");
    assert_json(emulator_call(emu, REGION, "GetBox", "{\"arn\":\"%s\"}", made.box), "",
                "{\"name\":\"b\",\"tags\":{\"team\":\"green\"}}");
}

static void the_kind_of_the_arn_has_priority_over_signature_and_host(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    emulator_sign_for(emu, "ivs");
    emulator_use_host(emu, "ivs.us-east-1.amazonaws.com");

    assert_success(tag(emu, made.box, "green"), 200);
    assert_success(tag(emu, made.crate, "blue"), 200);
}

/* The errors of each service have a different form. */
static void assert_answered_by_ivs(struct reply reply)
{
    assert_error(reply, 400, "ValidationException");
    assert_true(reply_has(reply, "exceptionMessage"));
}

static void assert_answered_by_depot(struct reply reply)
{
    assert_error(reply, 400, "ValidationException");
    assert_string_equal(reply_string(reply, "field"), "resourceArn");
    assert_false(reply_has(reply, "exceptionMessage"));
}

static void assert_answered_by_ivs_depot(struct reply reply)
{
    assert_error(reply, 400, "ValidationException");
    assert_true(reply_has(reply, "crateMessage"));
}

static void an_unknown_kind_is_refused_by_the_service_of_the_signature(void **state)
{
    struct emulator *emu = *state;

    assert_answered_by_ivs(tag(emu, PREFIX("other") "nonsense/a", "red"));
    emulator_sign_for(emu, "depot");
    assert_answered_by_depot(tag(emu, PREFIX("other") "nonsense/a", "red"));
    emulator_sign_for(emu, "ivs");
    assert_answered_by_ivs(tag(emu, PREFIX("other") "nonsense/a", "red"));
    assert_answered_by_ivs(tag(emu, PREFIX("ivs") "nonsense/a", "red"));
}

static void an_unknown_kind_is_refused_by_the_service_that_has_such_arns(void **state)
{
    struct emulator *emu = *state;

    assert_answered_by_depot(tag(emu, PREFIX("depot") "nonsense/a", "red"));
    emulator_sign_for(emu, "ivs");
    assert_answered_by_depot(tag(emu, PREFIX("depot") "nonsense/a", "red"));
    emulator_sign_for(emu, "depot");
    assert_answered_by_ivs(tag(emu, PREFIX("ivs") "nonsense/a", "red"));
}

static void the_host_name_distinguishes_services_with_one_signing_name(void **state)
{
    struct emulator *emu = *state;

    emulator_sign_for(emu, "ivs");
    emulator_use_host(emu, "ivsdepot.us-east-1.amazonaws.com");
    assert_answered_by_ivs_depot(tag(emu, PREFIX("ivs") "nonsense/a", "red"));
    emulator_use_host(emu, "ivsdepot-fips.us-east-1.amazonaws.com");
    assert_answered_by_ivs_depot(tag(emu, PREFIX("ivs") "nonsense/a", "red"));
    emulator_use_host(emu, "ivs.us-east-1.amazonaws.com");
    assert_answered_by_ivs(tag(emu, PREFIX("ivs") "nonsense/a", "red"));
}

static void an_operation_refuses_the_arn_of_another_service(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    struct reply reply =
        emulator_call(emu, REGION, "Seed",
                      "{\"calls\":[{\"operation\":\"ivs:ListTagsForResource\",\"input\":"
                      "{\"resourceArn\":\"%s\"}}]}",
                      made.crate);

    assert_error(reply, 400, "ValidationException");
}

static void errors_name_their_resource_in_services_with_such_members(void **state)
{
    struct emulator *emu = *state;
    static const char missing[] = PREFIX("depot") "box/abcdABCDefgh";

    struct reply box = emulator_call(emu, REGION, "GetBox", "{\"arn\":\"%s\"}", missing);
    struct reply name = emulator_call(emu, REGION, "CreateBox", "{\"name\":\"a b\"}");
    struct reply crate =
        emulator_call(emu, REGION, "GetCrate", "{\"arn\":\"%scrate/a\"}", PREFIX("ivs"));

    assert_error(box, 404, "ResourceNotFoundException");
    assert_string_equal(reply_string(box, "resourceId"), "abcdABCDefgh");
    assert_string_equal(reply_string(name, "field"), "name");
    assert_error(crate, 404, "ResourceNotFoundException");
    assert_string_equal(reply_string(crate, "crateMessage"), crate.message);
    assert_false(reply_has(crate, "resourceId"));
}

static void each_service_has_its_own_quotas(void **state)
{
    struct emulator *emu = *state;

    for (int i = 0; i < OTHER_QUOTA; i++) {
        assert_success(emulator_call(emu, REGION, "CreateBox", "{\"name\":\"b\"}"), 200);
        assert_success(emulator_call(emu, REGION, "CreateCrate", "{\"name\":\"c\"}"),
                       200);
    }
    struct reply over = emulator_call(emu, REGION, "CreateBox", "{\"name\":\"b\"}");

    assert_error_says(over, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 2 boxes per region");
    assert_int_equal(reply_int(over, "limit"), OTHER_QUOTA);
    emu->settings.quotas = false;
    assert_error(emulator_call(emu, REGION, "CreateBox", "{\"name\":\"b\"}"), 402,
                 "ServiceQuotaExceededException");
    assert_success(emulator_call(emu, REGION, "CreateCrate", "{\"name\":\"c\"}"), 200);
}

static void reset_deletes_the_resources_of_every_service(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    assert_error(emulator_call(emu, REGION, "GetBox", "{\"arn\":\"%s\"}", made.box), 404,
                 "ResourceNotFoundException");
    assert_error(emulator_call(emu, REGION, "GetCrate", "{\"arn\":\"%s\"}", made.crate),
                 404, "ResourceNotFoundException");
}

/* Puts a fault on operations of that name, and checks whose tags can be read. */
static void assert_fault_applies(struct emulator *emu, struct made made,
                                 const char *operation, bool ivs, bool depot,
                                 bool ivs_depot)
{
    assert_success(
        emulator_call(emu, REGION, "PutFault",
                      "{\"operation\":\"%s\",\"error\":\"PendingVerification\"}",
                      operation),
        200);
    assert_int_equal(call_tags(emu, "GET", made.channel, "").status, ivs ? 403 : 200);
    assert_int_equal(call_tags(emu, "GET", made.box, "").status, depot ? 403 : 200);
    assert_int_equal(call_tags(emu, "GET", made.crate, "").status, ivs_depot ? 403 : 200);
    assert_success(emulator_call(emu, REGION, "DeleteFault", "{\"all\":true}"), 204);
}

static void a_fault_applies_to_one_service_or_to_all(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    assert_fault_applies(emu, made, "ListTagsForResource", true, true, true);
    assert_fault_applies(emu, made, "*", true, true, true);
    assert_fault_applies(emu, made, "depot:ListTagsForResource", false, true, false);
    assert_fault_applies(emu, made, "ivs:ListTagsForResource", true, false, false);
    assert_fault_applies(emu, made, "ivs-depot:*", false, false, true);
    assert_error(emulator_call(emu, REGION, "PutFault",
                               "{\"operation\":\"depot:CreateCrate\",\"latencyMs\":1}"),
                 400, "ValidationException");
}

static struct reply seed_tags(struct emulator *emu, const char *operation,
                              const char *arn)
{
    return emulator_call(emu, REGION, "Seed",
                         "{\"calls\":[{\"operation\":\"%s\",\"input\":"
                         "{\"resourceArn\":\"%s\"}}]}",
                         operation, arn);
}

static void assert_seeded_by(struct reply reply, const char *service)
{
    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "results.0.service"), service);
}

static void a_name_of_several_services_in_a_seed_means_the_owner_of_the_arn(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    assert_seeded_by(seed_tags(emu, "ListTagsForResource", made.channel), "ivs");
    assert_seeded_by(seed_tags(emu, "ListTagsForResource", made.box), "depot");
    assert_seeded_by(seed_tags(emu, "ListTagsForResource", made.crate), "ivs-depot");
    assert_seeded_by(seed_tags(emu, "depot:ListTagsForResource", made.box), "depot");
}

static void an_ambiguous_name_in_a_seed_is_refused_with_the_choices(void **state)
{
    static const char choices[] =
        "calls[0] ListTagsForResource: The name is ambiguous; write "
        "ivs:ListTagsForResource or depot:ListTagsForResource or "
        "ivs-depot:ListTagsForResource";
    struct emulator *emu = *state;

    assert_error_says(seed_tags(emu, "ListTagsForResource", PREFIX("depot") "nonsense/a"),
                      400, "ValidationException", choices);
    assert_error_says(emulator_call(emu, REGION, "Seed",
                                    "{\"calls\":[{\"operation\":"
                                    "\"ListTagsForResource\",\"input\":"
                                    "{\"resourceArn\":7}}]}"),
                      400, "ValidationException", choices);
}

static int count_requests(struct emulator *emu, const char *operation)
{
    return reply_count(
        emulator_call(emu, REGION, "ListRequests", "{\"operation\":\"%s\"}", operation),
        "requests");
}

static void requests_are_listed_by_operation_of_one_service_or_of_all(void **state)
{
    struct emulator *emu = *state;
    struct made made = make_all(emu);

    (void)call_tags(emu, "GET", made.box, "");
    (void)call_tags(emu, "GET", made.crate, "");

    assert_int_equal(count_requests(emu, "ListTagsForResource"), 2);
    assert_int_equal(count_requests(emu, "depot:ListTagsForResource"), 1);
    assert_int_equal(count_requests(emu, "ivs:ListTagsForResource"), 0);
    assert_int_equal(count_requests(emu, "depot:*"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OTHER_SERVICES_TEST(each_service_tags_its_own_resources),
        OTHER_SERVICES_TEST(the_kind_of_the_arn_has_priority_over_signature_and_host),
        OTHER_SERVICES_TEST(an_unknown_kind_is_refused_by_the_service_of_the_signature),
        OTHER_SERVICES_TEST(an_unknown_kind_is_refused_by_the_service_that_has_such_arns),
        OTHER_SERVICES_TEST(the_host_name_distinguishes_services_with_one_signing_name),
        OTHER_SERVICES_TEST(an_operation_refuses_the_arn_of_another_service),
        OTHER_SERVICES_TEST(errors_name_their_resource_in_services_with_such_members),
        OTHER_SERVICES_TEST(each_service_has_its_own_quotas),
        OTHER_SERVICES_TEST(reset_deletes_the_resources_of_every_service),
        OTHER_SERVICES_TEST(a_fault_applies_to_one_service_or_to_all),
        OTHER_SERVICES_TEST(
            a_name_of_several_services_in_a_seed_means_the_owner_of_the_arn),
        OTHER_SERVICES_TEST(an_ambiguous_name_in_a_seed_is_refused_with_the_choices),
        OTHER_SERVICES_TEST(requests_are_listed_by_operation_of_one_service_or_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
