/*
 * Options of libcurl that the library found at run time may be too old for.
 */
#include "../../src/http/curl_internal.h"

#include <stdarg.h>

#include "support/cmocka_all.h"

/* A library of some version, and the last options that were set. */
struct library {
    CURLcode to_new_options;
    const char *protocol_names; /* NULL: not set */
    long protocol_bits;         /* 0: not set */
    long quick_exit;
};

static CURLcode set_option(CURL *easy, CURLoption option, ...)
{
    struct library *library = easy;
    va_list args;
    CURLcode code = CURLE_OK;

    va_start(args, option);
    if (option == CURLOPT_PROTOCOLS)
        library->protocol_bits = va_arg(args, long);
    else if (library->to_new_options != CURLE_OK)
        code = library->to_new_options;
    else if (option == CURLOPT_PROTOCOLS_STR)
        library->protocol_names = va_arg(args, const char *);
    else if (option == CURLOPT_QUICK_EXIT)
        library->quick_exit = va_arg(args, long);
    va_end(args);
    return code;
}

static const struct curl_api api = {.easy_setopt = set_option};

static void a_new_library_gets_the_new_options(void **state)
{
    struct library library = {.to_new_options = CURLE_OK};

    (void)state;
    assert_int_equal(curl_allow_http_only(&api, &library), CURLE_OK);
    assert_int_equal(curl_abandon_look_ups(&api, &library), CURLE_OK);

    assert_string_equal(library.protocol_names, "http,https");
    assert_int_equal(library.protocol_bits, 0);
    assert_int_equal(library.quick_exit, 1);
}

static void an_old_library_gets_the_old_options(void **state)
{
    struct library library = {.to_new_options = CURLE_UNKNOWN_OPTION};

    (void)state;
    assert_int_equal(curl_allow_http_only(&api, &library), CURLE_OK);
    assert_int_equal(curl_abandon_look_ups(&api, &library), CURLE_OK);

    assert_int_equal(library.protocol_bits, CURLPROTO_HTTP | CURLPROTO_HTTPS);
}

static void other_failures_are_returned(void **state)
{
    struct library library = {.to_new_options = CURLE_OUT_OF_MEMORY};

    (void)state;
    assert_int_equal(curl_allow_http_only(&api, &library), CURLE_OUT_OF_MEMORY);
    assert_int_equal(curl_abandon_look_ups(&api, &library), CURLE_OUT_OF_MEMORY);

    assert_int_equal(library.protocol_bits, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_library_gets_the_new_options),
        cmocka_unit_test(an_old_library_gets_the_old_options),
        cmocka_unit_test(other_failures_are_returned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
