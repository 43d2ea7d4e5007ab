#include "base/operation_name.h"

#include <string.h>

bool operation_name_matches(const char *text, const char *service, const char *operation)
{
    const char *colon = strchr(text, ':');

    if (colon != NULL) {
        size_t length = (size_t)(colon - text);
        if (strlen(service) != length || strncmp(text, service, length) != 0)
            return false;
        text = colon + 1;
    }
    return strcmp(text, "*") == 0 || strcmp(text, operation) == 0;
}
