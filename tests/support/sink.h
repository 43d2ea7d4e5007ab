/*
 * A small HTTP server that the emulator sends to: it gives planned responses and stores
 * the requests. No wait is endless: a missing request makes the test fail.
 */
#ifndef TESTS_SUPPORT_SINK_H
#define TESTS_SUPPORT_SINK_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>

struct sink;

/* A received request. It lives until the sink is freed. */
struct sink_request {
    const char *line; /* POST /path HTTP/1.1 */
    const char *head; /* the header lines */
    const char *body; /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
};

/* Listens on a free port of 127.0.0.1 and responds with 200 to everything. */
struct sink *sink_new(void) NODISCARD;

/* Reserves a port, which refuses connections until sink_open(). */
struct sink *sink_new_closed(void) NODISCARD;
void sink_open(struct sink *sink);

void sink_free(struct sink *sink);

int sink_port(const struct sink *sink);

/* In place of a status: no response. */
enum {
    SINK_CLOSE = 0, /* closes the connection */
    SINK_HOLD = -1, /* sends nothing until sink_release(), then 200 */
};

/* Plans the response to the next request that has none planned yet; `body` must live as
 * long as the sink. */
void sink_plan(struct sink *sink, int status, const char *body);

/* The same with header lines, each of which ends with a line break. */
void sink_plan_with(struct sink *sink, int status, const char *lines, const char *body);

/* The same for a request of which only the head is read and stored. What follows is
 * discarded after the response, which ends what is sent; after SINK_HOLD there is no
 * response. */
void sink_plan_early(struct sink *sink, int status, const char *body);

void sink_release(struct sink *sink);

/* Waits until `count` requests have arrived in total. */
void sink_expect(struct sink *sink, size_t count);

size_t sink_count(struct sink *sink);

/* The number of accepted connections. */
size_t sink_connections(struct sink *sink);

/* The request number `index`, which must have arrived. */
struct sink_request sink_request(struct sink *sink, size_t index);

/* The value of a header, by its name in any case; it lives until the sink is freed. NULL:
 * it is absent. */
const char *sink_find_header(struct sink *sink, size_t index, const char *name);

/* The same, but the test fails if it is absent. */
const char *sink_header(struct sink *sink, size_t index, const char *name);

#endif
