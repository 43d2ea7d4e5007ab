#include "base/blob.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct blob *blob_wrap(const char *bytes, size_t length, blob_release *release,
                       void *context)
{
    struct blob *blob = mem_zalloc(sizeof(*blob));

    blob->bytes = bytes;
    blob->length = length;
    blob->release = release;
    blob->context = context;
    atomic_init(&blob->references, 1);
    return blob;
}

struct blob *blob_new(const char *bytes, size_t length)
{
    char *copy = mem_alloc(length > 0 ? length : 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    return blob_wrap(copy, length, free, copy);
}

struct blob *blob_ref(struct blob *blob)
{
    atomic_fetch_add_explicit(&blob->references, 1, memory_order_relaxed);
    return blob;
}

void blob_unref(struct blob *blob)
{
    /* The thread that frees the bytes must see everything that other threads did before
     * they released their references. */
    if (blob == NULL ||
        atomic_fetch_sub_explicit(&blob->references, 1, memory_order_acq_rel) > 1)
        return;
    if (blob->release != NULL)
        blob->release(blob->context);
    free(blob);
}
