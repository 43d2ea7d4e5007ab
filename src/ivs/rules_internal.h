/*
 * Rules and steps that several resources of this service follow.
 */
#ifndef IVS_RULES_INTERNAL_H
#define IVS_RULES_INTERNAL_H

#include "api/call.h"
#include "data/channel.h"
#include "data/stream_key.h"

/* -1 and ConflictException if a channel uses the resource `arn`: such a one may not be
 * deleted. `by` finds the channels that do. */
int ivs_check_unused(struct call *call, enum channel_filter by,
                     const char *arn) NODISCARD;

/* Whether a text is an officially assigned ISO 3166-1 alpha-2 code. */
bool ivs_is_country(const char *code);

/*
 * Makes a stream key for a channel that has none. -1: an internal error is recorded.
 * `tags` is a JSON object.
 */
int ivs_stream_key_make(struct call *call, const char *channel_arn, const char *tags,
                        struct stream_key *out) NODISCARD;

/* The whole key, secret and all. */
cJSON *ivs_stream_key_json(const struct stream_key *key);

/* Adds what a batch says of an ARN that names nothing; `errors` is made when needed. */
void ivs_batch_not_found(struct call *call, const char *arn);

/* The same of a viewer of a channel that is not there. */
void ivs_batch_viewer_not_found(struct call *call, const char *channel_arn,
                                const char *viewer_id);

#endif
