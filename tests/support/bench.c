#include "bench.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "data/event.h"
#include "folder.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

enum { PATIENCE_MS = 60 * 1000, MAX_LOG_BYTES = 1024 * 1024 };

#define ACCOUNT "123456789012"
#define REGION "us-west-2"

int bench_setup(void **state)
{
    struct bench *bench = mem_zalloc(sizeof(*bench));

    json_init();
    log_set_level(LOG_ERROR);
    bench->arena = arena_new();
    bench->folder = arena_strdup(bench->arena, "/tmp/ivs-local-test-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->db = arena_printf(bench->arena, "%s/ivs.db", bench->folder);
    bench->log = -1;
    bench->chance = ids_new_seeded(7);
    bench->faults = faults_new(bench->chance);
    bench_open(bench);
    *state = bench;
    return 0;
}

int bench_teardown(void **state)
{
    struct bench *bench = *state;

    delivery_stop(bench->delivery);
    for (size_t i = 0; i < bench->sink_count; i++)
        sink_free(bench->sinks[i]);
    store_close(bench->store);
    faults_free(bench->faults);
    ids_free(bench->chance);
    if (bench->log >= 0) {
        dup2(bench->own_stderr, STDERR_FILENO);
        close(bench->own_stderr);
        close(bench->log);
    }
    folder_remove(bench->arena, bench->folder);
    arena_free(bench->arena);
    free(bench);
    return 0;
}

static struct sink *keep(struct bench *bench, struct sink *sink)
{
    assert_true(bench->sink_count < BENCH_MAX_SINKS);
    return bench->sinks[bench->sink_count++] = sink;
}

struct sink *bench_sink(struct bench *bench)
{
    return keep(bench, sink_new());
}

struct sink *bench_closed_sink(struct bench *bench)
{
    return keep(bench, sink_new_closed());
}

const char *bench_url(struct bench *bench, const struct sink *sink, const char *path)
{
    return arena_printf(bench->arena, "http://127.0.0.1:%d%s", sink_port(sink), path);
}

void bench_start_all(struct bench *bench, const char *const *urls, size_t count)
{
    const char *why = NULL;

    assert_null(bench->delivery);
    bench->delivery = delivery_start(bench->store, bench->faults, urls, count, &why);
    if (bench->delivery == NULL)
        fail_msg("%s", why);
}

void bench_start(struct bench *bench, const char *url)
{
    bench_start_all(bench, &url, 1);
}

void bench_stop(struct bench *bench)
{
    delivery_stop(bench->delivery);
    bench->delivery = NULL;
}

void bench_open(struct bench *bench)
{
    const char *why = NULL;

    bench->store = store_open(bench->db, bench->arena, &why);
    if (bench->store == NULL)
        fail_msg("%s", why);
}

void bench_close(struct bench *bench)
{
    assert_null(bench->delivery);
    store_close(bench->store);
    bench->store = NULL;
}

const char *bench_envelope(struct bench *bench, int n)
{
    return arena_printf(
        bench->arena,
        "{\"version\":\"0\",\"id\":\"00000000-0000-4000-8000-%012d\","
        "\"detail-type\":\"IVS Stream State Change\",\"source\":\"aws.ivs\","
        "\"account\":\"" ACCOUNT "\",\"time\":\"2024-02-29T12:34:56Z\","
        "\"region\":\"" REGION "\","
        "\"resources\":[\"arn:aws:ivs:" REGION ":" ACCOUNT ":channel/abcdABCDefgh\"],"
        "\"detail\":{\"event_name\":\"Stream Start\",\"channel_name\":\"my-channel\","
        "\"stream_id\":\"st-%d\"}}",
        n, n);
}

void bench_write(struct bench *bench, int first, int last)
{
    const struct scope scope = {.account = ACCOUNT, .region = REGION};

    for (int n = first; n <= last; n++) {
        struct txn *txn = txn_begin(bench->store, bench->arena, TXN_WRITE);
        const struct event event = {
            .detail_type = "IVS Stream State Change",
            .resource_arn = "arn:aws:ivs:" REGION ":" ACCOUNT ":channel/abcdABCDefgh",
            .envelope = bench_envelope(bench, n),
        };
        assert_int_equal(event_insert(txn, scope, &event), DB_DONE);
        assert_int_equal(txn_commit(&txn), DB_DONE);
    }
}

void assert_delivered(struct bench *bench, struct sink *sink, size_t index, int n)
{
    assert_string_equal(sink_request(sink, index).body, bench_envelope(bench, n));
}

void bench_watch_log(struct bench *bench)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    bench->own_stderr = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    bench->log = ends[0];
    log_set_level(LOG_WARN);
}

void bench_expect_log(struct bench *bench, const char *text)
{
    struct buf read_so_far AUTO(buf_done);
    struct pollfd readable = {.fd = bench->log, .events = POLLIN};
    char piece[1024];

    buf_init(&read_so_far, MAX_LOG_BYTES);
    while (strstr(read_so_far.bytes, text) == NULL) {
        ssize_t got = 0;
        if (poll(&readable, 1, PATIENCE_MS) == 1)
            got = read(bench->log, piece, sizeof(piece));
        if (got <= 0)
            fail_msg("the log does not contain: %s", text);
        buf_add(&read_so_far, piece, (size_t)got);
    }
}

void assert_log_is_empty(struct bench *bench)
{
    struct pollfd readable = {.fd = bench->log, .events = POLLIN};

    assert_int_equal(poll(&readable, 1, 0), 0);
}
