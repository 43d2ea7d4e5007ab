/*
 * Chat logging: what rooms delivered is written to their logging configurations'
 * destinations. Buckets of S3 get files with the records of about five minutes, log
 * groups of CloudWatch Logs get batches about every second, and delivery streams of
 * Firehose get each record at once. Nothing here blocks the callers: a thread for each
 * kind of destination writes, and is started when it is needed.
 */
#ifndef CHAT_LOG_WRITER_H
#define CHAT_LOG_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "aws/endpoints.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/scope.h"
#include "objects/objects.h"

/* What is held in memory at most, for all rooms together. */
enum {
    /* A longer record is dropped. */
    LOG_RECORD_MAX_BYTES = 256 * 1024,
    /* Records that wait for the thread of their kind; beyond it, the oldest are
     * dropped. */
    LOG_QUEUE_MAX_BYTES = 8 * 1024 * 1024,
    /* Files of S3 that are not complete yet; beyond it, the oldest are completed early.
     */
    LOG_FILES_MAX_BYTES = 16 * 1024 * 1024,
    LOG_FILES_MAX = 1000,
    /* Batches of CloudWatch Logs; beyond it, they are sent early. */
    LOG_BATCHES_MAX_BYTES = 8 * 1024 * 1024,
    LOG_BATCHES_MAX = 1000,
};

enum {
    LOG_FILE_MS = 5 * 60 * 1000,      /* from the first record, by the scope's clock */
    LOG_FILE_MAX_BYTES = 1024 * 1024, /* of its lines, before compression */
    LOG_BATCH_MS = 1000,              /* from the first event, in real time */
    LOG_STOP_MS = 800,                /* what log_writer_free() may take */
};

struct log_writer;

/* No thread is started yet. All arguments must outlive the result. */
struct log_writer *log_writer_new(const struct aws_endpoints *endpoints,
                                  struct objects *objects, struct clock *clock) NODISCARD;

/* Writes the rest, for at most LOG_STOP_MS; records not written by then are lost, and the
 * log says so. Nothing may be added meanwhile. NULL is fine. */
void log_writer_free(struct log_writer *writer);

/* The destination of a logging configuration, in the words of its API. */
struct log_destination {
    const char *kind; /* s3, cloudWatchLogs or firehose */
    const char *name; /* of the bucket, log group or delivery stream */
};

/* What a room delivered. */
struct log_record {
    struct scope scope;
    const char *room_id;
    int64_t time_ms;     /* by the scope's clock */
    const char *type;    /* MESSAGE or EVENT */
    const char *payload; /* the frame, JSON */
    const struct log_destination *destinations;
    size_t destination_count;
};

/* Copies the record, which is written soon. A destination that cannot be written to,
 * because there is no endpoint, does not get it: the log says so once for each. Never
 * blocks. Any thread may call this. */
void log_writer_add(struct log_writer *writer, const struct log_record *record);

/* Completes the files of the scope, or of all for NULL, with what has been added so far:
 * for a Reset. Never blocks. Any thread may call this. */
void log_writer_close(struct log_writer *writer, const struct scope *scope);

/* Reports that the clock of some scope was moved: files may be complete. Never blocks.
 * Any thread may call this. */
void log_writer_clock_moved(struct log_writer *writer);

/* Records since the start, for metrics: one that has two destinations counts twice. */
struct log_writer_counts {
    int64_t written;
    int64_t dropped; /* without an attempt: no endpoint, or too many waited */
    int64_t failed;  /* the destination did not accept them */
};

void log_writer_count(struct log_writer *writer, struct log_writer_counts *out);

#endif
