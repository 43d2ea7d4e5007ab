/*
 * What WebSocket clients may send, right and wrong, and how a server that sends messages
 * back reacts. The cases are numbered like those of the Autobahn|Testsuite that ask for
 * the same, so that reports can be compared; those of its categories 12 and 13 are about
 * an extension that is never negotiated.
 */
#ifndef TESTS_WIRE_WEBSOCKET_CASES_H
#define TESTS_WIRE_WEBSOCKET_CASES_H

#include <stdbool.h>
#include <stddef.h>

enum { CASE_MAX_STEPS = 16 };

enum step_kind {
    STEP_END,
    STEP_SEND,       /* a frame with this first byte and payload */
    STEP_SEND_BYTES, /* these bytes, which are no whole frame */
    STEP_SEND_LONG,  /* a message of `length` asterisks in frames of `fragment` bytes */
    STEP_EXPECT,     /* a frame */
    STEP_EXPECT_LONG,
    STEP_EXPECT_CLOSE, /* a close frame with `code` (-1: none), then the end */
};

struct step {
    enum step_kind kind;
    int first;
    const char *payload;
    size_t length;
    size_t fragment; /* 0: one frame */
    int code;
};

/* A case that does not expect a close frame ends with one of the client, 1000. */
struct websocket_case {
    const char *id;
    struct step steps[CASE_MAX_STEPS + 1]; /* end with STEP_END */
};

extern const struct websocket_case websocket_cases[];
extern const size_t websocket_case_count;

/* A text message in one frame: sent back, or refused with 1007. */
struct utf8_case {
    const char *id;
    bool valid;
    const char *payload;
    size_t length;
};

extern const struct utf8_case utf8_cases[];
extern const size_t utf8_case_count;

/* A close frame with a code: what the code of the answer is. */
struct close_case {
    const char *id;
    int code;
    int answer;
};

extern const struct close_case close_cases[];
extern const size_t close_case_count;

#endif
