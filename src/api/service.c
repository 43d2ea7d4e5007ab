#include "api/service.h"

#include <string.h>

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
