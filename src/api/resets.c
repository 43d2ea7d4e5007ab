#include "api/resets.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/unfinished_reset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A reset that is not complete. */
struct reset {
    struct reset *next;
    bool everywhere; /* of all scopes; the next two are then empty */
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    bool running;  /* a thread works on it */
    bool begun;    /* a part is deleted */
    bool replaced; /* a snapshot has replaced what it was to delete */
};

struct resets {
    struct store *store;
    const struct resource_registry *registry;
    resets_forget *forget;
    void *context;
    pthread_mutex_t lock; /* taken after the store's, if both are */
    pthread_cond_t ended;
    struct reset *first; /* under the lock, with all members of a reset */
};

static struct reset *new_reset(const struct scope *scope, bool running)
{
    struct reset *reset = mem_zalloc(sizeof(*reset));

    reset->everywhere = scope == NULL;
    reset->running = running;
    reset->begun = !running;
    if (scope != NULL) {
        text_copy(reset->account, sizeof(reset->account), scope->account);
        text_copy(reset->region, sizeof(reset->region), scope->region);
    }
    return reset;
}

static struct scope scope_of(const struct reset *reset)
{
    return (struct scope){.account = reset->account, .region = reset->region};
}

static bool reset_covers(const struct reset *reset, const struct scope *scope)
{
    if (reset->everywhere || scope == NULL)
        return true;
    return scope_equals(scope_of(reset), *scope);
}

/* The first reset that covers the scope (NULL: any). The lock is held. */
static struct reset *find_reset(struct resets *resets, const struct scope *scope)
{
    struct reset *reset = resets->first;

    while (reset != NULL && !reset_covers(reset, scope))
        reset = reset->next;
    return reset;
}

static void link_reset(struct resets *resets, struct reset *reset)
{
    reset->next = resets->first;
    resets->first = reset;
}

static void add_unfinished(void *context, const struct scope *scope)
{
    link_reset(context, new_reset(scope, false));
}

/* Deletes the resets that no thread works on. The lock is held. */
static void drop_idle(struct resets *resets)
{
    struct reset **at = &resets->first;

    while (*at != NULL) {
        struct reset *reset = *at;
        if (reset->running) {
            at = &reset->next;
            continue;
        }
        *at = reset->next;
        free(reset);
    }
}

/* A snapshot has replaced the state. A reset that runs was before that, so it is
 * complete; one that the snapshot contains is to be completed. */
static void reload_resets(void *context, struct txn *txn)
{
    struct resets *resets = context;

    pthread_mutex_lock(&resets->lock);
    drop_idle(resets);
    for (struct reset *reset = resets->first; reset != NULL; reset = reset->next)
        reset->replaced = true;
    (void)!unfinished_reset_each(txn, add_unfinished, resets); /* a failure is logged */
    pthread_mutex_unlock(&resets->lock);
}

struct resets *resets_new(struct store *store, const struct resource_registry *registry,
                          resets_forget *forget, void *context)
{
    struct resets *resets = mem_zalloc(sizeof(*resets));
    struct arena *arena AUTO(arena_done) = arena_new();

    resets->store = store;
    resets->registry = registry;
    resets->forget = forget;
    resets->context = context;
    pthread_mutex_init(&resets->lock, NULL);
    pthread_cond_init(&resets->ended, NULL);
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_READ);
    reload_resets(resets, txn);
    txn_abandon(&txn);
    store_add_mirror(store, reload_resets, resets);
    return resets;
}

void resets_free(struct resets *resets)
{
    if (resets == NULL)
        return;
    store_remove_mirror(resets->store, resets);
    drop_idle(resets);
    pthread_cond_destroy(&resets->ended);
    pthread_mutex_destroy(&resets->lock);
    free(resets);
}

/* What the last transaction of a reset does after its commit. */
struct completion {
    struct resets *resets;
    const struct scope *scope;
};

static void complete_in_memory(void *context)
{
    const struct completion *completion = context;

    completion->resets->forget(completion->resets->context, completion->scope);
}

static bool is_replaced(struct resets *resets, const struct reset *reset)
{
    pthread_mutex_lock(&resets->lock);
    bool replaced = reset->replaced;
    pthread_mutex_unlock(&resets->lock);
    return replaced;
}

