/*
 * The tables of operations as a whole, and how a request finds its row.
 */
#include "api/not_emulated.h"
#include "app/app.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { OPERATIONS_MAX = 200 };

/* Every operation of every service. */
static size_t all_operations(const struct operation *out[OPERATIONS_MAX])
{
    size_t count = 0;

    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            assert_true(count < OPERATIONS_MAX);
            out[count++] = &app_services[s]->operations[i];
        }
    }
    return count;
}

static struct reply request(struct emulator *emu, const char *method, const char *target)
{
    return emulator_request(emu, emu->settings.default_scope, method, target, "{}", 2);
}

/* Whether the path ends with the ARN of a resource, which tells services apart. */
static bool is_shared(const struct operation *op)
{
    return strcmp(op->uri, "/tags/{resourceArn}") == 0;
}

static void every_operation_has_a_name_and_a_path_of_its_own(void **state)
{
    const struct operation *all[OPERATIONS_MAX];
    size_t count = all_operations(all);

    (void)state;
    assert_true(count >= 18);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (is_shared(all[i]) && is_shared(all[j]))
                continue;
            assert_string_not_equal(all[i]->name, all[j]->name);
            if (strcmp(all[i]->method, all[j]->method) == 0)
                assert_string_not_equal(all[i]->uri, all[j]->uri);
        }
    }
}

/* A response without a body is valid. */
static void assert_no_member_is_required(const struct shape *out)
{
    for (const struct member *m = out->members; m->name != NULL; m++)
        assert_int_equal(m->flags & REQUIRED, 0);
}

static void every_operation_has_shapes_and_a_status_that_fit(void **state)
{
    const struct operation *all[OPERATIONS_MAX];
    size_t count = all_operations(all);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_non_null(all[i]->in);
        assert_non_null(all[i]->out);
        assert_int_equal(all[i]->in->type, SHAPE_STRUCTURE);
        assert_int_equal(all[i]->out->type, SHAPE_STRUCTURE);
        if (all[i]->handle != NULL)
            assert_true(all[i]->status == 200 || all[i]->status == 204);
        if (all[i]->status == 204)
            assert_no_member_is_required(all[i]->out);
    }
}

static void an_unimplemented_operation_is_named_in_the_error(void **state)
{
    static const struct operation later = {"DoLater",    "POST",       "/DoLater",
                                           501,          NO_STORE,     {0},
                                           &shape_empty, &shape_empty, NULL};
    static const struct service service = {.name = "test",
                                           .error_member = "exceptionMessage",
                                           .operations = &later,
                                           .count = 1};
    static const struct service *const services[] = {&service, NULL};
    struct emulator *emu = *state;
    emu->services = services;

    struct reply reply = request(emu, "POST", "/DoLater");

    assert_error_says(reply, 501, "NotImplementedException",
                      "IVS Local does not implement DoLater");
    assert_string_equal(reply_string(reply, "exceptionMessage"), reply.message);
}

#define PATHS "; the paths of operations are /<Operation> and /_ivs-local/<Operation>"

static void an_unknown_path_is_an_unknown_operation(void **state)
{
    static const char *const cases[][3] = {
        {"POST", "/",                        PATHS                                    },
        {"GET",  "//",                       PATHS                                    },
        {"POST", "/_ivs-local/",             PATHS                                    },
        {"POST", "/_ivs-local",              PATHS                                    },
        {"POST", "/createchannel",           "; did you mean POST /CreateChannel?"    },
        {"POST", "/CreateChannels",          "; did you mean POST /CreateChannel?"    },
        {"POST", "/prefix/createchannel",    "; did you mean POST /CreateChannel?"    },
        {"POST", "/_ivs-local/reset",        "; did you mean POST /_ivs-local/Reset?" },
        {"GET",  "/_ivs-local/Health",       "; did you mean GET /_ivs-local/health?" },
        {"GET",  "/health",                  "; did you mean GET /_ivs-local/health?" },
        {"HEAD", "/_localstack/health",      "; did you mean GET /_ivs-local/health?" },
        {"GET",  "/metrics",                 "; did you mean GET /_ivs-local/metrics?"},
        {"GET",  "/_ivs-local/ListRequests", "; use POST"                             },
        {"PUT",  "/_ivs-local/health",       "; use GET"                              },
        {"PUT",  "/tags/x",                  ""                                       },
        {"POST", "/tags",                    ""                                       },
        {"POST", "/CreateChannel/",          PATHS                                    },
        {"GET",  "/favicon.ico",             ""                                       },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = request(emu, cases[i][0], cases[i][1]);
        assert_error_says(reply, 404, "UnknownOperationException",
                          emulator_printf(emu, "No operation matches %s %s%s",
                                          cases[i][0], cases[i][1], cases[i][2]));
    }
}

