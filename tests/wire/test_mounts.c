/*
 * Which handler gets a request, and what the server adds to the responses of mounts.
 */
#include "base/memory.h"
#include "support/host.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { REST_BYTES = 100, MOUNT_BYTES = 10 };

/* Responds with its name, the path, the received part of the body, and the fault of the
 * request. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    const char *path = request->path != NULL ? request->path : "none";
    size_t length = strlen(path);
    char *body = mem_alloc(length + 1);

    memcpy(body, path, length + 1);
    response->status = 200;
    http_response_header(response, "X-Mount", context);
    http_response_header(response, "X-Body",
                         arena_printf(request->arena,
                                      request->body_too_large ? "over %zu" : "%zu",
                                      request->body_length));
    if (request->fault != NULL)
        http_response_header(response, "X-Fault", request->fault);
    http_respond_memory(response, body, length);
}

static char rest[] = "rest", root[] = "root", video[] = "video", live[] = "live",
            socket_[] = "socket", deep[] = "deep";

static int setup(void **state)
{
    static const struct http_mount mounts[] = {
        {"/",                   MOUNT_BYTES, handle, root   },
        {"/api/video/",         MOUNT_BYTES, handle, video  },
        {"/api/video/v1/live/", MOUNT_BYTES, handle, live   },
        {"/socket",             MOUNT_BYTES, handle, socket_},
        {"/api/video/v1/x",     MOUNT_BYTES, handle, deep   },
    };
    const struct http_options options = {.body_limit = REST_BYTES,
                                         .handler = handle,
                                         .context = rest,
                                         .mounts = mounts,
                                         .mount_count = COUNT_OF(mounts)};

    *state = host_new();
    host_start(*state, &options);
    return 0;
}

static int teardown(void **state)
{
    host_free(*state);
    return 0;
}

struct route {
    const char *target;
    const char *mount;
    const char *path;
};

static void assert_routes(struct host *host, const struct route *routes, size_t count)
{
    struct http_client *client = host_connect(host);

    for (size_t i = 0; i < count; i++) {
        struct http_answer answer = http_call(client, "GET", routes[i].target, "", NULL);
        const char *mount = http_header(&answer, "X-Mount");
        if (mount == NULL || strcmp(mount, routes[i].mount) != 0 ||
            strcmp(answer.body, routes[i].path) != 0)
            fail_msg("%s goes to %s as %s", routes[i].target, mount, answer.body);
    }
}

static void the_mount_with_the_longest_matching_path_is_used(void **state)
{
    static const struct route routes[] = {
        {"/",                       root,    "/"                      },
        {"/?a=/api/video/",         root,    "/"                      },
        {"/api/video/",             video,   "/api/video/"            },
        {"/api/video/a.m3u8?b=c",   video,   "/api/video/a.m3u8"      },
        {"/api/video/v1/live/a.ts", live,    "/api/video/v1/live/a.ts"},
        {"/api/video/v1/live",      video,   "/api/video/v1/live"     },
        {"/api/video/v1/x",         deep,    "/api/video/v1/x"        },
        {"/api/video/v1/x/",        video,   "/api/video/v1/x/"       },
        {"/api/video/v1/xy",        video,   "/api/video/v1/xy"       },
        {"/socket",                 socket_, "/socket"                },
        {"/socket?token=%zz",       socket_, "/socket"                },
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void the_default_handler_gets_requests_without_a_mount(void **state)
{
    static const struct route routes[] = {
        {"/CreateChannel", rest, "none"},
        {"/socket/",       rest, "none"},
        {"/socket/x",      rest, "none"},
        {"/socke",         rest, "none"},
        {"/Socket",        rest, "none"},
        {"/api/video",     rest, "none"},
        {"/api/videos/x",  rest, "none"},
        {"/x/api/video/a", rest, "none"},
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void an_encoded_path_is_the_same_path(void **state)
{
    static const struct route routes[] = {
        {"/%61pi/video/a",       video,   "/api/video/a"          },
        {"/api%2Fvideo%2fa",     video,   "/api/video/a"          },
        {"/%73ocket",            socket_, "/socket"               },
        {"/api/video/caf%C3%A9", video,   "/api/video/caf\xc3\xa9"},
        {"/api/video/a%3Fb",     video,   "/api/video/a?b"        },
        {"/api/video/a+b",       video,   "/api/video/a+b"        },
        {"/api/video/...",       video,   "/api/video/..."        },
        {"/api/video/.a",        video,   "/api/video/.a"         },
        {"/api/video/a%252Fb",   video,   "/api/video/a%2Fb"      },
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void an_absolute_target_is_the_same_path(void **state)
{
    static const struct route routes[] = {
        {"http://localhost/api/video/a",   video,   "/api/video/a"},
        {"HTTPS://[::1]:1/%73ocket?a=b",   socket_, "/socket"     },
        {"http://localhost",               root,    "/"           },
        {"http://localhost?/socket",       root,    "/"           },
        {"http://localhost/CreateChannel", rest,    "none"        },
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void a_request_with_a_fault_matches_no_mount(void **state)
{
    static const struct route faults[] = {
        {"Host: other\r\n",             rest, "The request has more than one Host"},
        {"Transfer-Encoding: gzip\r\n", rest,
         "The only supported Transfer-Encoding is chunked"                        },
    };

    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct http_answer answer =
            http_call(host_connect(*state), "GET", "/socket", faults[i].target, NULL);
        assert_header(&answer, "X-Mount", faults[i].mount);
        assert_header(&answer, "X-Fault", faults[i].path);
        assert_string_equal(answer.body, "none");
    }
}

static void an_ambiguous_path_matches_no_mount(void **state)
{
    static const struct route routes[] = {
        {"//",                             rest, "none"},
        {"//socket",                       rest, "none"},
        {"/%2Fsocket",                     rest, "none"},
        {"/./socket",                      rest, "none"},
        {"/api//video/a",                  rest, "none"},
        {"/api/video//a",                  rest, "none"},
        {"/api/video/%2fa",                rest, "none"},
        {"/api/video/a//",                 rest, "none"},
        {"/api/video/../../CreateChannel", rest, "none"},
        {"/api/video/%2e%2E/a",            rest, "none"},
        {"/api/video/..%2fa",              rest, "none"},
        {"/api/video/a/..",                rest, "none"},
        {"/api/video/a/.",                 rest, "none"},
        {"/api/video/./a",                 rest, "none"},
        {"/tags/../api/video/a",           rest, "none"},
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void a_target_that_is_not_a_path_matches_no_mount(void **state)
{
    static const struct route routes[] = {
        {"http://user@localhost/api/video/a", rest, "none"},
        {"http:///api/video/a",               rest, "none"},
        {"http://localhost/api/video/%zz",    rest, "none"},
        {"*",                                 rest, "none"},
        {"api/video/a",                       rest, "none"},
        {"?/api/video/a",                     rest, "none"},
        {"/api/video/%",                      rest, "none"},
        {"/api/video/%zz",                    rest, "none"},
        {"/api/video/%00",                    rest, "none"},
        {"/socket%00",                        rest, "none"},
        {"/api/video/%ff",                    rest, "none"},
        {"/api/video/%C0%AE%C0%AE/a",         rest, "none"},
    };

    assert_routes(*state, routes, COUNT_OF(routes));
}

static void a_mount_has_a_body_limit_of_its_own(void **state)
{
    static const struct {
        const char *target;
        const char *body;
        const char *seen;
    } requests[] = {
        {"/socket",        "0123456789",  "10"    },
        {"/socket",        "0123456789a", "over 0"},
        {"/CreateChannel", "0123456789a", "11"    },
    };
    struct http_client *client = host_connect(*state);

    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct http_answer answer =
            http_call(client, "POST", requests[i].target, "", requests[i].body);
        assert_header(&answer, "X-Body", requests[i].seen);
    }
}

static void the_server_adds_nothing_but_date_and_length(void **state)
{
    struct http_client *client = host_connect(*state);

    struct http_answer answer = http_call(client, "OPTIONS", "/api/video/a",
                                          "Origin: https://elsewhere.example\r\n"
                                          "Access-Control-Request-Method: GET\r\n",
                                          NULL);

    assert_header(&answer, "X-Mount", "video");
    assert_header(&answer, "X-Body", "0");
    assert_header(&answer, "Content-Length", "12");
    assert_non_null(http_header(&answer, "Date"));
    assert_int_equal(answer.header_count, 4);
}

#define mounts_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        mounts_test(the_mount_with_the_longest_matching_path_is_used),
        mounts_test(the_default_handler_gets_requests_without_a_mount),
        mounts_test(an_encoded_path_is_the_same_path),
        mounts_test(an_absolute_target_is_the_same_path),
        mounts_test(a_request_with_a_fault_matches_no_mount),
        mounts_test(an_ambiguous_path_matches_no_mount),
        mounts_test(a_target_that_is_not_a_path_matches_no_mount),
        mounts_test(a_mount_has_a_body_limit_of_its_own),
        mounts_test(the_server_adds_nothing_but_date_and_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
