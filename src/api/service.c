#include "api/service.h"

#include "base/nearest.h"
#include "base/operation_name.h"

#include <string.h>

/* Builds a text such as "ivs:TagResource or ivschat:TagResource". */
static const char *add_choice(struct arena *arena, const char *choices,
                              const struct service *service, const struct operation *op)
{
    return arena_join(arena, choices, choices[0] != '\0' ? " or " : "", service->name,
                      ":", op->name, NULL);
}

static size_t count_actions(const struct service *service)
{
    size_t count = 0;

    while (service->actions != NULL && service->actions[count] != NULL)
        count++;
    return count;
}

static size_t count_names(const struct service *const *services)
{
    size_t count = 0;

    for (; *services != NULL; services++)
        count += (*services)->count + count_actions(*services);
    return count;
}

/* A sentence about a name that no operation has, with all names, or those of AWS. */
static const char *unknown_name(const struct service *const *services, const char *name,
                                bool only_emulated, struct arena *arena)
{
    const char **names = arena_alloc(arena, count_names(services) * sizeof(*names));
    const char *colon = strchr(name, ':');
    size_t count = 0;

    for (const struct service *const *s = services; *s != NULL; s++) {
        for (size_t i = 0; (!only_emulated || (*s)->emulated) && i < (*s)->count; i++)
            names[count++] = (*s)->operations[i].name;
        for (size_t i = 0; only_emulated && i < count_actions(*s); i++)
            names[count++] = (*s)->actions[i];
    }
    return arena_printf(
        arena, "There is no operation %s. %s", name,
        nearest_advice(arena, colon != NULL ? colon + 1 : name, names, count));
}

const struct operation *operation_find(const struct service *const *services,
                                       const char *name, struct arena *arena,
                                       const struct service **service, const char **why)
{
    const struct operation *found = NULL;
    const char *choices = "";
    size_t count = 0;

    for (const struct service *const *s = services; *s != NULL; s++) {
        for (size_t i = 0; i < (*s)->count; i++) {
            const struct operation *op = &(*s)->operations[i];
            if (!operation_name_matches(name, (*s)->name, op->name))
                continue;
            found = op;
            *service = *s;
            choices = add_choice(arena, choices, *s, op);
            count++;
        }
    }
    if (count == 1)
        return found;
    *why = count == 0 ? unknown_name(services, name, false, arena)
                      : arena_printf(arena, "The name is ambiguous; write %s", choices);
    return NULL;
}

static bool selects_operation(const struct service *service, const char *name)
{
    for (size_t i = 0; service->emulated && i < service->count; i++) {
        if (operation_name_matches(name, service->name, service->operations[i].name))
            return true;
    }
    return false;
}

static bool selects_action(const struct service *service, const char *name)
{
    for (size_t i = 0; i < count_actions(service); i++) {
        if (operation_name_matches(name, service->name, service->actions[i]))
            return true;
    }
    return false;
}

const char *operation_name_fault(const struct service *const *services, const char *name,
                                 struct arena *arena)
{
    for (const struct service *const *s = services; *s != NULL; s++) {
        if (selects_operation(*s, name) || selects_action(*s, name))
            return NULL;
    }
    return unknown_name(services, name, true, arena);
}

bool operation_name_is_of_actions(const struct service *const *services, const char *name)
{
    bool found = false;

    for (const struct service *const *s = services; *s != NULL; s++) {
        if (selects_operation(*s, name))
            return false;
        found = found || selects_action(*s, name);
    }
    return found;
}

bool operation_takes_path(const struct operation *op, const char *path,
                          const char **label)
{
    const char *uri = op->uri;

    while (*uri == *path && *uri != '\0' && *uri != '{') {
        uri++;
        path++;
    }
    *label = *uri == '{' ? path : "";
    return *uri == '{' ? *path != '\0' : *uri == *path;
}

bool access_takes_long(enum access access)
{
    return access == WRITE_MUCH || access == STEPS || access == WHOLE_STORE ||
           access == WAITS;
}
