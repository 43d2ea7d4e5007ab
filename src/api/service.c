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
    const char *uri = op->uri;

    while (*uri == *path && *uri != '\0' && *uri != '{') {
        uri++;
        path++;
    }
    *label = *uri == '{' ? path : "";
    return *uri == '{' ? *path != '\0' : *uri == *path;
}

const struct operation *operation_route(const struct service *const *services,
                                        const char *method, const char *path,
                                        const struct service **service,
                                        const char **label)
{
    for (; *services != NULL; services++) {
        for (size_t i = 0; i < (*services)->count; i++) {
            const struct operation *op = &(*services)->operations[i];
            if (!operation_takes_path(op, path, label) || strcmp(op->method, method) != 0)
                continue;
            *service = *services;
            return op;
        }
    }
    return NULL;
}
