/*
 * Chat logs in S3: a file for each room and bucket, which is written when it is complete.
 * For one thread, except where a function says otherwise.
 */
#ifndef CHAT_LOG_FILES_INTERNAL_H
#define CHAT_LOG_FILES_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "log_lane_internal.h"
#include "objects/objects.h"

/* The kind of these destinations. */
#define LOG_FILES_KIND "s3"

struct log_files;

/* All arguments must outlive the result. */
struct log_files *log_files_new(struct objects *objects, struct clock *clock,
                                struct log_tally *tally) NODISCARD;

/* What has not been written is lost. NULL is fine. */
void log_files_free(struct log_files *files);

/* The work of a lane whose context is the files. */
extern const struct log_lane_work log_files_work;

/* The key of a file whose first record has that time and whose content has that hash. */
const char *log_file_key(struct arena *arena, struct scope scope, const char *room_id,
                         int64_t time_ms, uint32_t hash) NODISCARD;

#endif
