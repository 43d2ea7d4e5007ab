#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

void folder_remove(struct arena *arena, const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            folder_remove(arena, arena_printf(arena, "%s/%s", path, entry->d_name));
    }
    if (folder != NULL)
        closedir(folder);
    (void)remove(path);
}
