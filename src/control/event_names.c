/*
 * The detail types and names of events in inputs: those that no event has are refused.
 */
#include "base/nearest.h"
#include "control_internal.h"
#include "events/detail_types.h"

/* In a message: the names of the events of all detail types. */
enum { NAMES_MAX = 100 };

static int check_detail_type(struct call *call, const char *place, const char *given)
{
    const char **names = arena_alloc(call->arena, detail_types_count * sizeof(*names));

    if (given == NULL || detail_type_find(given) != NULL)
        return 0;
    for (size_t i = 0; i < detail_types_count; i++)
        names[i] = detail_types[i].name;
    return call_fail(call, &ERR_VALIDATION,
                     "%s.detailType: there is no detail type %s. %s", place, given,
                     nearest_advice(call->arena, given, names, detail_types_count));
}

int check_event_names(struct call *call, const char *place, const char *detail_type,
                      const char *event_name)
{
    const struct detail_type *only =
        detail_type != NULL ? detail_type_find(detail_type) : NULL;
    const char *names[NAMES_MAX];
    size_t count = 0;

    if (check_detail_type(call, place, detail_type) != 0)
        return -1;
    for (size_t i = 0; i < detail_types_count; i++) {
        const struct detail_type *type = &detail_types[i];
        if (only != NULL && only != type)
            continue;
        if (event_name == NULL || detail_type_has(type, event_name))
            return 0;
        for (size_t n = 0; type->names[n] != NULL && count < COUNT_OF(names); n++)
            names[count++] = type->names[n];
    }
    return call_fail(call, &ERR_VALIDATION, "%s.eventName: there is no event %s%s%s. %s",
                     place, event_name, only != NULL ? " of " : "",
                     only != NULL ? only->name : "",
                     nearest_advice(call->arena, event_name, names, count));
}
