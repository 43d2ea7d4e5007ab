/*
 * Runs a fuzz target once over every kept input, so that they stay tested in every build,
 * under every sanitizer.
 *
 * usage: replay_<target> CORPUS REGRESSIONS    (two folders; the second need not exist)
 */
#include "fuzz.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX_BYTES = 1024 * 1024, PATH_MAX_BYTES = 4096 };

static int replay_file(const char *path)
{
    struct buf input AUTO(buf_done);
    char piece[4096];
    size_t length;

    buf_init(&input, INPUT_MAX_BYTES);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(&input, piece, length);
    fclose(file);
    printf("%s: %zu bytes\n", path, input.length);
    fflush(stdout); /* shows the input if the target stops */
    LLVMFuzzerTestOneInput((const uint8_t *)input.bytes, input.length);
    return 0;
}

/* The number of files replayed, 0 if there is no such folder, or -1. */
static int replay_folder(const char *folder)
{
    char path[PATH_MAX_BYTES];
    struct dirent *entry;
    int count = 0;
    DIR *dir = opendir(folder);

    if (dir == NULL) {
        if (errno == ENOENT)
            return 0;
        perror(folder);
        return -1;
    }
    while (count >= 0 && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        count = replay_file(path) == 0 ? count + 1 : -1;
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 3 || replay_folder(argv[1]) <= 0 || replay_folder(argv[2]) < 0)
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
