#include "data/write_probe.h"

enum db_result write_probe(struct txn *txn)
{
    static const char sql[] =
        "INSERT INTO write_probe (only, bit, filler) VALUES (1, 0, zeroblob(:bytes))"
        " ON CONFLICT DO UPDATE SET bit = 1 - bit, filler = excluded.filler";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":bytes", txn_failure(txn) != NULL ? WRITE_PROBE_BYTES : 0);
    return stmt_step(q);
}
