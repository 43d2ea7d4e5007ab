#include "data/recording_configuration.h"

#include "api/page.h"
#include "base/text.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "common/views.h"
#include "data/channel.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { DEFAULT_INTERVAL_SECONDS = 60 };

/* A configuration for a bucket with this suffix ends as CREATE_FAILED, for tests.
 * Fidelity: ivs-recording-2 */
#define FAILING_BUCKET_SUFFIX "-create-failed"

static const struct member destination_members[] = {
    {"s3", &common_s3_destination, 0},
    MEMBERS_END
};
static const struct shape destination = STRUCT_OF(destination_members);

static const char *const recording_modes[] = {"DISABLED", "INTERVAL", NULL};
static const struct shape recording_mode = {.type = SHAPE_STRING,
                                            .values = recording_modes};
static const struct shape target_interval = {.type = SHAPE_INTEGER, .min = 1, .max = 60};
static const char *const storages[] = {"SEQUENTIAL", "LATEST", NULL};
static const struct shape storage = {.type = SHAPE_STRING, .values = storages};
static const struct shape storage_list = LIST_OF(storage);
static const struct member thumbnail_members[] = {
    {"recordingMode",         &recording_mode,  0},
    {"targetIntervalSeconds", &target_interval, 0},
    {"resolution",            &ivs_rendition,   0},
    {"storage",               &storage_list,    0},
    MEMBERS_END
};
static const struct shape thumbnail = STRUCT_OF(thumbnail_members);

static const char *const selections[] = {"ALL", "NONE", "CUSTOM", NULL};
static const struct shape selection = {.type = SHAPE_STRING, .values = selections};
static const struct shape rendition_list = LIST_OF(ivs_rendition);
static const struct member rendition_members[] = {
    {"renditionSelection", &selection,      0},
    {"renditions",         &rendition_list, 0},
    MEMBERS_END
};
static const struct shape rendition = STRUCT_OF(rendition_members);

static const struct shape reconnect_window = {.type = SHAPE_INTEGER, .max = 300};

static const char *const states[] = {"CREATING", "CREATE_FAILED", "ACTIVE", NULL};
static const struct shape state = {.type = SHAPE_STRING, .values = states};

static const struct member configuration_members[] = {
    {"arn",                             &ivs_recording_configuration_arn, REQUIRED},
    {"name",                            &common_name,                     0       },
    {"destinationConfiguration",        &destination,                     REQUIRED},
    {"state",                           &state,                           REQUIRED},
    {"tags",                            &ivs_tags,                        0       },
    {"thumbnailConfiguration",          &thumbnail,                       0       },
    {"recordingReconnectWindowSeconds", &reconnect_window,                0       },
    {"renditionConfiguration",          &rendition,                       0       },
    MEMBERS_END
};
const struct shape ivs_recording_configuration = STRUCT_OF(configuration_members);

static const struct member create_in[] = {
    {"name",                            &common_name,      0       },
    {"destinationConfiguration",        &destination,      REQUIRED},
    {"tags",                            &ivs_tags,         0       },
    {"thumbnailConfiguration",          &thumbnail,        0       },
    {"recordingReconnectWindowSeconds", &reconnect_window, 0       },
    {"renditionConfiguration",          &rendition,        0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_recording_configuration_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_configuration[] = {
    {"recordingConfiguration", &ivs_recording_configuration, 0},
    MEMBERS_END
};
const struct shape ivs_recording_configuration_create_in = STRUCT_OF(create_in);
const struct shape ivs_recording_configuration_create_out = STRUCT_OF(one_configuration);
const struct shape ivs_recording_configuration_get_in = STRUCT_OF(one_arn);
const struct shape ivs_recording_configuration_get_out = STRUCT_OF(one_configuration);
const struct shape ivs_recording_configuration_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_recording_configuration_delete_out = STRUCT_OF(common_nothing);

static const struct member summary_members[] = {
    {"arn",                      &ivs_recording_configuration_arn, REQUIRED},
    {"name",                     &common_name,                     0       },
    {"destinationConfiguration", &destination,                     REQUIRED},
    {"state",                    &state,                           REQUIRED},
    {"tags",                     &ivs_tags,                        0       },
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"recordingConfigurations", &summaries,         REQUIRED},
    {"nextToken",               &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_recording_configuration_list_in = STRUCT_OF(common_page_in);
const struct shape ivs_recording_configuration_list_out = STRUCT_OF(list_out);

static bool has_text(const cJSON *list, const char *text)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list) {
        if (strcmp(item->valuestring, text) == 0)
            return true;
    }
    return false;
}

/* Adds a copy of the input's list without duplicates, which bounds a list of an enum that
 * the model leaves unbounded; or the default, a list of one value. */
static void add_list_or(cJSON *to, const cJSON *given, const char *name,
                        const char *default_value)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(given, name);
    cJSON *copy = cJSON_AddArrayToObject(to, name);
    const cJSON *item;

    if (list == NULL && default_value != NULL)
        cJSON_AddItemToArray(copy, cJSON_CreateString(default_value));
    cJSON_ArrayForEach(item, list) {
        if (!has_text(copy, item->valuestring))
            cJSON_AddItemToArray(copy, cJSON_CreateString(item->valuestring));
    }
}

