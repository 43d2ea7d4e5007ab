/*
 * At least one call of every operation, in an order in which each call finds what it
 * needs. The tests that walk all operations make these calls, so that a new operation is
 * covered by its row, and one without a row fails.
 */
#ifndef TESTS_API_SAMPLE_CALLS_H
#define TESTS_API_SAMPLE_CALLS_H

#include "../fuzz/seen.h"
#include "api/service.h"
#include "base/arena.h"
#include "support/emulator.h"

#include <stdbool.h>
#include <stddef.h>

/* What the same call returns to a caller from another account or region. */
enum elsewhere {
    ELSEWHERE_NOT_FOUND, /* 404: it names a resource, which the caller does not have */
    ELSEWHERE_ERRORS,    /* success: what it names is among the `errors` of the batch */
    ELSEWHERE_OWN,       /* success: it is about what the caller has */
    ELSEWHERE_MISSING,   /* 408: it waits for events, which the caller does not have */
    /* The ARN or the program says what is meant, and not the account and region of the
     * caller: the same as to the owner. */
    ELSEWHERE_SAME,
};

struct sample_call {
    enum elsewhere elsewhere;
    const char *text; /* as fuzz/calls.h has it, with the service before the name */
};

extern const struct sample_call sample_calls[];
extern const size_t sample_calls_count;

/* The calls of one emulator, and what the responses said, for later calls to name. */
struct samples {
    struct emulator *emu;
    struct arena *arena;
    struct seen seen;
};

/* The calls may name the default <account 0> and <region 0>, and a public key, <pem 0>.
 */
void samples_init(struct samples *samples, struct emulator *emu);
void samples_done(struct samples *samples);

/* Lets the calls to come name a text that no response has. It must live as long. */
void sample_give(struct samples *samples, const char *kind, const char *text);

/* A call whose placeholders are filled. Strings belong to the arena of the samples. */
struct sample_request {
    const struct operation *op;
    const char *target;
    const char *body;
};

/* Fills a call. The test fails unless the text has the name of an operation. */
struct sample_request sample_fill(struct samples *samples, const char *text);

/* The same call about the resources of another scope: the ARNs in it are those of `to`
 * where they were those of `from`. */
struct sample_request sample_move(struct samples *samples,
                                  const struct sample_request *request, struct scope from,
                                  struct scope to);

struct reply sample_send(struct samples *samples, struct scope scope,
                         const struct sample_request *request);

/* Remembers the response to an operation for the calls to come, unless it only reads:
 * then an earlier response has said the same. */
void sample_see(struct samples *samples, const struct operation *op, struct reply reply);

/* Fills and sends a call as the default account and region, and sees the response. The
 * test fails unless the call succeeds. */
struct reply sample_make(struct samples *samples, const char *text);

/* The test fails unless every operation of an emulated service has a sample, and every
 * operation of another service that uses the store. */
void assert_samples_are_complete(void);

#endif
