#include "data/chat_token.h"

#include "base/base64.h"
#include "base/log.h"
#include "bind_internal.h"

/* How many notes are dropped at most when one is added: more than one, so that their
 * number shrinks. */
#define DROPPED_AT_ONCE "8"

static enum db_result make_key(struct txn *txn, struct ids *ids)
{
    static const char sql[] = "INSERT INTO chat_key (only, key, tokens)"
                              " VALUES (1, :key, 0) ON CONFLICT DO NOTHING";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    struct arena *arena = txn_arena(txn);
    const char *key = ids_alnum(ids, arena, SEAL_KEY_BYTES);

    stmt_text(q, ":key",
              base64url_encode(arena, (const unsigned char *)key, SEAL_KEY_BYTES));
    return stmt_step(q);
}

/* Reads the key in the first column. */
static enum db_result decode_key(struct stmt *q, unsigned char out[SEAL_KEY_BYTES])
{
    if (base64url_decode(stmt_column_text(q, 0), out, SEAL_KEY_BYTES) == 0)
        return DB_ROW;
    log_error("unusable data", "table=chat_key");
    return DB_ERROR;
}

enum db_result chat_key_read(struct txn *txn, unsigned char out[SEAL_KEY_BYTES])
{
    static const char sql[] = "SELECT key FROM chat_key";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found = stmt_step(q);

    return found == DB_ROW ? decode_key(q, out) : found;
}

static enum db_result take_number(struct txn *txn, unsigned char out[SEAL_KEY_BYTES],
                                  int64_t *number)
{
    static const char sql[] =
        "UPDATE chat_key SET tokens = tokens + 1 RETURNING key, tokens";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result changed = stmt_step(q);

    if (changed != DB_ROW)
        return changed;
    *number = stmt_column_int(q, 1);
    enum db_result decoded = decode_key(q, out);
    return stmt_step(q) == DB_ERROR ? DB_ERROR : decoded;
}

enum db_result chat_key_take(struct txn *txn, struct ids *ids,
                             unsigned char out[SEAL_KEY_BYTES], int64_t *number)
{
    enum db_result taken = take_number(txn, out, number);

    if (taken == DB_ROW || taken == DB_ERROR)
        return taken;
    if (make_key(txn, ids) == DB_ERROR)
        return DB_ERROR;
    return take_number(txn, out, number) == DB_ROW ? DB_ROW : DB_ERROR;
}

static enum db_result drop_expired(struct txn *txn, struct scope scope, int64_t now_ms)
{
    static const char sql[] =
        "DELETE FROM used_chat_token WHERE (account, region, token_id) IN"
        " (SELECT account, region, token_id FROM used_chat_token"
        "  WHERE account = :account AND region = :region AND expires_ms <= :now"
        "  ORDER BY expires_ms LIMIT " DROPPED_AT_ONCE ")";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_int(q, ":now", now_ms);
    return stmt_step(q);
}

enum db_result chat_token_use(struct txn *txn, struct scope scope, const char *token_id,
                              int64_t expires_ms, int64_t now_ms)
{
    static const char sql[] =
        "INSERT INTO used_chat_token (account, region, token_id, expires_ms)"
        " VALUES (:account, :region, :token_id, :expires_ms) ON CONFLICT DO NOTHING";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":token_id", token_id);
    stmt_int(q, ":expires_ms", expires_ms);
    if (stmt_step(q) == DB_ERROR)
        return DB_ERROR;
    return stmt_changes(q) == 0 ? DB_NONE : drop_expired(txn, scope, now_ms);
}
