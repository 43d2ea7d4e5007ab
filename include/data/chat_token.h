/*
 * What is stored about chat tokens: the key that they are encrypted with, and which of
 * them were used.
 */
#ifndef DATA_CHAT_TOKEN_H
#define DATA_CHAT_TOKEN_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"
#include "base/seal.h"
#include "store/txn.h"

/* Reads the key of the database. DB_ROW; DB_NONE: there is none, and so there are no
 * tokens; DB_ERROR, also if what is stored is no key. */
enum db_result chat_key_read(struct txn *txn,
                             unsigned char out[SEAL_KEY_BYTES]) NODISCARD;

/*
 * The same for a new token, and counts it: its number was never returned before with this
 * key, unless a snapshot was restored. The key is made of random characters when the
 * first token is. DB_ROW, or DB_ERROR.
 */
enum db_result chat_key_take(struct txn *txn, struct ids *ids,
                             unsigned char out[SEAL_KEY_BYTES],
                             int64_t *number) NODISCARD;

/*
 * Notes that a token is used, and drops some of the notes about tokens that have expired.
 * Times are by the clock of the scope. DB_DONE: it is used for the first time. DB_NONE:
 * it was used before.
 */
enum db_result chat_token_use(struct txn *txn, struct scope scope, const char *token_id,
                              int64_t expires_ms, int64_t now_ms) NODISCARD;

#endif
