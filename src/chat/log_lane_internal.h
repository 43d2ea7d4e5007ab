/*
 * A lane of chat logging: the records for one kind of destination, which wait for the
 * lane's thread. It is started with the first record.
 */
#ifndef CHAT_LOG_LANE_INTERNAL_H
#define CHAT_LOG_LANE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/deadline.h"
#include "base/scope.h"
#include "log_tally_internal.h"

/* A record for one destination, in one block of memory; or a request to complete what
 * the records of a scope have become. */
struct log_entry {
    struct log_entry *next;
    size_t bytes; /* of the block */
    bool closes;  /* it is such a request: there is only the scope, or NULLs for all */
    struct scope scope;
    const char *room_id;
    const char *destination; /* its name */
    const char *line;        /* JSON, without a line break */
    size_t line_length;
    int64_t time_ms; /* by the scope's clock */
};

/* A copy of the entry's members, whose line ends with a zero byte. */
struct log_entry *log_entry_new(const struct log_entry *from) NODISCARD;

/* Whether both are of the same room, for the same destination. */
bool log_entry_is_alike(const struct log_entry *a, const struct log_entry *b);

/* What a lane does, in its thread. The context is that of the lane. */
struct log_lane_work {
    const char *kind; /* of its destinations */
    /* Gets the entry, and frees it with free(). */
    void (*take)(void *context, struct log_entry *entry);
    /* Does what is due, or everything. Returns when to call it again, in milliseconds;
     * negative: when there is another record. */
    int64_t (*write)(void *context, bool everything);
    /* Makes what it does, and all that it will do, fail at once. From any thread. */
    void (*cancel)(void *context);
};

struct log_lane;

/* All arguments must outlive the lane. */
struct log_lane *log_lane_new(const struct log_lane_work *work, void *context,
                              struct log_tally *tally) NODISCARD;

/* Takes the entry, and starts or wakes the thread. */
void log_lane_add(struct log_lane *lane, struct log_entry *entry);

/* Makes the thread look for what is due. */
void log_lane_wake(struct log_lane *lane);

/* Asks the thread to write everything and to end. Nothing may be added afterwards. */
void log_lane_ask_to_end(struct log_lane *lane);

/* Waits for that until the time of deadline_after_ms(), then makes the rest fail, and
 * frees the lane. */
void log_lane_end(struct log_lane *lane, const struct timespec *until);

#endif
