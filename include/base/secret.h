/*
 * Secrets in texts that are shown: in the log, in messages and in the request log. What
 * is known to be a secret by its place in a request is marked in its shape; this is for
 * the rest, such as a path that no operation has, or a key in the wrong member.
 *
 * These are secrets:
 *
 * - the rest of a stream key, after sk_<region>_ or rt_<account>_
 * - a JSON Web Token
 * - the user and the password of a URL
 * - the value after a name such as token= or "passphrase": see secret_is_name()
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

/* What is shown instead of a secret. */
#define SECRET_HIDDEN "***"

/*
 * Finds the first secret of `text` that begins at or after `from`, which points into the
 * text: not into the middle of a secret, but to its beginning or to the end of the last
 * one. Returns NULL if there is none.
 */
const char *secret_find(const char *text, const char *from, size_t *length) NODISCARD;

/* The text with each of its secrets hidden; the text itself if it has none. */
const char *secret_hide(struct arena *arena, const char *text) NODISCARD;

/* The same for the decoded path of a request. What follows /app/, as in the URL that an
 * encoder publishes to, is a stream key, however it looks. */
const char *secret_hide_in_path(struct arena *arena, const char *path) NODISCARD;

/* Whether the value of a member or parameter with this name is a secret: the name ends,
 * in any case, in a word such as token, signature, password or streamKey. */
bool secret_is_name(const char *name);

#endif
