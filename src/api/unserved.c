#include "unserved_internal.h"

#include "api/not_emulated.h"
#include "base/nearest.h"
#include "base/text.h"

#include <string.h>

/* The longest name of a service of AWS that is repeated in a message. */
enum { SERVICE_NAME_MAX_CHARS = 40, CANDIDATES_MAX = 256 };

static const char *last_segment(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Whether the call is of an operation of this service, which is not emulated. Clients may
 * put the path of an endpoint URL before that of the operation. */
static bool is_operation_of(const struct call *call, const struct not_emulated *service)
{
    const char *name = last_segment(call->uri.path);

    if (strcmp(call->method, "POST") != 0)
        return false;
    for (size_t i = 0; i < service->operation_count; i++) {
        if (strcmp(service->operations[i], name) == 0)
            return true;
    }
    return false;
}

/* Whether the path of a call that several services have names a resource of this one. */
static bool is_resource_of(const struct call *call, const struct not_emulated *service)
{
    for (size_t i = 0; i < service->resource_count; i++) {
        if (arn_matches(&service->resources[i], call->label))
            return true;
    }
    return false;
}

/* Fails a call of an operation that is known but not emulated. */
static int refuse_not_emulated(struct call *call)
{
    for (size_t i = 0; i < not_emulated_count; i++) {
        const struct not_emulated *service = &not_emulated_services[i];
        bool is_routed = call->op != NULL;
        if (is_routed ? is_resource_of(call, service) : is_operation_of(call, service))
            return call_fail(call, &ERR_NOT_IMPLEMENTED,
                             "IVS Local does not emulate %s of %s",
                             is_routed ? call->op->name : last_segment(call->uri.path),
                             service->title);
    }
    return 0;
}

/* Whether one of the services of Amazon IVS has signatures for that name. */
static bool is_name_of_ivs(const struct call *call, const char *name)
{
    for (const struct service *const *s = call->emu->services; *s != NULL; s++) {
        if ((*s)->signing_name != NULL && strcmp((*s)->signing_name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < not_emulated_count; i++) {
        if (strcmp(not_emulated_services[i].signing_name, name) == 0)
            return true;
    }
    return false;
}

/* Whether the call is signed for a service of AWS that is not Amazon IVS. */
static bool is_signed_for_another(const struct call *call)
{
    const char *name = call->signed_for;
    size_t length = text_span(name, TEXT_LOWER | TEXT_DIGITS, "-");

    return length > 0 && length <= SERVICE_NAME_MAX_CHARS && name[length] == '\0' &&
           !is_name_of_ivs(call, name);
}

/* Fails a call of another service of AWS. The paths of their operations can be those that
 * the services of IVS share. */
static int refuse_other_service(struct call *call)
{
    if (!is_signed_for_another(call) ||
        (call->op != NULL && (call->label[0] == '\0' ||
                              resource_of_arn(call->emu->registry, call->label) != NULL)))
        return 0;
    return call_fail(
        call, &ERR_NOT_IMPLEMENTED,
        "IVS Local does not emulate the service %s, for which this request is "
        "signed; set AWS_ENDPOINT_URL_IVS and AWS_ENDPOINT_URL_IVSCHAT instead of "
        "AWS_ENDPOINT_URL, which sends the calls of every service here",
        call->signed_for);
}

/* What to add to a message about an unknown path. */
static const char *suggest_request(struct call *call)
{
    const char *path = call->uri.path, *label;
    const struct operation *ops[CANDIDATES_MAX];
    const char *names[CANDIDATES_MAX] = {NULL};
    size_t count = 0;

    if (last_segment(path)[0] == '\0' || strcmp(path, "/_ivs-local") == 0)
        return "; the paths of operations are /<Operation> and /_ivs-local/<Operation>";
    for (const struct service *const *s = call->emu->services; *s != NULL; s++) {
        for (size_t i = 0; i < (*s)->count && count < CANDIDATES_MAX; i++) {
            const struct operation *op = &(*s)->operations[i];
            if (strchr(op->uri, '{') != NULL)
                continue;
            if (operation_takes_path(op, path, &label))
                return arena_printf(call->arena, "; use %s", op->method);
            names[count] = last_segment(op->uri);
            ops[count++] = op;
        }
    }
    const char *nearest = nearest_name(last_segment(path), names, count);
    for (size_t i = 0; nearest != NULL && i < count; i++) {
        if (names[i] == nearest)
            return arena_printf(call->arena, "; did you mean %s %s?", ops[i]->method,
                                ops[i]->uri);
    }
    return "";
}

int refuse_unserved(struct call *call)
{
    if (refuse_not_emulated(call) != 0 || refuse_other_service(call) != 0)
        return -1;
    if (call->op == NULL) /* Fidelity: common-errors-3 */
        return call_fail(call, &ERR_UNKNOWN_OPERATION, "No operation matches %s %s%s",
                         call->method, call->uri.path, suggest_request(call));
    if (call->op->handle == NULL)
        return call_fail(call, &ERR_NOT_IMPLEMENTED, "IVS Local does not implement %s",
                         call->op->name);
    return 0;
}
