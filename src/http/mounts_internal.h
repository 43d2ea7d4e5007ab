/*
 * Which mount a request belongs to.
 */
#ifndef HTTP_MOUNTS_INTERNAL_H
#define HTTP_MOUNTS_INTERNAL_H

#include "http/server.h"

struct mounts {
    struct http_mount rest; /* what belongs to no other */
    struct http_mount *list;
    size_t count;
};

void mounts_init(struct mounts *mounts, const struct http_options *options);
void mounts_done(struct mounts *mounts);

/* The mount that a target belongs to, and in *path (in the arena) the path decoded; NULL
 * for the rest. */
const struct http_mount *mounts_find(const struct mounts *mounts, const char *target,
                                     struct arena *arena, const char **path) NODISCARD;

#endif
