#include "data/chat_token.h"

#include "base/base64.h"
#include "base/log.h"
#include "bind_internal.h"

#include <string.h>

/* How many notes are dropped at most when one is added: more than one, so that their
 * number shrinks. */
#define DROPPED_AT_ONCE "8"

static enum db_result make_key(struct txn *txn, struct ids *ids,
                               unsigned char out[SEAL_KEY_BYTES])
{
    static const char sql[] = "INSERT INTO chat_key (only, key) VALUES (1, :key)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    memcpy(out, ids_alnum(ids, txn_arena(txn), SEAL_KEY_BYTES), SEAL_KEY_BYTES);
    stmt_text(q, ":key", base64url_encode(txn_arena(txn), out, SEAL_KEY_BYTES));
    return stmt_step(q) == DB_ERROR ? DB_ERROR : DB_ROW;
}

enum db_result chat_key_read(struct txn *txn, struct ids *ids,
                             unsigned char out[SEAL_KEY_BYTES])
{
    static const char sql[] = "SELECT key FROM chat_key";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found = stmt_step(q);

    if (found == DB_NONE)
        return make_key(txn, ids, out);
    if (found != DB_ROW)
        return DB_ERROR;
    if (base64url_decode(stmt_column_text(q, 0), out, SEAL_KEY_BYTES) == 0)
        return DB_ROW;
    log_error("unusable data", "table=chat_key");
    return DB_ERROR;
}

static enum db_result drop_old_notes(struct txn *txn, int64_t now_ms)
{
    static const char sql[] =
        "DELETE FROM used_chat_token WHERE (account, region, token_id) IN"
        " (SELECT account, region, token_id FROM used_chat_token"
        "  WHERE forget_at_ms <= :now ORDER BY forget_at_ms LIMIT " DROPPED_AT_ONCE ")";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":now", now_ms);
    return stmt_step(q);
}

enum db_result chat_token_use(struct txn *txn, struct scope scope, const char *token_id,
                              int64_t forget_at_ms, int64_t now_ms)
{
    static const char sql[] =
        "INSERT INTO used_chat_token (account, region, token_id, forget_at_ms)"
        " VALUES (:account, :region, :token_id, :forget_at_ms) ON CONFLICT DO NOTHING";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":token_id", token_id);
    stmt_int(q, ":forget_at_ms", forget_at_ms);
    if (stmt_step(q) == DB_ERROR)
        return DB_ERROR;
    if (stmt_changes(q) == 0)
        return DB_NONE;
    return drop_old_notes(txn, now_ms);
}
