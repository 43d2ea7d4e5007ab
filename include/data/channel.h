/*
 * Channels, as stored.
 */
#ifndef DATA_CHANNEL_H
#define DATA_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind channel_arn_kind;

/*
 * Strings belong to the transaction's arena and stay valid until the call ends; no
 * member is NULL.
 */
struct channel {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    const char *latency_mode;
    const char *type;
    const char *preset;
    const char *container_format;
    bool authorized;
    bool insecure_ingest;
    const char *recording_configuration_arn;      /* "": does not record */
    const char *playback_restriction_policy_arn;  /* "": none */
    const char *ad_configuration_arn;             /* "": none */
    const char *failover_slate_configuration_arn; /* "": none */
    const char *multitrack_input_configuration;   /* JSON; "": never configured */
    const char *srt_passphrase;
    const char *tags; /* JSON object of strings */
};

/* What a list can be filtered by, one filter at a time. */
enum channel_filter {
    CHANNEL_ALL,
    CHANNEL_BY_NAME,
    CHANNEL_BY_RECORDING_CONFIGURATION, /* the value is an ARN, here and below */
    CHANNEL_BY_PLAYBACK_RESTRICTION_POLICY,
    CHANNEL_BY_AD_CONFIGURATION,
    CHANNEL_BY_FAILOVER_SLATE_CONFIGURATION,
};

/* Reads one channel into *out. DB_NONE: no such ARN in this scope. */
enum db_result channel_find(struct txn *txn, struct scope scope, const char *arn,
                            struct channel *out) NODISCARD;

/*
 * Reads up to `limit` channels that come after `after` in the order of creation into the
 * array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result channel_list(struct txn *txn, struct scope scope,
                            enum channel_filter filter, const char *value, int64_t after,
                            size_t limit, struct channel *out, size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result channel_insert(struct txn *txn, struct scope scope,
                              const struct channel *channel) NODISCARD;

/* Writes every member but seq, id, passphrase and tags. */
enum db_result channel_update(struct txn *txn, struct scope scope,
                              const struct channel *channel) NODISCARD;

/* Deletes a channel and its stream key. */
enum db_result channel_delete(struct txn *txn, struct scope scope,
                              const char *arn) NODISCARD;

/* DB_ROW: there is at least one such channel. DB_NONE: there is none. */
enum db_result channel_exists(struct txn *txn, struct scope scope,
                              enum channel_filter filter, const char *value) NODISCARD;

#endif
