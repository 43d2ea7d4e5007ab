/*
 * Rules and steps that several resources of this service follow.
 */
#ifndef IVS_RULES_INTERNAL_H
#define IVS_RULES_INTERNAL_H

#include "api/call.h"
#include "api/page.h"
#include "data/channel.h"
#include "data/stream_key.h"

/*
 * -1 and ServiceQuotaExceededException if the scope has as many rows in the table
 * `resource` as its quota allows. With quotas off only those count that AWS never raises.
 */
int ivs_check_quota(struct call *call, const char *resource) NODISCARD;

/* Records that a quota is used up and returns -1: `most` is 1 and `of_what` is "stream
 * key per channel", for example. */
int ivs_fail_quota(struct call *call, int64_t most, const char *of_what);

/* -1 and ConflictException if a channel uses the resource `arn`: such a one may not be
 * deleted. `by` finds the channels that do. */
int ivs_check_unused(struct call *call, enum channel_filter by,
                     const char *arn) NODISCARD;

/*
 * The tags of the input as stored text, "{}" for none; NULL and a ValidationException if
 * a key is reserved.
 */
const char *ivs_input_tags(struct call *call) NODISCARD;

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

/* What a list query read: structs that begin with their seq. */
struct page_rows {
    const void *first;
    size_t size; /* of one */
    size_t count;
};

/* How a row is shown in a list. */
typedef cJSON *ivs_row_json(const struct call *call, const void *row);

/*
 * Answers the rows that fit the page as the list `member`, and the token of the next
 * page if one more was read.
 */
void ivs_answer_page(struct call *call, const struct page *page, const char *member,
                     const struct page_rows *rows, ivs_row_json *json);

/* Adds what a batch says of an ARN that names nothing; `errors` is made when needed. */
void ivs_batch_not_found(struct call *call, const char *arn);

/* The same of a viewer of a channel that is not there. */
void ivs_batch_viewer_not_found(struct call *call, const char *channel_arn,
                                const char *viewer_id);

#endif
