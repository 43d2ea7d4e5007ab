#include "app/callers.h"

#include "base/aws_region.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/scope.h"
#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct callers {
    pthread_mutex_t lock;
    uint64_t hashes[CALLERS_MAX_NAMES]; /* of the names, under the lock */
    size_t count;                       /* likewise */
};

struct callers *callers_new(void)
{
    struct callers *callers = mem_zalloc(sizeof(*callers));

    pthread_mutex_init(&callers->lock, NULL);
    return callers;
}

void callers_free(struct callers *callers)
{
    if (callers == NULL)
        return;
    pthread_mutex_destroy(&callers->lock);
    free(callers);
}

static bool contains(const struct callers *callers, uint64_t hash)
{
    for (size_t i = 0; i < callers->count; i++) {
        if (callers->hashes[i] == hash)
            return true;
    }
    return false;
}

/* Whether the name is new, and can be remembered. */
static bool remember_name(struct callers *callers, const char *name)
{
    uint64_t hash = hash_text(HASH_START, name);

    pthread_mutex_lock(&callers->lock);
    bool is_new = callers->count < CALLERS_MAX_NAMES && !contains(callers, hash);
    if (is_new)
        callers->hashes[callers->count++] = hash;
    pthread_mutex_unlock(&callers->lock);
    return is_new;
}

static void warn_of_region(const char *region)
{
    const char *nearest = aws_region_nearest(region);
    char quoted[LOG_QUOTED_BYTES];

    log_warn("AWS does not have this region", "region=%s%s%s", log_quoted(region, quoted),
             nearest != NULL ? " nearest=" : "", nearest != NULL ? nearest : "");
}

void callers_note_region(struct callers *callers, const char *region)
{
    if (aws_region_has_ivs(region) || !remember_name(callers, region))
        return;
    if (aws_region_exists(region))
        log_info("Amazon IVS is not available in this region of AWS", "region=%s",
                 region);
    else
        warn_of_region(region);
}

void callers_note_key(struct callers *callers, const char *key_id)
{
    char quoted[LOG_QUOTED_BYTES];

    if (key_id[0] == '\0' || key_id[text_span(key_id, TEXT_DIGITS, "")] != '\0' ||
        scope_is_account(key_id) || !remember_name(callers, key_id))
        return;
    log_warn("an access key of digits is an account only if it has 12, using the default "
             "account",
             "key=%s", log_quoted(key_id, quoted));
}
