/*
 * SaveSnapshot, RestoreSnapshot, DeleteSnapshot, ListSnapshots: named copies of the whole
 * state of the server, of all accounts.
 */
#include "base/log.h"
#include "base/timestamp.h"
#include "control_internal.h"
#include "data/event.h"
#include "store/snapshot.h"

static const struct pattern name_pattern = {
    .text = "[a-zA-Z0-9_-]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9_-",
    .example = "clean",
};
static const struct shape name = {.type = SHAPE_STRING,
                                  .min = 1,
                                  .max = SNAPSHOT_NAME_MAX_CHARS,
                                  .pattern = &name_pattern};

static const struct member name_members[] = {
    {"name", &name, REQUIRED},
    SCOPE_IN, MEMBERS_END
};
static const struct member list_in[] = {LIST_SCOPE_IN, MEMBERS_END};
static const struct member no_members[] = {MEMBERS_END};
const struct shape control_snapshot_save_in = STRUCT_OF(name_members);
const struct shape control_snapshot_save_out = STRUCT_OF(no_members);
const struct shape control_snapshot_restore_in = STRUCT_OF(name_members);
const struct shape control_snapshot_restore_out = STRUCT_OF(no_members);
const struct shape control_snapshot_delete_in = STRUCT_OF(name_members);
const struct shape control_snapshot_delete_out = STRUCT_OF(no_members);

static const struct member snapshot_members[] = {
    {"name",      &name,            REQUIRED},
    {"createdAt", &shape_timestamp, REQUIRED},
    {"sizeBytes", &shape_long,      REQUIRED},
    MEMBERS_END
};
static const struct shape snapshot = STRUCT_OF(snapshot_members);
static const struct shape snapshots = LIST_OF(snapshot);
static const struct member list_out[] = {
    {"snapshots", &snapshots, REQUIRED},
    LIST_SCOPE_OUT, MEMBERS_END
};
const struct shape control_snapshots_list_in = STRUCT_OF(list_in);
const struct shape control_snapshots_list_out = STRUCT_OF(list_out);

/* Reports the result of a request: returns 0 if it succeeded. */
static int report_result(struct call *call, enum snapshot_result result, const char *why)
{
    switch (result) {
    case SNAPSHOT_DONE:
        return 0;
    case SNAPSHOT_NONE:
        return call_fail(call, &ERR_NOT_FOUND, "Snapshot: %s not found",
                         in_string(call, "name"));
    case SNAPSHOT_FULL:
        return call_fail(call, &ERR_QUOTA, "%s", why);
    case SNAPSHOT_UNUSABLE:
        return call_fail(call, &ERR_CONFLICT, "%s", why);
    case SNAPSHOT_FAILED:
        break;
    }
    return call_fail(call, &ERR_INTERNAL, "%s", why);
}

/* The same for what changes a snapshot or the state: the log says that it was done. */
static int report_done(struct call *call, enum snapshot_result result, const char *why,
                       const char *event)
{
    char name_text[LOG_QUOTED_BYTES];

    if (result == SNAPSHOT_DONE)
        log_each(LOG_INFO, event, "name=%s",
                 log_quoted(in_string(call, "name"), name_text));
    return report_result(call, result, why);
}

int control_snapshot_save(struct call *call)
{
    const char *why = NULL;
    enum snapshot_result result = snapshot_save(call->emu->store, in_string(call, "name"),
                                                call->now_ms, call->arena, &why);

    return report_done(call, result, why, "snapshot saved");
}

int control_snapshot_restore(struct call *call)
{
    const char *why = NULL;
    enum snapshot_result result =
        snapshot_restore(call->emu->store, in_string(call, "name"),
                         event_targets_carry_over, call->arena, &why);

    if (result == SNAPSHOT_DONE)
        hub_publish_gap(call->emu->hub, NULL, "RESTORED");
    return report_done(call, result, why, "snapshot restored");
}

int control_snapshot_delete(struct call *call)
{
    const char *why = NULL;
    enum snapshot_result result =
        snapshot_delete(call->emu->store, in_string(call, "name"), call->arena, &why);

    return report_done(call, result, why, "snapshot deleted");
}

static cJSON *snapshot_json(struct call *call, const struct snapshot *entry)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "name", entry->name);
    cJSON_AddStringToObject(json, "createdAt",
                            timestamp_text(call->arena, entry->saved_at_ms));
    cJSON_AddNumberToObject(json, "sizeBytes", (double)entry->bytes);
    return json;
}

int control_snapshots_list(struct call *call)
{
    const char *why = NULL;
    const struct snapshot *all;
    size_t count;
    enum snapshot_result result =
        snapshot_list(call->emu->store, call->arena, &all, &count, &why);

    if (report_result(call, result, why) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "snapshots");
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, snapshot_json(call, &all[i]));
    return 0;
}
