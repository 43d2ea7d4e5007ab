#include "engine/timekeeping.h"

#include "data/clock.h"
#include "engine/due.h"
#include "store/txn.h"

static void remember_offset(void *context, struct scope scope, int64_t offset_ms)
{
    struct clock *clock = context;

    /* The database has no more rows than moved clocks, which clock_move() limits. */
    (void)!clock_move(clock, scope, offset_ms);
}

/* Collected first: no call may see some of the clocks moved and others not, even if
 * reading fails. */
static enum db_result read_offsets(struct clock *clock, struct txn *txn)
{
    struct clock *aside AUTO(clock_done) = clock_new();
    enum db_result done = clock_offset_each(txn, remember_offset, aside);

    if (done != DB_ERROR)
        clock_swap_offsets(clock, aside);
    return done;
}

/* The restored state has just been read completely, so a failure here is unlikely; it is
 * logged. */
static void reload_offsets(void *context, struct txn *txn)
{
    (void)!read_offsets(context, txn);
}

int timekeeping_start(const struct timekeeping *t)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(t->store, arena, TXN_READ);
    enum db_result done = read_offsets(t->clock, txn);

    txn_abandon(&txn);
    store_add_mirror(t->store, reload_offsets, t->clock);
    return done == DB_ERROR ? -1 : 0;
}

/* A change of memory, applied after the commit. */
struct change {
    struct clock *clock;
    struct scope scope;
    int64_t offset_ms;
};

static void apply_change(void *context)
{
    const struct change *change = context;

    if (change->offset_ms == 0)
        clock_forget(change->clock, &change->scope);
    else
        (void)!clock_move(change->clock, change->scope, change->offset_ms); /* fits */
}

static enum timekeeping_outcome move_clock(const struct timekeeping *t,
                                           struct scope scope, int64_t by_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(t->store, arena, TXN_WRITE);
    struct change change = {.clock = t->clock, .scope = scope};

    if (clock_offset_ms(t->clock, scope) + by_ms > TIMEKEEPING_MAX_OFFSET_MS)
        return TIMEKEEPING_TOO_FAR;
    if (!clock_has_room(t->clock, scope))
        return TIMEKEEPING_TOO_MANY;
    if (clock_offset_add(txn, scope, by_ms, &change.offset_ms) == DB_ERROR)
        return TIMEKEEPING_FAILED;
    txn_on_commit(txn, apply_change, &change);
    return txn_commit(&txn) == DB_ERROR ? TIMEKEEPING_FAILED : TIMEKEEPING_DONE;
}

enum timekeeping_outcome timekeeping_advance(const struct timekeeping *t,
                                             struct scope scope, int64_t by_ms)
{
    enum timekeeping_outcome outcome = move_clock(t, scope, by_ms);

    if (outcome == TIMEKEEPING_DONE &&
        engine_run_due(t->store, t->ids, clock_now_ms(t->clock)) == DUE_FAILED)
        return TIMEKEEPING_FAILED;
    return outcome;
}

int timekeeping_reset(const struct timekeeping *t, struct scope scope)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(t->store, arena, TXN_WRITE);
    struct change change = {.clock = t->clock, .scope = scope};

    if (clock_offset_delete(txn, scope) == DB_ERROR)
        return -1;
    txn_on_commit(txn, apply_change, &change);
    return txn_commit(&txn) == DB_ERROR ? -1 : 0;
}
