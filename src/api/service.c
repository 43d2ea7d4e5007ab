#include "api/service.h"

#include "base/operation_name.h"

#include <string.h>

/* Builds a text such as "ivs:TagResource or ivschat:TagResource". */
static const char *add_choice(struct arena *arena, const char *choices,
                              const struct service *service, const struct operation *op)
{
    return arena_join(arena, choices, choices[0] != '\0' ? " or " : "", service->name,
                      ":", op->name, NULL);
}

const struct operation *operation_find(const struct service *const *services,
                                       const char *name, struct arena *arena,
                                       const struct service **service, const char **why)
{
    const struct operation *found = NULL;
    const char *choices = "";
    size_t count = 0;

    for (; *services != NULL; services++) {
        for (size_t i = 0; i < (*services)->count; i++) {
            const struct operation *op = &(*services)->operations[i];
            if (!operation_name_matches(name, (*services)->name, op->name))
                continue;
            found = op;
            *service = *services;
            choices = add_choice(arena, choices, *services, op);
            count++;
        }
    }
    if (count == 1)
        return found;
    *why = count == 0 ? "There is no operation of that name"
                      : arena_printf(arena, "The name is ambiguous; write %s", choices);
    return NULL;
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
    return access == WRITE_MUCH || access == STEPS || access == WHOLE_STORE;
}
