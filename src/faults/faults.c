#include "faults/faults.h"

#include "base/memory.h"
#include "base/operation_name.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A stored fault, in an arena of its own. */
struct rule {
    struct rule *next;
    struct arena *arena;
    struct fault fault;
};

struct faults {
    struct ids *chance;
    pthread_mutex_t lock;
    struct rule *first; /* in the order they were added */
    atomic_size_t count;
};

struct faults *faults_new(struct ids *chance)
{
    struct faults *faults = mem_zalloc(sizeof(*faults));

    faults->chance = chance;
    pthread_mutex_init(&faults->lock, NULL);
    return faults;
}

void faults_free(struct faults *faults)
{
    if (faults == NULL)
        return;
    faults_delete_all(faults);
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : NULL;
}

static struct fault copy_fault(struct arena *arena, const struct fault *fault)
{
    struct fault copy = *fault;

    copy.id = copy_text(arena, fault->id);
    copy.scope.account = copy_text(arena, fault->scope.account);
    copy.scope.region = copy_text(arena, fault->scope.region);
    copy.operation = copy_text(arena, fault->operation);
    copy.resource_arn = copy_text(arena, fault->resource_arn);
    copy.error = copy_text(arena, fault->error);
    copy.error_text = copy_text(arena, fault->error_text);
    copy.message = copy_text(arena, fault->message);
    copy.detail_type = copy_text(arena, fault->detail_type);
    copy.event_name = copy_text(arena, fault->event_name);
    copy.frame_type = copy_text(arena, fault->frame_type);
    copy.user_id = copy_text(arena, fault->user_id);
    return copy;
}

static struct rule *rule_new(struct scope scope, const struct fault *fault)
{
    struct arena *arena = arena_new();
    struct rule *rule = arena_alloc(arena, sizeof(*rule));

    struct fault in_scope = *fault;

    in_scope.scope = scope;
    *rule = (struct rule){.arena = arena, .fault = copy_fault(arena, &in_scope)};
    return rule;
}

static bool rule_is_in_scope(const struct rule *rule, struct scope scope)
{
    return scope_equals(rule->fault.scope, scope);
}

/* Removes the rule from the list; `at` is the link to it. */
static void drop_rule(struct faults *faults, struct rule **at)
{
    struct rule *rule = *at;

    *at = rule->next;
    atomic_fetch_sub(&faults->count, 1);
    arena_free(rule->arena);
}

int faults_put(struct faults *faults, struct scope scope, const struct fault *fault)
{
    size_t in_all = 0, here = 0;
    struct rule **end;

    pthread_mutex_lock(&faults->lock);
    for (end = &faults->first; *end != NULL; end = &(*end)->next) {
        in_all++;
        here += rule_is_in_scope(*end, scope);
    }
    bool fits = in_all < FAULTS_MAX && here < FAULTS_MAX_IN_SCOPE;
    if (fits) {
        *end = rule_new(scope, fault);
        atomic_fetch_add(&faults->count, 1);
    }
    pthread_mutex_unlock(&faults->lock);
    return fits ? 0 : -1;
}

int faults_delete(struct faults *faults, struct scope scope, const char *id)
{
    bool found = false;

    pthread_mutex_lock(&faults->lock);
    for (struct rule **at = &faults->first; *at != NULL;) {
        if (rule_is_in_scope(*at, scope) &&
            (id == NULL || strcmp((*at)->fault.id, id) == 0)) {
            drop_rule(faults, at);
            found = true;
        } else {
            at = &(*at)->next;
        }
    }
    pthread_mutex_unlock(&faults->lock);
    return found || id == NULL ? 0 : -1;
}

void faults_delete_all(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    while (faults->first != NULL)
        drop_rule(faults, &faults->first);
    pthread_mutex_unlock(&faults->lock);
}

size_t faults_list(struct faults *faults, const struct scope *scope, struct arena *arena,
                   struct fault **out)
{
    size_t count = 0;

    pthread_mutex_lock(&faults->lock);
    struct fault *list =
        arena_alloc(arena, (atomic_load(&faults->count) + 1) * sizeof(*list));
    for (const struct rule *rule = faults->first; rule != NULL; rule = rule->next) {
        if (scope == NULL || rule_is_in_scope(rule, *scope))
            list[count++] = copy_fault(arena, &rule->fault);
    }
    pthread_mutex_unlock(&faults->lock);
    *out = list;
    return count;
}

bool faults_exist(const struct faults *faults)
{
    return atomic_load(&faults->count) > 0;
}

static bool happens_by_chance(struct faults *faults, double probability)
{
    /* A certain fault uses no random number, so it does not change the outcomes of
     * others. */
    return probability >= 1 || ids_fraction(faults->chance) < probability;
}

/* Whether a rule of the right scope applies to the subject, apart from chance. */
typedef bool fault_matches(const struct fault *fault, const void *subject);

/* Applies the first rule that matches. */
static bool apply_first(struct faults *faults, struct scope scope, fault_matches *matches,
                        const void *subject, struct arena *arena, struct fault *out)
{
    bool applies = false;

    if (!faults_exist(faults))
        return false;
    pthread_mutex_lock(&faults->lock);
    for (struct rule **at = &faults->first; *at != NULL && !applies; at = &(*at)->next) {
        struct fault *fault = &(*at)->fault;
        if (!rule_is_in_scope(*at, scope) || !matches(fault, subject) ||
            !happens_by_chance(faults, fault->probability))
            continue;
        applies = true;
        fault->struck++;
        fault->times -= fault->times > 0;
        *out = copy_fault(arena, fault);
        if (fault->times == 0) {
            drop_rule(faults, at);
            break;
        }
    }
    pthread_mutex_unlock(&faults->lock);
    return applies;
}

static bool matches_call(const struct fault *fault, const void *subject)
{
    const struct fault_target *target = subject;

    return fault->operation != NULL &&
           operation_name_matches(fault->operation, target->service, target->operation) &&
           (fault->resource_arn == NULL ||
            target->names(target->call, fault->resource_arn));
}

bool faults_apply(struct faults *faults, const struct fault_target *target,
                  struct arena *arena, struct fault *out)
{
    return apply_first(faults, target->scope, matches_call, target, arena, out);
}

/* Whether a filter of a fault accepts a text. */
static bool filter_accepts(const char *filter, const char *text)
{
    return filter == NULL || strcmp(filter, text) == 0;
}

static bool matches_event(const struct fault *fault, const void *subject)
{
    const struct fault_event *event = subject;

    return fault->operation == NULL && fault->delivery != FAULT_DELIVERS &&
           !(fault->delivery == FAULT_REORDER && event->is_swapped) &&
           filter_accepts(fault->detail_type, event->detail_type) &&
           filter_accepts(fault->event_name, event->event_name) &&
           filter_accepts(fault->resource_arn, event->resource_arn);
}

bool faults_apply_to_delivery(struct faults *faults, const struct fault_event *event,
                              struct arena *arena, struct fault *out)
{
    return apply_first(faults, event->scope, matches_event, event, arena, out);
}

static bool matches_frame(const struct fault *fault, const void *subject)
{
    const struct fault_frame *frame = subject;

    return fault->frame != FAULT_FRAME_SENT &&
           filter_accepts(fault->frame_type, frame->type) &&
           filter_accepts(fault->user_id, frame->user_id) &&
           filter_accepts(fault->resource_arn, frame->room_arn);
}

bool faults_apply_to_frame(struct faults *faults, const struct fault_frame *frame,
                           struct arena *arena, struct fault *out)
{
    return apply_first(faults, frame->scope, matches_frame, frame, arena, out);
}
