#include "app/seed.h"

#include "api/call.h"
#include "api/dispatch.h"
#include "base/buf.h"
#include "base/bug.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/log.h"
#include "data/start_seed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Formats an error number. */
static const char *cannot_read(struct arena *arena, int number)
{
    char reason[128];

    if (strerror_r(number, reason, sizeof(reason)) != 0)
        return "cannot be read";
    return arena_printf(arena, "cannot be read: %s", reason);
}

/* Returns NULL, or the reason of the failure. */
static const char *read_file(const char *path, struct arena *arena, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    char piece[4096];
    size_t length;

    if (file == NULL)
        return cannot_read(arena, errno);
    while (!out->overflow && (length = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(out, piece, length);
    int failure = ferror(file) != 0 ? errno : 0;
    fclose(file);
    if (failure != 0)
        return cannot_read(arena, failure);
    return out->overflow
               ? arena_printf(arena, "is larger than %d bytes", CALL_BODY_MAX_BYTES)
               : NULL;
}

/* A message may quote text of the file, including line ends. */
static const char *one_line(struct arena *arena, const char *message)
{
    char *line = arena_strdup(arena, message);

    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    }
    return line;
}

/* Runs the seed as a part of `whole`, which has the transaction. Returns NULL, or the
 * reason of the failure. */
static const char *run_body(struct call *whole, const struct buf *body)
{
    struct call part AUTO(call_done);
    const char *why = NULL;

    call_init_part(&part, whole);
    part.op = operation_find(whole->emu->services, "control:Seed", whole->arena,
                             &part.service, &why);
    if (part.op == NULL)
        BUG("%s", why);
    part.in = json_read(body->bytes, body->length, &why);
    if (part.in == NULL)
        return json_reason_with_place(whole->arena, body->bytes, body->length, why);
    if (!cJSON_IsObject(part.in))
        return "The body must be a JSON object";
    return dispatch_part(&part) == 0 ? NULL : one_line(whole->arena, part.error_message);
}

static const char *digest_of(const struct buf *body, struct arena *arena)
{
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_sha256(body->bytes, body->length, digest);
    return digest_hex(arena, digest, sizeof(digest));
}

/* Reports a seed that is not run because one was applied before. Of a seed that an older
 * version applied, nothing is known. */
static void log_skipped(const char *path, const char *applied, const char *digest)
{
    char quoted[LOG_QUOTED_BYTES];

    if (applied[0] == '\0' || strcmp(applied, digest) == 0)
        log_info("already seeded, skipping the seed", "file=%s",
                 log_quoted(path, quoted));
    else
        log_warn("the seed differs from the one that was applied, skipping it",
                 "file=%s hint=\"to apply it, call Reset and Seed, or use a new --db\"",
                 log_quoted(path, quoted));
}

static const char *run_once(struct emulator *emu, const char *path,
                            const struct buf *body, struct arena *arena)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_WRITE);
    struct call whole AUTO(call_done);
    const char *digest = digest_of(body, arena), *applied = NULL;
    char quoted[LOG_QUOTED_BYTES];

    call_init(&whole, emu, arena);
    whole.now_ms = clock_scope_ms(emu->clock, whole.scope);
    whole.txn = txn;
    enum db_result before = start_seed_find(txn, arena, &applied);
    if (before == DB_ROW) {
        log_skipped(path, applied, digest);
        return NULL;
    }
    const char *why = before == DB_NONE ? run_body(&whole, body) : NULL;
    if (why != NULL)
        return why;
    if (start_seed_note(txn, whole.now_ms, digest) == DB_ERROR ||
        txn_commit(&txn) == DB_ERROR)
        return "cannot be written to the database";
    log_info("seeded", "file=%s", log_quoted(path, quoted));
    return NULL;
}

int seed_run(struct emulator *emu, const char *path, struct arena *arena,
             const char **why)
{
    /* An arena of its own, so that its memory does not stay allocated while the server
     * runs. */
    struct arena *own AUTO(arena_done) = arena_new();
    struct buf body AUTO(buf_done);

    buf_init(&body, CALL_BODY_MAX_BYTES);
    const char *fault = read_file(path, own, &body);
    if (fault != NULL) {
        *why = arena_printf(arena, "seed %s %s", path, fault);
        return -1;
    }
    struct arena *json_before = json_use_arena(own);
    fault = run_once(emu, path, &body, own);
    json_use_arena(json_before);
    if (fault == NULL)
        return 0;
    *why = arena_printf(arena, "seed %s: %s", path, fault);
    return -1;
}
