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

/* Reads the key of the database, and makes it of random characters at the first call,
 * which needs a transaction that writes. DB_ROW; DB_ERROR, also if what is stored is no
 * key. */
enum db_result chat_key_read(struct txn *txn, struct ids *ids,
                             unsigned char out[SEAL_KEY_BYTES]) NODISCARD;

/*
 * Notes that a token is used, and drops some of the notes that are no longer needed.
 * `forget_at_ms` and `now_ms` are by the machine's clock. DB_DONE: it is used for the
 * first time. DB_NONE: it was used before.
 */
enum db_result chat_token_use(struct txn *txn, struct scope scope, const char *token_id,
                              int64_t forget_at_ms, int64_t now_ms) NODISCARD;

#endif
