/*
 * Immutable bytes with shared ownership. They are freed with the last reference; any
 * thread may take and release references.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/attrs.h"

typedef void blob_release(void *context);

/* `bytes` and `length` may be read directly; only the functions below use the rest. */
struct blob {
    const char *bytes;
    size_t length;
    atomic_size_t references;
    blob_release *release;
    void *context;
};

/* A copy of the bytes, with one reference. */
struct blob *blob_new(const char *bytes, size_t length) NODISCARD;

/*
 * Uses the bytes without a copy; they must not change until release(context) runs, once,
 * in the thread that releases the last reference. If `release` is NULL, they are never
 * freed.
 */
struct blob *blob_wrap(const char *bytes, size_t length, blob_release *release,
                       void *context) NODISCARD;

/* Takes one more reference and returns the blob. */
struct blob *blob_ref(struct blob *blob) NODISCARD;

/* Releases a reference. NULL is fine. */
void blob_unref(struct blob *blob);

#endif
