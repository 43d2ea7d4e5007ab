/*
 * GET /_ivs-local/health: the server is running and the database works.
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

int control_health(struct call *call)
{
    const char *lost = txn_lost_file(call->txn);

    if (lost != NULL)
        return call_fail(
            call, &ERR_INTERNAL,
            "%s was removed, renamed or replaced: changes can no longer be saved",
            file_name(lost));
    /* The commit shows whether changes can be saved. */
    if (call_db(call, write_probe(call->txn)) != 0)
        return -1;
    cJSON_AddStringToObject(call->out, "status", "ok");
    cJSON_AddStringToObject(call->out, "version", ivs_local_version);
    cJSON *names = cJSON_AddArrayToObject(call->out, "services");
    for (const struct service *const *s = call->emu->services; *s != NULL; s++) {
        if ((*s)->emulated)
            cJSON_AddItemToArray(names, cJSON_CreateString((*s)->name));
    }
    return 0;
}
