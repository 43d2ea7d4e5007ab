/*
 * Recordings in progress, as stored: at most one for each channel. The row is deleted
 * when the recording has ended.
 */
#ifndef DATA_RECORDING_H
#define DATA_RECORDING_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Strings belong to the transaction's arena; no member is NULL. */
struct recording {
    const char *channel_arn;
    const char *channel_name;
    const char *session_id;
    const char *configuration_arn;
    const char *bucket_name;
    const char *key_prefix;
    int64_t reconnect_window_ms;
    int64_t started_at_ms;
    int64_t recorded_ms;              /* by streams that have ended */
    int64_t ends_at_ms;               /* 0 while a stream is being recorded */
    const char *stream_ids;           /* JSON list */
    const char *ingest_configuration; /* JSON, of the last stream */
};

/* Reads a channel's recording. DB_NONE: none is in progress. */
enum db_result recording_find(struct txn *txn, struct scope scope,
                              const char *channel_arn, struct recording *out) NODISCARD;

/* Reads the recording of the scope that ends next. DB_NONE: none is about to end. */
enum db_result recording_find_next_end(struct txn *txn, struct scope scope,
                                       struct recording *out) NODISCARD;

/* Writes a new or changed recording. DB_DONE: done. */
enum db_result recording_put(struct txn *txn, struct scope scope,
                             const struct recording *recording) NODISCARD;

enum db_result recording_delete(struct txn *txn, struct scope scope,
                                const char *channel_arn) NODISCARD;

#endif
