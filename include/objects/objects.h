/*
 * The objects that IVS writes to S3: they become files of a folder, or are sent to an
 * endpoint of S3.
 */
#ifndef OBJECTS_OBJECTS_H
#define OBJECTS_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/client.h"
#include "aws/endpoints.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

struct objects;

/*
 * An endpoint of S3 takes the place of the folder, whose path is NULL if there is none;
 * it is created when it is needed. Both must outlive the result.
 */
struct objects *objects_new(const char *folder,
                            const struct aws_endpoints *endpoints) NODISCARD;

/* No object may be being written. NULL is fine. */
void objects_free(struct objects *objects);

/* Whether objects are written anywhere. */
bool objects_are_written(const struct objects *objects);

/* An object of S3. */
struct object {
    struct scope scope; /* whose it is: requests are signed for it */
    const char *bucket;
    const char *key; /* segments separated by slashes, none of which is ".", ".." or "" */
    const char *content_type;
    const char *content_encoding; /* NULL: none */
    const char *bytes;
    size_t length;
};

/*
 * Writes an object, replacing the one with its key, and waits until that is done. In the
 * folder it is the file <folder>/<bucket>/<key>, accessible to its user only, which
 * appears with all its bytes and after they are on the disk. The endpoint gets the
 * request PutObject, several times if needed.
 *
 * Any thread may call this, each with its own client. -1 if the object could not be
 * written, if a name cannot be that of a file, if the client is cancelled, or if objects
 * are not written: *why (in the arena) is one line.
 */
int objects_put(struct objects *objects, struct aws_client *client,
                const struct object *object, struct arena *arena,
                const char **why) NODISCARD;

#endif
