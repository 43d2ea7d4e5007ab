/*
 * GET /_ivs-local/health: the server is running and changes can be saved.
 */
#include "base/version.h"
#include "control_internal.h"
#include "data/write_probe.h"

#include <string.h>

static const struct member in_members[] = {MEMBERS_END};
const struct shape control_health_in = STRUCT_OF(in_members);

static const struct shape services = LIST_OF(shape_string);
static const struct member out_members[] = {
    {"status",   &shape_string, REQUIRED},
    {"version",  &shape_string, REQUIRED},
    {"services", &services,     REQUIRED},
    MEMBERS_END
};
const struct shape control_health_out = STRUCT_OF(out_members);

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Returns NULL, or why changes cannot be saved. */
static const char *probe_store(struct call *call)
{
    struct txn *txn AUTO(txn_abandon) =
        txn_begin(call->emu->store, call->arena, TXN_WRITE);
    const char *lost = txn_lost_file(txn);

    if (lost != NULL)
        return arena_printf(
            call->arena,
            "%s was removed, renamed or replaced: changes can no longer be saved",
            file_name(lost));
    if (write_probe(txn) != DB_ERROR && txn_commit(&txn) != DB_ERROR)
        return NULL;
    txn_abandon(&txn);
    const char *failure = store_failure(call->emu->store, call->arena);
    return arena_printf(call->arena, "Changes cannot be saved: %s",
                        failure != NULL ? failure : "the log says why");
}

int control_health(struct call *call)
{
    const char *why = probe_store(call);

    health_note(call->emu->health, why);
    if (why != NULL)
        return call_fail(call, &ERR_INTERNAL, "%s", why);
    cJSON_AddStringToObject(call->out, "status", "ok");
    cJSON_AddStringToObject(call->out, "version", ivs_local_version);
    cJSON *names = cJSON_AddArrayToObject(call->out, "services");
    for (const struct service *const *s = call->emu->services; *s != NULL; s++) {
        if ((*s)->emulated)
            cJSON_AddItemToArray(names, cJSON_CreateString((*s)->name));
    }
    return 0;
}
