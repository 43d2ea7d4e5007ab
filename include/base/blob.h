/*
 * Bytes that many share and nobody changes. They are freed with the last reference; any
 * thread may take and release references.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/attrs.h"

typedef void blob_release(void *context);

/* Read `bytes` and `length` freely; the rest belongs to the functions below. */
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
 * The bytes themselves, which must stay as they are until release(context) runs: once, in
 * the thread that gives up the last reference. `release` NULL: they live for ever.
 */
struct blob *blob_wrap(const char *bytes, size_t length, blob_release *release,
                       void *context) NODISCARD;

/* Takes one more reference and returns the blob. */
struct blob *blob_ref(struct blob *blob) NODISCARD;

/* Gives up a reference. NULL is fine. */
void blob_unref(struct blob *blob);

#endif
