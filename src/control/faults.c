/*
 * PutFault, ListFaults, DeleteFault: tests make calls fail, delay them or break their
 * connections, and drop, duplicate, delay or reorder deliveries of events and the frames
 * of chat connections.
 */
#include "faults/faults.h"

#include "api/announce.h"
#include "base/nearest.h"
#include "control_internal.h"

#include <string.h>

enum {
    MAX_LATENCY_MS = 300000,
    MAX_TIMES = 1000000000,
    MIN_ERROR_CODE = 400,
    MAX_ERROR_CODE = 599,
};

static const struct shape id = {.type = SHAPE_STRING, .min = 1, .max = 64};
static const struct shape name = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape message = {.type = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape latency = {.type = SHAPE_INTEGER, .max = MAX_LATENCY_MS};
static const struct shape times = {.type = SHAPE_INTEGER, .min = 1, .max = MAX_TIMES};
static const struct shape probability = {.type = SHAPE_NUMBER, .max = 1};
/* In the order of enum fault_connection, without the first. */
static const char *const connections[] = {"CLOSE", "TRUNCATE", "GATEWAY", NULL};
static const struct shape connection = {.type = SHAPE_STRING, .values = connections};

/* In the order of enum fault_delivery, without the first. */
static const char *const delivery_names[] = {"DROP", "DUPLICATE", "DELAY", "REORDER",
                                             NULL};
static const struct shape delivery = {.type = SHAPE_STRING, .values = delivery_names};

/* In the order of enum fault_frame_effect, without the first. */
static const char *const frame_names[] = {"DROP", "DUPLICATE", "DELAY", "CLOSE", NULL};
static const struct shape frame = {.type = SHAPE_STRING, .values = frame_names};
static const char *const frame_types[] = {"MESSAGE", "EVENT", "ERROR", NULL};
static const struct shape frame_type = {.type = SHAPE_STRING, .values = frame_types};
static const struct shape error_code = {
    .type = SHAPE_INTEGER, .min = MIN_ERROR_CODE, .max = MAX_ERROR_CODE};

static const struct member put_in[] = {
    {"operation",   &name,        0},
    {"delivery",    &delivery,    0},
    {"detailType",  &name,        0},
    {"eventName",   &name,        0},
    {"frame",       &frame,       0},
    {"frameType",   &frame_type,  0},
    {"userId",      &name,        0},
    {"error",       &name,        0},
    {"errorCode",   &error_code,  0},
    {"message",     &message,     0},
    {"connection",  &connection,  0},
    {"latencyMs",   &latency,     0},
    {"times",       &times,       0},
    {"probability", &probability, 0},
    {"resourceArn", &name,        0},
    SCOPE_IN,
    MEMBERS_END
};
static const struct member put_out[] = {
    {"faultId", &id,           REQUIRED},
    {"warning", &shape_string, 0       },
    SCOPE_OUT, MEMBERS_END
};
const struct shape control_fault_put_in = STRUCT_OF(put_in);
const struct shape control_fault_put_out = STRUCT_OF(put_out);

static const struct member list_in[] = {LIST_SCOPE_IN, MEMBERS_END};
static const struct member fault_members[] = {
    {"faultId",     &id,          REQUIRED},
    {"operation",   &name,        0       },
    {"delivery",    &delivery,    0       },
    {"detailType",  &name,        0       },
    {"eventName",   &name,        0       },
    {"frame",       &frame,       0       },
    {"frameType",   &frame_type,  0       },
    {"userId",      &name,        0       },
    {"error",       &name,        0       },
    {"errorCode",   &error_code,  0       },
    {"message",     &message,     0       },
    {"connection",  &connection,  0       },
    {"latencyMs",   &latency,     REQUIRED},
    {"times",       &times,       0       }, /* the remaining number */
    {"probability", &probability, REQUIRED},
    {"resourceArn", &name,        0       },
    {"struck",      &shape_long,  REQUIRED},
    SCOPE_OUT,
    MEMBERS_END
};
static const struct shape fault_shape = STRUCT_OF(fault_members);
static const struct shape faults_shape = LIST_OF(fault_shape);
static const struct member list_out[] = {
    {"faults", &faults_shape, REQUIRED},
    LIST_SCOPE_OUT, MEMBERS_END
};
const struct shape control_faults_list_in = STRUCT_OF(list_in);
const struct shape control_faults_list_out = STRUCT_OF(list_out);

static const struct member delete_in[] = {
    {"faultId", &id,            0},
    {"all",     &shape_boolean, 0},
    SCOPE_IN, MEMBERS_END
};
static const struct member delete_out[] = {MEMBERS_END};
const struct shape control_fault_delete_in = STRUCT_OF(delete_in);
const struct shape control_fault_delete_out = STRUCT_OF(delete_out);

/* The place of a member's value among the names, from 1; 0 if the member is absent. */
static int read_choice(const struct call *call, const char *member,
                       const char *const *names)
{
    const char *text = in_string(call, member);

    for (int i = 0; text != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0)
            return i + 1;
    }
    return 0;
}

