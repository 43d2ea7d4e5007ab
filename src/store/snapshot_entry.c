#include "store/snapshot_entry.h"

#include <string.h>

bool snapshot_is_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_-");

    return length > 0 && length <= SNAPSHOT_NAME_MAX_CHARS && name[length] == '\0';
}
