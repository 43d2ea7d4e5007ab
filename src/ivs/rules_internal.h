/*
 * Rules and steps that several resources of this service share.
 */
#ifndef IVS_RULES_INTERNAL_H
#define IVS_RULES_INTERNAL_H

#include "api/call.h"
#include "data/channel.h"
#include "data/stream_key.h"

/* Returns -1 and records a ConflictException if a channel uses the resource `arn`, which
 * then must not be deleted. `by` selects the channels that use it. */
int ivs_check_unused(struct call *call, enum channel_filter by,
                     const char *arn) NODISCARD;

/* Whether a text is an officially assigned ISO 3166-1 alpha-2 code. */
bool ivs_is_country(const char *code);

/*
 * Creates a stream key for a channel that has none. `tags` is a JSON object. Returns -1
 * if an internal error is recorded.
 */
int ivs_stream_key_make(struct call *call, const char *channel_arn, const char *tags,
                        struct stream_key *out) NODISCARD;

/* Returns the whole key, including its secret value. */
cJSON *ivs_stream_key_json(const struct stream_key *key);

/* Adds the error of a batch for an ARN that was not found; `errors` is created if
 * needed. */
void ivs_batch_not_found(struct call *call, const char *arn);

/* The same for a viewer of a channel that was not found. */
void ivs_batch_viewer_not_found(struct call *call, const char *channel_arn,
                                const char *viewer_id);

#endif