/* Refuses members that a fault of this kind does not have. */
static int refuse_members(struct call *call, const char *const *members, const char *kind)
{
    for (; *members != NULL; members++) {
        if (in_has(call, *members))
            return call_fail(call, &ERR_VALIDATION,
                             "PutFault.%s cannot be combined with %s", *members, kind);
    }
    return 0;
}

/* Checks the rules between the members of a fault of deliveries. */
static int check_delivery_fault(struct call *call, const struct fault *fault)
{
    static const char *const foreign[] = {
        "error", "errorCode", "message", "connection", "frameType", "userId", NULL};

    if (refuse_members(call, foreign, "delivery") != 0 ||
        check_event_names(call, "PutFault", fault->detail_type, fault->event_name) != 0)
        return -1;
    if ((fault->delivery == FAULT_DELAY) != (fault->latency_ms > 0))
        return call_fail(call, &ERR_VALIDATION,
                         fault->delivery == FAULT_DELAY
                             ? "PutFault.delivery DELAY requires latencyMs"
                             : "PutFault.latencyMs requires delivery DELAY");
    return 0;
}

/* The same of a fault of frames. */
static int check_frame_fault(struct call *call, const struct fault *fault)
{
    static const char *const foreign[] = {
        "error", "errorCode", "message", "connection", "detailType", "eventName", NULL};

    if (refuse_members(call, foreign, "frame") != 0)
        return -1;
    if ((fault->frame == FAULT_FRAME_DELAY) != (fault->latency_ms > 0))
        return call_fail(call, &ERR_VALIDATION,
                         fault->frame == FAULT_FRAME_DELAY
                             ? "PutFault.frame DELAY requires latencyMs"
                             : "PutFault.latencyMs requires frame DELAY");
    return 0;
}

/* The error that a fault of calls returns. */
static int check_error(struct call *call, const struct fault *fault)
{
    const struct service *const *services = call->emu->services;
    bool is_error = fault->error_status != 0;

    if (fault->error != NULL && error_find(fault->error) == NULL)
        return call_fail(
            call, &ERR_VALIDATION, "PutFault.error: there is no error %s. %s",
            fault->error,
            nearest_advice(call->arena, fault->error, error_names, error_name_count));
    if (in_has(call, "errorCode") && fault->error != NULL)
        return call_fail(call, &ERR_VALIDATION,
                         "PutFault.errorCode cannot be combined with error");
    if (in_has(call, "errorCode") &&
        !operation_name_is_of_actions(services, fault->operation))
        return call_fail(call, &ERR_VALIDATION,
                         "PutFault.errorCode requires an operation of a WebSocket, such "
                         "as ivschat:SEND_MESSAGE");
    if ((fault->connection == FAULT_TRUNCATE || fault->connection == FAULT_GATEWAY) &&
        operation_name_is_of_actions(services, fault->operation))
        return call_fail(call, &ERR_VALIDATION,
                         "PutFault.connection must be CLOSE for an operation of a "
                         "WebSocket");
    if (fault->message != NULL && !is_error)
        return call_fail(call, &ERR_VALIDATION,
                         "PutFault.message requires error or errorCode");
    if (is_error && fault->connection != FAULT_RESPONDS &&
        fault->connection != FAULT_TRUNCATE)
        return call_fail(
            call, &ERR_VALIDATION,
            "PutFault.%s cannot be combined with connection CLOSE or GATEWAY",
            fault->error != NULL ? "error" : "errorCode");
    return 0;
}

/* Checks the rules between the members of a fault of calls. */
static int check_call_fault(struct call *call, const struct fault *fault)
{
    static const char *const foreign[] = {"detailType", "eventName", "frameType",
                                          "userId", NULL};

    if (refuse_members(call, foreign, "operation") != 0 ||
        check_operation_name(call, fault->operation) != 0 ||
        check_error(call, fault) != 0)
        return -1;
    if (fault->error_status == 0 && fault->connection == FAULT_RESPONDS &&
        !in_has(call, "latencyMs"))
        return call_fail(call, &ERR_VALIDATION,
                         "PutFault requires error, errorCode, connection or latencyMs");
    return 0;
}

static int check_fault(struct call *call, const struct fault *fault)
{
    bool is_of_calls = fault->operation != NULL;
    bool is_of_deliveries = fault->delivery != FAULT_DELIVERS;
    bool is_of_frames = fault->frame != FAULT_FRAME_SENT;

    if (is_of_calls + is_of_deliveries + is_of_frames != 1)
        return call_fail(
            call, &ERR_VALIDATION,
            "PutFault requires exactly one of operation, delivery and frame");
    if (is_of_frames)
        return check_frame_fault(call, fault);
    return is_of_calls ? check_call_fault(call, fault)
                       : check_delivery_fault(call, fault);
}

