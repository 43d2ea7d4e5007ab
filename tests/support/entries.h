/*
 * A client of server-sent events, which reads them one by one.
 */
#ifndef TESTS_SUPPORT_ENTRIES_H
#define TESTS_SUPPORT_ENTRIES_H

#include "http_client.h"

/* What the server sent up to an empty line; what it did not contain is "". */
struct entry {
    char event[32];
    char id[32];
    char data[8192];
};

/* Sends a GET, as HTTP/1.0 so that the stream is not divided into chunks, and receives
 * the headers of the response. `headers` is "" or whole lines, each with its \r\n. */
struct http_answer entries_request(struct http_client *client, const char *target,
                                   const char *headers);

/* The next entry that has an event, without comments. The test fails if there is none. */
struct entry entries_next(struct http_client *client);

/* The test fails unless the next entry is of this event and its data contain the text.
 * Returns it. */
struct entry entries_expect(struct http_client *client, const char *event,
                            const char *text);

/* The test fails unless the server ends the stream without a further entry. */
void entries_expect_end(struct http_client *client);

#endif