/* The thumbnail configuration as it is returned, with defaults filled in. */
static const char *thumbnail_text(struct call *call, const cJSON *given)
{
    const char *mode = json_string_or(given, "recordingMode", "INTERVAL");
    const char *resolution = json_string_or(given, "resolution", NULL);
    const cJSON *interval =
        cJSON_GetObjectItemCaseSensitive(given, "targetIntervalSeconds");
    cJSON *full AUTO(json_done) = cJSON_CreateObject();

    json_add_text(full, "recordingMode", mode);
    if (strcmp(mode, "INTERVAL") == 0)
        cJSON_AddNumberToObject(full, "targetIntervalSeconds",
                                interval != NULL ? interval->valuedouble
                                                 : DEFAULT_INTERVAL_SECONDS);
    if (resolution != NULL)
        json_add_text(full, "resolution", resolution);
    add_list_or(full, given, "storage", "SEQUENTIAL");
    return json_text(call->arena, full);
}

static const char *rendition_text(struct call *call, const cJSON *given)
{
    cJSON *full AUTO(json_done) = cJSON_CreateObject();

    json_add_text(full, "renditionSelection",
                  json_string_or(given, "renditionSelection", "ALL"));
    add_list_or(full, given, "renditions", NULL);
    return json_text(call->arena, full);
}

/* Rules between members. Fidelity: ivs-recording-1 */
static int check_rules(struct call *call)
{
    const cJSON *thumbnails = in_item(call, "thumbnailConfiguration");
    const cJSON *renditions = in_item(call, "renditionConfiguration");
    const cJSON *chosen = cJSON_GetObjectItemCaseSensitive(renditions, "renditions");
    const char *op = call->op->name;

    if (!json_has(in_item(call, "destinationConfiguration"), "s3"))
        return call_fail(call, &ERR_VALIDATION,
                         "%s.destinationConfiguration.s3 is a required attribute", op);
    if (strcmp(json_string_or(thumbnails, "recordingMode", ""), "DISABLED") == 0 &&
        json_has(thumbnails, "targetIntervalSeconds"))
        return call_fail(
            call, &ERR_VALIDATION,
            "%s.thumbnailConfiguration.targetIntervalSeconds is allowed only "
            "with recordingMode INTERVAL",
            op);
    if (strcmp(json_string_or(renditions, "renditionSelection", ""), "CUSTOM") == 0 &&
        cJSON_GetArraySize(chosen) == 0)
        return call_fail(call, &ERR_VALIDATION,
                         "%s.renditionConfiguration.renditions is required with "
                         "renditionSelection CUSTOM",
                         op);
    return 0;
}

/* The existence of the bucket is not checked. Fidelity: ivs-recording-3 */
int ivs_recording_configuration_create(struct call *call)
{
    const cJSON *bucket =
        cJSON_GetObjectItemCaseSensitive(in_item(call, "destinationConfiguration"), "s3");
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    const char *tags;

    if (check_rules(call) != 0 || (tags = tags_of_input(call)) == NULL ||
        quota_check(call, "recording_configuration") != 0)
        return -1;
    struct recording_configuration configuration = {
        .arn =
            arn_format(call->arena, &recording_configuration_arn_kind, call->scope, id),
        .id = id,
        .name = in_string_or(call, "name", ""),
        .bucket_name = json_string_or(bucket, "bucketName", ""),
        .reconnect_window_seconds = in_int_or(call, "recordingReconnectWindowSeconds", 0),
        .thumbnail_configuration =
            thumbnail_text(call, in_item(call, "thumbnailConfiguration")),
        .rendition_configuration =
            rendition_text(call, in_item(call, "renditionConfiguration")),
        .settles_at_ms = call->now_ms + call->emu->settings.transitions_ms,
        .settled_state = "ACTIVE",
        .tags = tags,
    };
    if (text_ends_with(configuration.bucket_name, FAILING_BUCKET_SUFFIX))
        configuration.settled_state = "CREATE_FAILED";
    if (call_db(call, recording_configuration_insert(call->txn, call->scope,
                                                     &configuration)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "recordingConfiguration",
                          recording_configuration_json(&configuration, call->now_ms));
    return 0;
}

static int load_configuration(struct call *call, const char *arn,
                              struct recording_configuration *out)
{
    return call_found(
        call, recording_configuration_find(call->txn, call->scope, arn, out), arn);
}

int ivs_recording_configuration_get(struct call *call)
{
    struct recording_configuration configuration;

    if (load_configuration(call, in_string(call, "arn"), &configuration) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "recordingConfiguration",
                          recording_configuration_json(&configuration, call->now_ms));
    return 0;
}

static cJSON *row_json(const struct call *call, const void *row)
{
    return recording_configuration_summary_json(row, call->now_ms);
}

int ivs_recording_configuration_list(struct call *call)
{
    struct recording_configuration *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, recording_configuration_list(call->txn, call->scope, page.after,
                                                   page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "recordingConfigurations",
                 &(struct list_rows){rows, sizeof(*rows), count}, row_json);
    return 0;
}

int ivs_recording_configuration_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct recording_configuration configuration;

    if (load_configuration(call, arn, &configuration) != 0 ||
        ivs_check_unused(call, CHANNEL_BY_RECORDING_CONFIGURATION, arn) != 0)
        return -1;
    return call_db(call, recording_configuration_delete(call->txn, call->scope, arn));
}
