#include "mounts_internal.h"

#include "base/bug.h"
#include "base/memory.h"
#include "base/uri.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void mounts_init(struct mounts *mounts, const struct http_options *options)
{
    *mounts = (struct mounts){
        .rest = {.body_limit = options->body_limit,
                 .handler = options->handler,
                 .context = options->context},
        .count = options->mount_count,
    };
    if (mounts->count == 0)
        return;
    mounts->list = mem_alloc(mounts->count * sizeof(*mounts->list));
    for (size_t i = 0; i < mounts->count; i++) {
        if (options->mounts[i].path[0] != '/')
            BUG("the path of a mount does not begin with a slash: %s",
                options->mounts[i].path);
        mounts->list[i] = options->mounts[i];
    }
}

void mounts_done(struct mounts *mounts)
{
    free(mounts->list);
    mounts->list = NULL;
    mounts->count = 0;
}

/* Whether a segment of a path is empty, "." or "..". */
static bool is_special_segment(const char *segment, size_t length, bool is_last)
{
    return (length == 0 && !is_last) || (length == 1 && segment[0] == '.') ||
           (length == 2 && segment[0] == '.' && segment[1] == '.');
}

/* Whether a decoded path has no such segment, so that it is the only spelling. */
static bool is_plain_path(const char *path)
{
    for (const char *segment = path + 1;;) {
        size_t length = strcspn(segment, "/");
        bool is_last = segment[length] == '\0';
        if (is_special_segment(segment, length, is_last))
            return false;
        if (is_last)
            return true;
        segment += length + 1;
    }
}

/* How much of the path the mount matches; 0 if it does not match. */
static size_t matched_length(const struct http_mount *mount, const char *path)
{
    size_t length = strlen(mount->path);
    bool takes_all_below = length > 1 && mount->path[length - 1] == '/';
    bool matches = takes_all_below ? strncmp(path, mount->path, length) == 0
                                   : strcmp(path, mount->path) == 0;

    return matches ? length : 0;
}

/* The mount with the longest matching path, or NULL. */
static const struct http_mount *longest_match(const struct mounts *mounts,
                                              const char *path)
{
    const struct http_mount *found = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < mounts->count; i++) {
        size_t length = matched_length(&mounts->list[i], path);
        if (length > longest) {
            longest = length;
            found = &mounts->list[i];
        }
    }
    return found;
}

const struct http_mount *mounts_find(const struct mounts *mounts, const char *target,
                                     struct arena *arena, const char **path)
{
    const char *decoded = mounts->count > 0 ? uri_path(arena, target) : NULL;
    const struct http_mount *found =
        decoded != NULL && is_plain_path(decoded) ? longest_match(mounts, decoded) : NULL;

    *path = found != NULL ? decoded : NULL;
    return found != NULL ? found : &mounts->rest;
}
