/*
 * Stream sessions and their events, as stored.
 */
#ifndef DATA_STREAM_SESSION_H
#define DATA_STREAM_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* The maximum duration of a stream; see the service quotas. */
#define STREAM_MAX_MS (INT64_C(48) * 3600 * 1000)

/* How long a session is kept after its end. */
#define STREAM_SESSION_KEPT_MS (INT64_C(60) * 24 * 3600 * 1000)

/* The maximum number of events that a session shows. */
enum { STREAM_SESSION_EVENTS = 500 };

/*
 * One connection of an encoder to a channel. Strings belong to the transaction's arena;
 * no member is NULL.
 */
struct stream_session {
    int64_t seq; /* place in the order of starting; set by the database */
    const char *channel_arn;
    const char *stream_id;
    int64_t started_at_ms;
    int64_t ended_at_ms; /* 0: live */
    const char *health;
    int64_t viewer_count;
    bool has_error_event;
    int64_t ad_break_until_ms;    /* an ad break runs until then */
    const char *channel_snapshot; /* JSON, taken when the stream started, without URLs */
    const char *recording_snapshot;      /* JSON; "": was not recorded */
    const char *failover_slate_snapshot; /* JSON; "": none */
    const char *ingest_configuration;    /* JSON: video and audio */
};

struct stream_event {
    const char *name;
    const char *type; /* the detail-type of the event */
    const char *code; /* "": none */
    int64_t time_ms;
};

/* Reads the live session of a channel. DB_NONE: it is offline. */
enum db_result stream_session_find_live(struct txn *txn, struct scope scope,
                                        const char *channel_arn,
                                        struct stream_session *out) NODISCARD;

/* Reads the session of that stream id. The channel may have been deleted. */
enum db_result stream_session_find(struct txn *txn, struct scope scope,
                                   const char *channel_arn, const char *stream_id,
                                   struct stream_session *out) NODISCARD;

/* Reads the newest session of a channel, which may have been deleted. */
enum db_result stream_session_find_newest(struct txn *txn, struct scope scope,
                                          const char *channel_arn,
                                          struct stream_session *out) NODISCARD;

/*
 * Reads up to `limit` sessions of a channel, newest first, that come before `before` in
 * the order of starting (0: begins with the newest). The channel may have been deleted.
 * DB_DONE, or DB_ERROR.
 */
enum db_result stream_session_list(struct txn *txn, struct scope scope,
                                   const char *channel_arn, int64_t before, size_t limit,
                                   struct stream_session *out, size_t *count) NODISCARD;

/*
 * Reads up to `limit` live sessions of the scope that come after `after`, oldest first;
 * only those of the given health unless it is "". DB_DONE, or DB_ERROR.
 */
enum db_result stream_session_list_live(struct txn *txn, struct scope scope,
                                        const char *health, int64_t after, size_t limit,
                                        struct stream_session *out,
                                        size_t *count) NODISCARD;

/* Reads the total number of viewers of the scope's live streams. DB_DONE: done. */
enum db_result stream_session_viewers(struct txn *txn, struct scope scope,
                                      int64_t *out) NODISCARD;

/* DB_DONE: done, and the seq is set. */
enum db_result stream_session_insert(struct txn *txn, struct scope scope,
                                     struct stream_session *session) NODISCARD;

/* Writes the members that can change while a stream runs and when it ends. */
enum db_result stream_session_update(struct txn *txn, struct scope scope,
                                     const struct stream_session *session) NODISCARD;

/* Deletes a session and its events. DB_DONE: done. */
enum db_result stream_session_delete(struct txn *txn,
                                     const struct stream_session *session) NODISCARD;

/* Reads the live session of the scope that started first. */
enum db_result stream_session_find_oldest_live(struct txn *txn, struct scope scope,
                                               struct stream_session *out) NODISCARD;

/* Reads the session of the scope that ended first. */
enum db_result stream_session_find_first_ended(struct txn *txn, struct scope scope,
                                               struct stream_session *out) NODISCARD;

/* Adds an event to a session, and deletes what it then no longer shows. DB_DONE: done. */
enum db_result stream_event_insert(struct txn *txn, int64_t session_seq,
                                   const struct stream_event *event) NODISCARD;

/* Reads a session's newest events, newest first: at most STREAM_SESSION_EVENTS. */
enum db_result stream_event_list(struct txn *txn, int64_t session_seq,
                                 struct stream_event *out, size_t *count) NODISCARD;

#endif
