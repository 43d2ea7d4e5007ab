#include "objects/objects.h"

#include "aws/request.h"
#include "base/memory.h"
#include "base/uri.h"
#include "folder_internal.h"

#include <stdlib.h>

struct objects {
    const char *folder; /* NULL: none */
    const struct aws_endpoints *endpoints;
};

struct objects *objects_new(const char *folder, const struct aws_endpoints *endpoints)
{
    struct objects *objects = mem_zalloc(sizeof(*objects));

    *objects = (struct objects){.folder = folder, .endpoints = endpoints};
    return objects;
}

void objects_free(struct objects *objects)
{
    free(objects);
}

bool objects_are_written(const struct objects *objects)
{
    return objects->folder != NULL || objects->endpoints->s3 != NULL;
}

/* Sends the request PutObject in path style, which needs no host name for each bucket. */
static int send_object(const char *endpoint, struct aws_client *client,
                       const struct object *object, struct arena *arena, const char **why)
{
    const struct http_header headers[] = {
        {"content-type",                                               object->content_type},
        {object->content_encoding != NULL ? "content-encoding" : NULL,
         object->content_encoding                                                          },
        {NULL,                                                         NULL                },
    };
    struct http_client_request request = {
        .method = "PUT",
        .url = arena_join(arena, endpoint, "/", uri_encode(arena, object->bucket, ""),
                          "/", uri_encode(arena, object->key, "/"), NULL),
        .headers = headers,
        .body = object->bytes,
        .body_length = object->length,
    };
    struct http_result result;

    aws_sign(arena, object->scope, "s3", &request);
    return aws_client_send(client, &request, arena, &result, why) == AWS_DONE ? 0 : -1;
}

int objects_put(struct objects *objects, struct aws_client *client,
                const struct object *object, struct arena *arena, const char **why)
{
    const char *endpoint = objects->endpoints->s3;

    if (aws_client_is_cancelled(client)) {
        *why = "cancelled";
        return -1;
    }
    if (endpoint != NULL)
        return send_object(endpoint, client, object, arena, why);
    if (objects->folder != NULL)
        return folder_put(objects->folder, object, arena, why);
    *why = "there is neither a folder nor an endpoint for objects";
    return -1;
}
