/*
 * The bodies of responses, of every kind: complete, truncated, and abandoned by the
 * client.
 */
#include "base/memory.h"
#include "support/host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum {
    MOST_BYTES = 12 * 1024 * 1024, /* more than the buffers of a connection can hold */
    FILE_OFFSET = 4321,
    TAIL_BYTES = 10,
    MAX_FILES = 64,
};

static const char *const kinds[] = {"memory", "blob", "file"};
static const size_t sizes[] = {0, 1, (size_t)64 * 1024, (size_t)5 * 1024 * 1024};

struct bodies {
    struct host *host;
    char *bytes; /* every body is a prefix of these */
    FILE *file;  /* has them at FILE_OFFSET, and TAIL_BYTES more */
    size_t handled;
    size_t released; /* blobs */
    struct blob *shared;
    size_t file_count;
    int files[MAX_FILES]; /* passed to the server */
};

static void count_release(void *context)
{
    struct bodies *bodies = context;

    host_count(bodies->host, &bodies->released);
}

static void respond_file(struct bodies *bodies, size_t length,
                         struct http_response *response)
{
    int fd = fcntl(fileno(bodies->file), F_DUPFD_CLOEXEC, 0);

    if (fd < 0 || bodies->file_count == MAX_FILES)
        abort();
    bodies->files[bodies->file_count++] = fd;
    http_respond_file(response, fd, FILE_OFFSET, length);
}

static void respond(struct bodies *bodies, const char *kind, size_t length,
                    struct http_response *response)
{
    if (strcmp(kind, "memory") == 0) {
        char *bytes = mem_alloc(length + 1);
        memcpy(bytes, bodies->bytes, length);
        http_respond_memory(response, bytes, length);
    } else if (strcmp(kind, "blob") == 0) {
        http_respond_blob(response,
                          blob_wrap(bodies->bytes, length, count_release, bodies));
    } else if (strcmp(kind, "shared") == 0) {
        http_respond_blob(response, blob_ref(bodies->shared));
    } else if (strcmp(kind, "file") == 0) {
        respond_file(bodies, length, response);
    }
}

/* Responds to /ENDING/KIND/LENGTH. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct bodies *bodies = context;
    char ending[16] = "", kind[16] = "", length[16] = "";

    if (sscanf(request->target, "/%15[a-z]/%15[a-z]/%15[0-9]", ending, kind, length) != 3)
        abort();
    response->status = 200;
    if (strcmp(ending, "drop") == 0)
        response->ending = HTTP_DROPPED;
    if (strcmp(ending, "cut") == 0)
        response->ending = HTTP_CUT;
    respond(bodies, kind, strtoul(length, NULL, 10), response);
    host_count(bodies->host, &bodies->handled);
}

static void fill_file(struct bodies *bodies)
{
    char gap[FILE_OFFSET] = "";

    bodies->file = tmpfile();
    assert_non_null(bodies->file);
    assert_int_equal(fwrite(gap, 1, FILE_OFFSET, bodies->file), FILE_OFFSET);
    assert_int_equal(fwrite(bodies->bytes, 1, MOST_BYTES, bodies->file), MOST_BYTES);
    assert_int_equal(fwrite(gap, 1, TAIL_BYTES, bodies->file), TAIL_BYTES);
    assert_int_equal(fflush(bodies->file), 0);
}

static int setup(void **state)
{
    struct bodies *bodies = mem_zalloc(sizeof(*bodies));
    const struct http_options options = {
        .body_limit = 1000, .handler = handle, .context = bodies};

    bodies->host = host_new();
    bodies->bytes = arena_take(host_arena(bodies->host), MOST_BYTES);
    for (size_t i = 0; i < MOST_BYTES; i++)
        bodies->bytes[i] = (char)(i * 7 % 256);
    fill_file(bodies);
    bodies->shared = blob_wrap(bodies->bytes, MOST_BYTES, count_release, bodies);
    host_start(bodies->host, &options);
    *state = bodies;
    return 0;
}

static int teardown(void **state)
{
    struct bodies *bodies = *state;

    host_stop(bodies->host, HOST_LONG_GRACE_MS);
    blob_unref(bodies->shared);
    host_free(bodies->host);
    fclose(bodies->file);
    free(bodies);
    return 0;
}

static const char *target_of(struct bodies *bodies, const char *ending, const char *kind,
                             size_t length)
{
    return arena_printf(host_arena(bodies->host), "/%s/%s/%zu", ending, kind, length);
}

static void assert_length(struct bodies *bodies, const struct http_answer *answer,
                          size_t length)
{
    assert_int_equal(answer->reply.status, 200);
    assert_header(answer, "Content-Length",
                  arena_printf(host_arena(bodies->host), "%zu", length));
}

static void bodies_of_every_kind_and_size_arrive_complete(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(sizes); i++) {
        struct http_client *client = host_connect(bodies->host);
        size_t length = sizes[i % COUNT_OF(sizes)];
        const char *target =
            target_of(bodies, "send", kinds[i / COUNT_OF(sizes)], length);

        struct http_answer answer = http_call(client, "GET", target, "", NULL);

        assert_length(bodies, &answer, length);
        assert_int_equal(answer.body_length, length);
        assert_memory_equal(answer.body, bodies->bytes, length);
        host_disconnect(bodies->host, client);
    }
}

static void head_has_the_length_and_no_body(void **state)
{
    struct bodies *bodies = *state;
    struct http_client *client = host_connect(bodies->host);

    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(sizes); i++) {
        const char *target = target_of(bodies, "send", kinds[i / COUNT_OF(sizes)],
                                       sizes[i % COUNT_OF(sizes)]);

        struct http_answer head = http_call(client, "HEAD", target, "", NULL);
        /* The next response follows at once: there was no body. */
        struct http_answer next = http_call(client, "GET", "/send/memory/3", "", NULL);

        assert_length(bodies, &head, sizes[i % COUNT_OF(sizes)]);
        assert_length(bodies, &next, 3);
        assert_memory_equal(next.body, bodies->bytes, 3);
    }
}