/* Runs one transaction. DB_DONE: nothing is left. DB_ROW: something may be. */
static enum db_result run_step(struct resets *resets, struct reset *reset,
                               const struct scope *scope)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin_step(resets->store, arena, TXN_WRITE);
    struct completion completion = {resets, scope};
    int64_t deleted;

    if (is_replaced(resets, reset))
        return DB_DONE;
    if (registry_delete(txn, resets->registry, scope, RESET_STEP_ROWS, &deleted) ==
        DB_ERROR)
        return DB_ERROR;
    bool complete = deleted < RESET_STEP_ROWS;
    if (complete)
        txn_on_commit(txn, complete_in_memory, &completion);
    enum db_result noted =
        complete ? unfinished_reset_delete(txn, scope) : unfinished_reset_add(txn, scope);
    if (noted == DB_ERROR || txn_commit(&txn) == DB_ERROR)
        return DB_ERROR;
    reset->begun = true;
    return complete ? DB_DONE : DB_ROW;
}

/* Runs a reset to its end. */
static enum db_result run_steps(struct resets *resets, struct reset *reset)
{
    const struct scope scope = scope_of(reset);
    enum db_result left;

    do {
        left = run_step(resets, reset, reset->everywhere ? NULL : &scope);
        if (left == DB_ROW && store_should_stop(resets->store))
            return DB_ERROR;
    } while (left == DB_ROW);
    return left;
}

static void unlink_reset(struct resets *resets, struct reset *reset)
{
    struct reset **at = &resets->first;

    while (*at != reset)
        at = &(*at)->next;
    *at = reset->next;
}

/* Runs a reset that is marked as running by this thread. If it fails before it has
 * deleted anything, it has not taken place. */
static int run_marked(struct resets *resets, struct reset *reset)
{
    enum db_result done = run_steps(resets, reset);

    pthread_mutex_lock(&resets->lock);
    reset->running = false;
    if (done == DB_DONE || !reset->begun) {
        unlink_reset(resets, reset);
        free(reset);
    }
    pthread_cond_broadcast(&resets->ended);
    pthread_mutex_unlock(&resets->lock);
    return done == DB_DONE ? 0 : -1;
}

/* Waits until no reset of the scope is running. Returns one that is unfinished, marked as
 * running by this thread, or NULL. The lock is held. */
static struct reset *take_unfinished(struct resets *resets, const struct scope *scope)
{
    struct reset *reset;

    while ((reset = find_reset(resets, scope)) != NULL && reset->running)
        pthread_cond_wait(&resets->ended, &resets->lock);
    if (reset != NULL)
        reset->running = true;
    return reset;
}

static int finish_resets(struct resets *resets, const struct scope *scope)
{
    struct reset *reset;

    do {
        pthread_mutex_lock(&resets->lock);
        reset = take_unfinished(resets, scope);
        pthread_mutex_unlock(&resets->lock);
        if (reset != NULL && run_marked(resets, reset) != 0)
            return -1;
    } while (reset != NULL);
    return 0;
}

int resets_run(struct resets *resets, const struct scope *scope)
{
    if (finish_resets(resets, scope) != 0)
        return -1;
    struct reset *reset = new_reset(scope, true);
    pthread_mutex_lock(&resets->lock);
    link_reset(resets, reset);
    pthread_mutex_unlock(&resets->lock);
    int outcome = run_marked(resets, reset);
    if (outcome == 0)
        store_shrink(resets->store);
    return outcome;
}

static bool has_reset(struct resets *resets, const struct scope *scope)
{
    pthread_mutex_lock(&resets->lock);
    bool found = find_reset(resets, scope) != NULL;
    pthread_mutex_unlock(&resets->lock);
    return found;
}

bool resets_cover(struct resets *resets, struct scope scope)
{
    return has_reset(resets, &scope);
}

bool resets_exist(struct resets *resets)
{
    return has_reset(resets, NULL);
}

int resets_begin(struct resets *resets, struct scope scope, struct arena *arena,
                 enum txn_kind kind, struct txn **out)
{
    *out = txn_begin(resets->store, arena, kind);
    while (resets_cover(resets, scope)) {
        txn_abandon(out);
        if (finish_resets(resets, &scope) != 0)
            return -1;
        *out = txn_begin(resets->store, arena, kind);
    }
    return 0;
}
