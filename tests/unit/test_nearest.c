/*
 * Advice about unknown names.
 */
#include "base/nearest.h"

#include "support/cmocka_all.h"

static const char *const names[] = {"operation", "error", "times", "faultId",
                                    "AccessDeniedException"};

static void the_name_with_the_fewest_errors_is_nearest(void **state)
{
    static const struct {
        const char *given;
        const char *nearest; /* NULL: none */
    } cases[] = {
        {"time",                                                                "times"                },
        {"timess",                                                              "times"                },
        {"tiems",                                                               "times"                },
        {"tymes",                                                               "times"                },
        {"faultID",                                                             "faultId"              },
        {"OPERATION",                                                           "operation"            },
        {"opretaion",                                                           "operation"            },
        {"AccessDenied",                                                        "AccessDeniedException"},
        {"AccesDeniedExeption",                                                 "AccessDeniedException"},
        {"ti",                                                                  NULL                   },
        {"latency",                                                             NULL                   },
        {"",                                                                    NULL                   },
        {"ivs:operationoperationoperationoperationoperationoperationoperation", NULL                   },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *nearest = nearest_name(cases[i].given, names, COUNT_OF(names));
        if (cases[i].nearest == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, cases[i].nearest);
    }
}

static void among_equally_near_names_the_first_is_chosen(void **state)
{
    static const char *const similar[] = {"start", "smart"};

    (void)state;
    assert_string_equal(nearest_name("sart", similar, COUNT_OF(similar)), "start");
}

static void a_beginning_of_several_names_is_near_to_none(void **state)
{
    static const char *const similar[] = {"CreateChannel", "CreateStreamKey"};

    (void)state;
    assert_null(nearest_name("Create", similar, COUNT_OF(similar)));
    assert_string_equal(nearest_name("CreateS", similar, COUNT_OF(similar)),
                        "CreateStreamKey");
}

static void advice_has_the_nearest_name_and_all_names(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(nearest_advice(arena, "time", names, 3),
                        "Did you mean times? Valid names are operation, error, times");
    assert_string_equal(nearest_advice(arena, "latency", names, 3),
                        "Valid names are operation, error, times");
    assert_string_equal(nearest_advice(arena, "x", NULL, 0), "There are no valid names");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_with_the_fewest_errors_is_nearest),
        cmocka_unit_test(among_equally_near_names_the_first_is_chosen),
        cmocka_unit_test(a_beginning_of_several_names_is_near_to_none),
        cmocka_unit_test(advice_has_the_nearest_name_and_all_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
