/*
 * Two services that exist in tests only. They show that a service needs only its own
 * files, a place in the list of services and a row of the registry: `depot` keeps boxes,
 * as ivschat keeps rooms; `ivs-depot` keeps crates and shares its signing name and the
 * service of its ARNs with ivs, as ivs-realtime does.
 */
#ifndef TESTS_API_OTHER_SERVICES_H
#define TESTS_API_OTHER_SERVICES_H

#include "support/emulator.h"

enum { OTHER_QUOTA = 2 /* boxes, and crates, of an account in a region */ };

/* Setup of a cmocka test: an emulator with ivs, both services and the control API. */
int other_services_setup(void **state);

#define OTHER_SERVICES_TEST(test)                                                        \
    cmocka_unit_test_setup_teardown(test, other_services_setup, emulator_teardown)

#endif