static void an_answer_may_have_no_body(void **state)
{
    struct bodies *bodies = *state;
    struct http_client *client = host_connect(bodies->host);

    struct http_answer answer = http_call(client, "GET", "/send/none/0", "", NULL);
    struct http_answer head = http_call(client, "HEAD", "/send/none/0", "", NULL);

    assert_length(bodies, &answer, 0);
    assert_length(bodies, &head, 0);
}

static void a_file_that_is_too_short_ends_the_connection(void **state)
{
    struct bodies *bodies = *state;
    struct http_client *client = host_connect(bodies->host);
    size_t rest = MOST_BYTES + TAIL_BYTES;

    assert_true(http_send_request(
        client, "GET", target_of(bodies, "send", "file", rest + 1), "", NULL, 0));

    http_expect_closed(client);
}

static void a_shared_blob_is_released_after_its_last_client(void **state)
{
    enum { CLIENTS = 4 };
    struct bodies *bodies = *state;
    struct http_client *clients[CLIENTS];

    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = host_connect_narrow(bodies->host);
        assert_true(http_send_request(clients[i], "GET", "/send/shared/0", "", NULL, 0));
    }
    host_wait(bodies->host, &bodies->handled, CLIENTS);
    blob_unref(bodies->shared);
    bodies->shared = NULL;
    for (size_t i = 0; i < CLIENTS; i++) {
        assert_int_equal(host_counted(bodies->host, &bodies->released), 0);
        struct http_answer answer = http_expect(clients[i]);
        assert_int_equal(answer.body_length, MOST_BYTES);
        assert_memory_equal(answer.body, bodies->bytes, MOST_BYTES);
    }

    host_wait(bodies->host, &bodies->released, 1);
}

static void a_client_that_disconnects_frees_the_body(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect_narrow(bodies->host);
        const char *target = target_of(bodies, "send", kinds[i], MOST_BYTES);
        assert_true(http_send_request(client, "GET", target, "", NULL, 0));
        assert_non_null(http_receive_bytes(client, 2000));
        host_disconnect(bodies->host, client);
    }
    host_wait(bodies->host, &bodies->released, 1);
    host_stop(bodies->host, HOST_LONG_GRACE_MS);

    assert_int_equal(bodies->file_count, 1);
    assert_int_equal(fcntl(bodies->files[0], F_GETFD), -1);
}

static void a_stop_ends_bodies_that_are_not_read(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect_narrow(bodies->host);
        const char *target = target_of(bodies, "send", kinds[i], MOST_BYTES);
        assert_true(http_send_request(client, "GET", target, "", NULL, 0));
    }
    host_wait(bodies->host, &bodies->handled, COUNT_OF(kinds));
    host_stop(bodies->host, 1);

    assert_int_equal(host_counted(bodies->host, &bodies->released), 1);
    assert_int_equal(fcntl(bodies->files[0], F_GETFD), -1);
}

static void a_truncated_body_ends_after_half_its_length(void **state)
{
    enum { LENGTH = 100001 };
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect(bodies->host);
        const char *target = target_of(bodies, "cut", kinds[i], LENGTH);
        struct http_answer head;

        assert_true(http_send_request(client, "GET", target, "", NULL, 0));

        assert_int_equal(http_receive(client, true, &head), HTTP_ANSWER);
        assert_length(bodies, &head, LENGTH);
        const char *half = http_receive_bytes(client, LENGTH / 2);
        assert_non_null(half);
        assert_memory_equal(half, bodies->bytes, LENGTH / 2);
        assert_null(http_receive_bytes(client, 1));
    }
}

static void a_cut_answer_without_a_body_is_dropped(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect(bodies->host);
        assert_true(http_send_request(
            client, "GET", target_of(bodies, "cut", kinds[i], 0), "", NULL, 0));
        http_expect_closed(client);
    }
}

static void a_cut_answer_to_head_is_dropped(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect(bodies->host);
        assert_true(http_send_request(
            client, "HEAD", target_of(bodies, "cut", kinds[i], 10), "", NULL, 0));
        http_expect_closed(client);
    }
    host_wait(bodies->host, &bodies->released, 1);
}

static void a_dropped_answer_frees_its_body(void **state)
{
    struct bodies *bodies = *state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct http_client *client = host_connect(bodies->host);
        assert_true(http_send_request(
            client, "GET", target_of(bodies, "drop", kinds[i], 1000), "", NULL, 0));
        http_expect_closed(client);
    }
    host_wait(bodies->host, &bodies->released, 1);
    host_stop(bodies->host, HOST_LONG_GRACE_MS);

    assert_int_equal(fcntl(bodies->files[0], F_GETFD), -1);
}

#define bodies_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bodies_test(bodies_of_every_kind_and_size_arrive_complete),
        bodies_test(head_has_the_length_and_no_body),
        bodies_test(an_answer_may_have_no_body),
        bodies_test(a_file_that_is_too_short_ends_the_connection),
        bodies_test(a_shared_blob_is_released_after_its_last_client),
        bodies_test(a_client_that_disconnects_frees_the_body),
        bodies_test(a_stop_ends_bodies_that_are_not_read),
        bodies_test(a_truncated_body_ends_after_half_its_length),
        bodies_test(a_cut_answer_without_a_body_is_dropped),
        bodies_test(a_cut_answer_to_head_is_dropped),
        bodies_test(a_dropped_answer_frees_its_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
