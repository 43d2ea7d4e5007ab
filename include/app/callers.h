/*
 * Warnings about callers that probably made a mistake. They are served nevertheless, so
 * without the warning what they create seems to be missing elsewhere.
 */
#ifndef APP_CALLERS_H
#define APP_CALLERS_H

#include "base/attrs.h"

struct callers;

/* How many different names are remembered. Of later ones nothing is logged. */
enum { CALLERS_MAX_NAMES = 128 };

struct callers *callers_new(void) NODISCARD;

/* NULL is accepted. */
void callers_free(struct callers *callers);

/* Logs once for each region that AWS does not have, or in which it does not have Amazon
 * IVS. Any thread may call it, and the next function. */
void callers_note_region(struct callers *callers, const char *region);

/* The same for each access key that looks like an account but does not have 12 digits. */
void callers_note_key(struct callers *callers, const char *key_id);

#endif