static void an_operation_that_is_not_emulated_is_named(void **state)
{
    static const char *const cases[][3] = {
        {"POST",   "/StartComposition",
         "StartComposition of Amazon IVS Real-Time Streaming"                                                                             },
        {"POST",   "//CreateParticipantToken",
         "CreateParticipantToken of Amazon IVS Real-Time Streaming"                                                                       },
        {"POST",   "/ivs/v1/CreateStage",                                                  "CreateStage of Amazon IVS Real-Time Streaming"},
        {"GET",    "/tags/arn:aws:ivs:us-east-1:000000000000:composition/abcdef",
         "ListTagsForResource of Amazon IVS Real-Time Streaming"                                                                          },
        {"POST",   "/tags/arn:aws:ivs:us-east-1:000000000000:stage/abcdef",
         "TagResource of Amazon IVS Real-Time Streaming"                                                                                  },
        {"DELETE", "/tags/arn:aws:ivs:us-east-1:000000000000:public-key/abcdef?tagKeys=a",
         "UntagResource of Amazon IVS Real-Time Streaming"                                                                                },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_error_says(
            request(emu, cases[i][0], cases[i][1]), 501, "NotImplementedException",
            emulator_printf(emu, "IVS Local does not emulate %s", cases[i][2]));
    assert_error(request(emu, "GET", "/CreateStage"), 404, "UnknownOperationException");
    assert_error(request(emu, "POST", "/CreateStages"), 404, "UnknownOperationException");
}

static void what_is_not_emulated_is_no_operation_of_ours(void **state)
{
    const struct operation *all[OPERATIONS_MAX];
    size_t count = all_operations(all);

    (void)state;
    assert_true(not_emulated_count > 0);
    for (size_t s = 0; s < not_emulated_count; s++) {
        const struct not_emulated *service = &not_emulated_services[s];
        assert_true(service->operation_count > 0 && service->resource_count > 0);
        for (size_t i = 0; i < service->operation_count; i++) {
            for (size_t j = 0; j < count; j++)
                assert_string_not_equal(service->operations[i], all[j]->name);
        }
        for (size_t i = 0; i < service->resource_count; i++) {
            for (size_t j = 0; j < data_registry.count; j++) {
                const struct arn_kind *ours = data_registry.rows[j].arn;
                assert_false(ours != NULL &&
                             strcmp(ours->service, service->resources[i].service) == 0 &&
                             strcmp(ours->type, service->resources[i].type) == 0);
            }
        }
    }
}

static void a_call_of_another_service_names_it(void **state)
{
    static const struct {
        const char *signed_for, *method, *target;
        int status;
    } cases[] = {
        {"sts",                                       "POST", "/",                                             501},
        {"s3",                                        "GET",  "/bucket/key",                                   501},
        {"lambda",                                    "GET",  "/tags/arn:aws:lambda:us-east-1:1:function/abc", 501},
        {"ivs",                                       "POST", "/Nothing",                                      404},
        {"ivschat",                                   "POST", "/Nothing",                                      404},
        {"",                                          "POST", "/",                                             404},
        {"No Name",                                   "POST", "/",                                             404},
        {"lambda",                                    "GET",  "/_ivs-local/health",                            200},
        {"personal",                                  "POST", "/ListChannels",                                 200},
        {"a-name-of-more-than-forty-characters-1234", "POST", "/",                                             404},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        emulator_sign_for(emu, cases[i].signed_for);
        struct reply reply = request(emu, cases[i].method, cases[i].target);
        assert_int_equal(reply.status, cases[i].status);
        if (reply.status != 501)
            continue;
        assert_string_equal(reply.error, "NotImplementedException");
        assert_non_null(strstr(reply.message, "AWS_ENDPOINT_URL_IVS"));
        assert_non_null(strstr(reply.message,
                               emulator_printf(emu, "service %s,", cases[i].signed_for)));
    }
}

static void a_path_may_begin_with_that_of_an_endpoint_url(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "us-east-1", "lobby");

    assert_success(request(emu, "POST", "//ListChannels"), 200);
    assert_success(request(emu, "POST", "/ivs/v1/ListChannels"), 200);
    assert_success(request(emu, "GET", emulator_printf(emu, "//tags/%s", arn)), 200);
    assert_success(request(emu, "GET", emulator_printf(emu, "/ivs/tags/%s", arn)), 200);
    assert_error(request(emu, "POST", "/1/2/3/4/5/6/7/8/ListChannels"), 404,
                 "UnknownOperationException");
}

