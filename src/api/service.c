#include "api/service.h"

#include <string.h>

const struct operation *operation_find(const struct service *const *services,
                                       const char *name, const struct service **service)
{
    for (; *services != NULL; services++) {
        for (size_t i = 0; i < (*services)->count; i++) {
            if (strcmp((*services)->operations[i].name, name) != 0)
                continue;
            *service = *services;
            return &(*services)->operations[i];
        }
    }
    return NULL;
}

bool operation_takes_path(const struct operation *op, const char *path,
                          const char **label)
{
    size_t fixed = strcspn(op->uri, "{");

    *label = "";
    if (op->uri[fixed] == '\0')
        return strcmp(op->uri, path) == 0;
    if (strncmp(op->uri, path, fixed) != 0 || path[fixed] == '\0')
        return false;
    *label = path + fixed;
    return true;
}

const struct operation *operation_route(const struct service *const *services,
                                        const char *method, const char *path,
                                        const struct service **service,
                                        const char **label)
{
    for (; *services != NULL; services++) {
        for (size_t i = 0; i < (*services)->count; i++) {
            const struct operation *op = &(*services)->operations[i];
            if (strcmp(op->method, method) != 0 || !operation_takes_path(op, path, label))
                continue;
            *service = *services;
            return op;
        }
    }
    return NULL;
}
