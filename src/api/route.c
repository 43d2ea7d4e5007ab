#include "api/route.h"

#include <string.h>
#include <strings.h>

/* Some clients add the path of the endpoint URL, or a second slash, before that of the
 * operation: so many segments are skipped. */
enum { PREFIX_MAX_SEGMENTS = 8 };

/* The state of the search: the best operation so far. */
struct candidate {
    const struct operation *op;
    const struct service *service;
    const char *label;
    int rank;
};

/* Whether the host that the caller used begins with the service's host label. */
static bool has_host_label(const char *host, const struct service *service)
{
    size_t length = service->host_label != NULL ? strlen(service->host_label) : 0;

    return length > 0 && strncasecmp(host, service->host_label, length) == 0 &&
           (host[length] == '.' || host[length] == '-');
}

/* Whether the service has resources whose ARNs are like this one, but for the kind. */
static bool has_such_arns(const struct resource_registry *registry,
                          const struct service *service, const char *arn)
{
    for (size_t i = 0; i < registry->count; i++) {
        const struct resource *row = &registry->rows[i];
        if (row->arn != NULL && strcmp(row->service, service->name) == 0 &&
            arn_matches_service(row->arn->service, arn))
            return true;
    }
    return false;
}

/* How well a service matches a path that several services have. */
static int rank_of(const struct call *call, const struct service *service,
                   const char *label)
{
    enum { OWNS_THE_KIND = 8, HAS_SUCH_ARNS = 4, IS_SIGNED_FOR = 2, HAS_THE_HOST = 1 };
    const struct resource *resource = resource_of_arn(call->emu->registry, label);
    int rank = 0;

    if (resource != NULL && strcmp(resource->service, service->name) == 0)
        rank += OWNS_THE_KIND;
    if (has_such_arns(call->emu->registry, service, label))
        rank += HAS_SUCH_ARNS;
    if (service->signing_name != NULL &&
        strcmp(call->signed_for, service->signing_name) == 0)
        rank += IS_SIGNED_FOR;
    if (has_host_label(call->host, service))
        rank += HAS_THE_HOST;
    return rank;
}

/* Searches a service. Returns true if no other service can have the path. */
static bool search_service(const struct call *call, const struct service *service,
                           const char *path, struct candidate *best)
{
    /* The server sends the headers of a response to HEAD without its body. */
    const char *method = strcmp(call->method, "HEAD") == 0 ? "GET" : call->method;

    for (size_t i = 0; i < service->count; i++) {
        const struct operation *op = &service->operations[i];
        struct candidate found = {.op = op, .service = service};
        if (!operation_takes_path(op, path, &found.label) ||
            strcmp(op->method, method) != 0)
            continue;
        bool is_shared = found.label[0] != '\0';
        found.rank = is_shared ? rank_of(call, service, found.label) : 0;
        if (best->op == NULL || found.rank > best->rank)
            *best = found;
        return !is_shared;
    }
    return false;
}

static void search_services(const struct call *call, const char *path,
                            struct candidate *best)
{
    for (const struct service *const *s = call->emu->services; *s != NULL; s++) {
        if (search_service(call, *s, path, best))
            break;
    }
}

/* The path without its first segment; NULL if it has only one, or if that is `.` or `..`,
 * which clients resolve before they send a path. */
static const char *skip_segment(const char *path)
{
    size_t length = path[0] == '/' ? strcspn(path + 1, "/") : 0;

    if (path[0] != '/' || path[1 + length] == '\0' ||
        (length > 0 && length <= 2 && strspn(path + 1, ".") >= length))
        return NULL;
    return path + 1 + length;
}

void call_route(struct call *call)
{
    struct candidate best = {.label = ""};
    const char *path = call->uri.path;

    for (int i = 0; i < PREFIX_MAX_SEGMENTS && best.op == NULL && path != NULL; i++) {
        search_services(call, path, &best);
        path = skip_segment(path);
    }
    call->op = best.op;
    call->service = best.service;
    call->label = best.label;
}

const char *call_route_by_name(struct call *call, const char *name)
{
    const struct service *const *services = call->emu->services;
    const char *arn = json_string_or(call->in, "resourceArn", "");
    const struct resource *resource = resource_of_arn(call->emu->registry, arn);
    const char *why = NULL, *why_not_of_owner;

    call->op = operation_find(services, name, call->arena, &call->service, &why);
    if (call->op == NULL && resource != NULL)
        call->op = operation_find(
            services, arena_join(call->arena, resource->service, ":", name, NULL),
            call->arena, &call->service, &why_not_of_owner);
    return call->op == NULL ? why : NULL;
}