/* Sets the status and the default message of the error that the input asks for. */
static void read_error(const struct call *call, struct fault *out)
{
    const struct error_kind *kind = out->error != NULL ? error_find(out->error) : NULL;

    out->error_status =
        kind != NULL ? kind->status : (int)in_int_or(call, "errorCode", 0);
    out->error_text = kind != NULL ? kind->text : NULL;
}

static cJSON *fault_json(const struct fault *fault);

int control_fault_put(struct call *call)
{
    struct fault fault = {
        .id = ids_alnum(call->emu->request_ids, call->arena, IDS_RESOURCE_CHARS),
        .operation = in_string(call, "operation"),
        .resource_arn = in_string(call, "resourceArn"),
        .error = in_string(call, "error"),
        .message = in_string(call, "message"),
        .connection = (enum fault_connection)read_choice(call, "connection", connections),
        .delivery = (enum fault_delivery)read_choice(call, "delivery", delivery_names),
        .frame = (enum fault_frame_effect)read_choice(call, "frame", frame_names),
        .frame_type = in_string(call, "frameType"),
        .user_id = in_string(call, "userId"),
        .detail_type = in_string(call, "detailType"),
        .event_name = in_string(call, "eventName"),
        .latency_ms = in_int_or(call, "latencyMs", 0),
        .times = in_int_or(call, "times", -1),
        .probability = in_number_or(call, "probability", 1),
        .scope = call->scope,
    };

    read_error(call, &fault);
    if (check_fault(call, &fault) != 0 || control_warn_if_unused(call) != 0)
        return -1;
    if (faults_put(call->emu->faults, call->scope, &fault) != 0)
        return call_fail(
            call, &ERR_QUOTA,
            "There are too many faults: at most %d in an account and region, "
            "%d in all",
            FAULTS_MAX_IN_SCOPE, FAULTS_MAX);
    cJSON_AddStringToObject(call->out, "faultId", fault.id);
    announce_fault_put(call, call->scope, fault_json(&fault));
    return 0;
}

static void add_text(cJSON *json, const char *member, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(json, member, text);
}

static cJSON *fault_json(const struct fault *fault)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "faultId", fault->id);
    add_text(json, "operation", fault->operation);
    if (fault->delivery != FAULT_DELIVERS)
        cJSON_AddStringToObject(json, "delivery", delivery_names[fault->delivery - 1]);
    add_text(json, "detailType", fault->detail_type);
    add_text(json, "eventName", fault->event_name);
    if (fault->frame != FAULT_FRAME_SENT)
        cJSON_AddStringToObject(json, "frame", frame_names[fault->frame - 1]);
    add_text(json, "frameType", fault->frame_type);
    add_text(json, "userId", fault->user_id);
    add_text(json, "error", fault->error);
    if (fault->error == NULL && fault->error_status != 0)
        cJSON_AddNumberToObject(json, "errorCode", fault->error_status);
    add_text(json, "message", fault->message);
    if (fault->connection != FAULT_RESPONDS)
        cJSON_AddStringToObject(json, "connection", connections[fault->connection - 1]);
    cJSON_AddNumberToObject(json, "latencyMs", (double)fault->latency_ms);
    if (fault->times >= 0)
        cJSON_AddNumberToObject(json, "times", (double)fault->times);
    cJSON_AddNumberToObject(json, "probability", fault->probability);
    add_text(json, "resourceArn", fault->resource_arn);
    cJSON_AddNumberToObject(json, "struck", (double)fault->struck);
    cJSON_AddStringToObject(json, "account", fault->scope.account);
    cJSON_AddStringToObject(json, "region", fault->scope.region);
    return json;
}

int control_faults_list(struct call *call)
{
    cJSON *list = cJSON_AddArrayToObject(call->out, "faults");
    struct fault *faults;
    size_t count =
        faults_list(call->emu->faults, control_is_for_all(call) ? NULL : &call->scope,
                    call->arena, &faults);

    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, fault_json(&faults[i]));
    return 0;
}

int control_fault_delete(struct call *call)
{
    const char *fault_id = in_string(call, "faultId");

    if ((fault_id != NULL) == in_bool_or(call, "all", false))
        return call_fail(call, &ERR_VALIDATION,
                         "DeleteFault requires either faultId or \"all\": true");
    if (faults_delete(call->emu->faults, call->scope, fault_id) != 0)
        return call_fail(call, &ERR_NOT_FOUND, "Fault: %s not found", fault_id);
    announce_fault_deleted(call, fault_id);
    return 0;
}
