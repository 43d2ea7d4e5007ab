/*
 * How the operations of each resource are called: one row for each row of the registry
 * that a service manages. tests/api/test_resources.c proves the same sentences for all
 * rows.
 */
#ifndef TESTS_API_RESOURCE_CALLS_H
#define TESTS_API_RESOURCE_CALLS_H

#include "data/resource.h"
#include "sample_calls.h"

#include <stdbool.h>
#include <stdint.h>

enum { RESOURCE_NEEDS_MAX = 4 };

/* Operations are named without their service, which the registry knows. Inputs are the
 * members of a JSON object, without its braces. Calls and inputs may have placeholders
 * (fuzz/seen.h) for what the calls before them returned. */
struct resource_calls {
    const char *table; /* of the row in the registry */
    /* Calls that are made before each creation, for what it refers to; end with NULL. */
    const char *needs[RESOURCE_NEEDS_MAX];
    const char *create;
    /* <account 0> and <region 0> are those of the caller, and <pem 0> is a new public key
     * for each creation. */
    const char *input;
    const char *get;
    const char *list;
    const char *list_input; /* members that a list requires, such as the parent, or "" */
    const char *list_member;
    const char *list_filter; /* a member that narrows the list; NULL: it has no filters */
    const char *update;      /* NULL: the resource cannot be updated */
    const char *update_input;
    const char *delete;
    const char *named_by; /* the member of Get, Update and Delete that has the ARN */
    const char *member;   /* of the resource in the responses; "": the whole response */
    bool deletes_twice;   /* a second delete succeeds, and is not 404 */
    bool newest_first;    /* the list is in the order of updates, not of creation */
    bool one_per_list;    /* a list, which `list_input` chooses, has one at most */
    int64_t quota;        /* per account and region, as AWS documents it; 0: none */
    bool quota_is_fixed;  /* --quotas off does not lift it */
    /* Creates what keeps the resource from being deleted, and deletes that. NULL: nothing
     * does. */
    const char *used_by;
    const char *released_by;
};

extern const struct resource_calls resource_calls[];
extern const size_t resource_calls_count;

/* One resource of an emulator. Texts belong to the arena. */
struct walk {
    struct emulator *emu;
    struct arena *arena;
    const struct resource_calls *calls;
    const struct resource *resource;
};

/* A resource that was created. */
struct made {
    const char *arn;
    struct reply reply;
    struct samples samples; /* what the responses said on the way */
};

/* The row of the registry; NULL: there is none. */
const struct resource *resource_of_calls(const struct resource_calls *calls);

/* The operation of the resource's service. */
const struct operation *walk_operation(const struct walk *walk, const char *name);

/* Creates one, after what it needs. `more` are further members of the input, or "". *made
 * is set if it succeeds; it may be NULL. */
struct reply walk_create(const struct walk *walk, struct scope scope, const char *more,
                         struct made *made);

/* Creates one, which must succeed. */
struct made walk_make(const struct walk *walk, struct scope scope);

/* `more` are further members of the input, or "". */
struct reply walk_get(const struct walk *walk, struct scope scope, const char *arn);
struct reply walk_update(const struct walk *walk, struct scope scope, const char *arn,
                         const char *more);
struct reply walk_delete(const struct walk *walk, struct scope scope, const char *arn);

/* The list that has the resource, with these members of the input, or "". */
struct reply walk_list(const struct walk *walk, struct scope scope,
                       const struct made *made, const char *members);

/* A call that names what was made on the way, such as used_by. */
struct reply walk_call(const struct walk *walk, struct scope scope, struct made *made,
                       const char *text);

/* The operations of tags. `tags` is a JSON object, and `key` one key. */
struct reply walk_tag(const struct walk *walk, struct scope scope, const char *arn,
                      const char *tags);
struct reply walk_untag(const struct walk *walk, struct scope scope, const char *arn,
                        const char *key);
struct reply walk_list_tags(const struct walk *walk, struct scope scope, const char *arn);

/* The path of a member of the resource in a response of Create, Get or Update. */
const char *walk_path(const struct walk *walk, const char *member);

/* The path of a member of the entry at `index` in a response of List. */
const char *walk_list_path(const struct walk *walk, int index, const char *member);

#endif
