/*
 * Rules and steps that several resources of this service follow.
 */
#ifndef IVS_RULES_INTERNAL_H
#define IVS_RULES_INTERNAL_H

#include "api/call.h"
#include "data/channel.h"
#include "data/stream_key.h"

/*
 * -1 and ServiceQuotaExceededException if the scope has as many rows in the table
 * `resource` as its quota allows; with quotas off there is no end.
 */
int ivs_check_quota(struct call *call, const char *resource) NODISCARD;

/*
 * The tags of the input as stored text, "{}" for none; NULL and a ValidationException if
 * a key is reserved.
 */
const char *ivs_input_tags(struct call *call) NODISCARD;

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

/* Where the caller finds a channel's endpoints; see --urls. */
const char *ivs_playback_url(struct call *call, const struct channel *channel);
const char *ivs_ingest_endpoint(struct call *call);
const char *ivs_srt_endpoint(struct call *call);

#endif
