/*
 * Finding the mount that a request belongs to.
 */
#ifndef HTTP_MOUNTS_INTERNAL_H
#define HTTP_MOUNTS_INTERNAL_H

#include "http/server.h"

struct mounts {
    struct http_mount rest; /* for requests that belong to no other mount */
    struct http_mount *list;
    size_t count;
};

void mounts_init(struct mounts *mounts, const struct http_options *options);
void mounts_done(struct mounts *mounts);

/* The mount that a target belongs to; *path (in the arena) is the decoded path, or NULL
 * for the rest. */
const struct http_mount *mounts_find(const struct mounts *mounts, const char *target,
                                     struct arena *arena, const char **path) NODISCARD;

#endif