static void head_matches_what_get_matches(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "us-east-1", "lobby");

    assert_success(request(emu, "HEAD", "/_ivs-local/health"), 200);
    assert_success(request(emu, "HEAD", "/_ivs-local/metrics"), 200);
    assert_success(request(emu, "HEAD", emulator_printf(emu, "/tags/%s", arn)), 200);
    assert_error(request(emu, "HEAD", "/ListChannels"), 404, "UnknownOperationException");
}

static void an_unknown_method_of_a_path_is_an_unknown_operation(void **state)
{
    struct emulator *emu = *state;

    assert_error(request(emu, "GET", "/CreateChannel"), 404, "UnknownOperationException");
    assert_error(request(emu, "PUT", "/tags/x"), 404, "UnknownOperationException");
    assert_error(request(emu, "POST", "/_ivs-local/health"), 404,
                 "UnknownOperationException");
}

static void an_error_has_its_message_in_every_member_of_the_service(void **state)
{
    struct emulator *emu = *state;

    struct reply ivs = emulator_call(emu, "us-east-1", "GetChannel", "{}");
    struct reply control = emulator_call(emu, "us-east-1", "Reset", "[]");

    assert_string_equal(reply_string(ivs, "message"),
                        "GetChannel.arn is a required attribute");
    assert_string_equal(reply_string(ivs, "exceptionMessage"), ivs.message);
    assert_int_equal(cJSON_GetArraySize(ivs.body), 3);
    assert_false(reply_has(control, "exceptionMessage"));
}

static void an_empty_body_is_an_empty_input(void **state)
{
    struct emulator *emu = *state;

    struct reply made = emulator_request(emu, emu->settings.default_scope, "POST",
                                         "/CreateChannel", "", 0);
    struct reply refused =
        emulator_request(emu, emu->settings.default_scope, "POST", "/GetChannel", "", 0);

    assert_success(made, 200);
    assert_error(refused, 400, "ValidationException");
}

static void a_wrong_type_is_named_before_a_broken_constraint(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, "us-east-1", "CreateChannel",
                                       "{\"name\":\"a b\",\"authorized\":1}");

    assert_error_says(reply, 400, "SerializationException",
                      "CreateChannel.authorized must be a boolean");
}

static void the_first_fault_in_the_order_of_the_shape_is_named(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, "us-east-1", "CreateChannel",
                      "{\"type\":\"X\",\"latencyMode\":\"X\",\"name\":\"a b\"}");

    assert_error_says(reply, 400, "ValidationException",
                      "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_name_and_a_path_of_its_own),
        cmocka_unit_test(every_operation_has_shapes_and_a_status_that_fit),
        EMULATOR_TEST(an_unimplemented_operation_is_named_in_the_error),
        EMULATOR_TEST(an_unknown_path_is_an_unknown_operation),
        EMULATOR_TEST(an_operation_that_is_not_emulated_is_named),
        cmocka_unit_test(what_is_not_emulated_is_no_operation_of_ours),
        EMULATOR_TEST(a_call_of_another_service_names_it),
        EMULATOR_TEST(an_unknown_method_of_a_path_is_an_unknown_operation),
        EMULATOR_TEST(a_path_may_begin_with_that_of_an_endpoint_url),
        EMULATOR_TEST(head_matches_what_get_matches),
        EMULATOR_TEST(an_error_has_its_message_in_every_member_of_the_service),
        EMULATOR_TEST(an_empty_body_is_an_empty_input),
        EMULATOR_TEST(a_wrong_type_is_named_before_a_broken_constraint),
        EMULATOR_TEST(the_first_fault_in_the_order_of_the_shape_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
