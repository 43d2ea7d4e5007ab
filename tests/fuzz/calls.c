#include "calls.h"

#include "app/app.h"
#include "base/hash.h"
#include "base/operation_name.h"
#include "base/text.h"

#include <string.h>

enum { END_OF_CALL = 0xff };

#define FOREIGN "@"

static bool has_label(const struct operation *op)
{
    return strchr(op->uri, '{') != NULL;
}

const struct operation *operation_at(size_t index)
{
    size_t s = 0;

    while (index >= app_services[s]->count) {
        index -= app_services[s]->count;
        s = app_services[s + 1] != NULL ? s + 1 : 0;
    }
    return &app_services[s]->operations[index];
}

static const struct service *service_of(const struct operation *op)
{
    size_t s = 0;

    while (op < app_services[s]->operations ||
           op >= app_services[s]->operations + app_services[s]->count)
        s++;
    return app_services[s];
}

static const struct operation *choose(const char *name)
{
    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            if (operation_name_matches(name, app_services[s]->name,
                                       app_services[s]->operations[i].name))
                return &app_services[s]->operations[i];
        }
    }
    return operation_at((size_t)(hash_text(HASH_START, name) % MAX_OPERATIONS));
}

/* Removes the text before the first `end`, or everything, from the front of the input. */
static char *take(struct arena *arena, char end, const uint8_t **data, size_t *size)
{
    const uint8_t *found = *size > 0 ? memchr(*data, end, *size) : NULL;
    size_t length = found != NULL ? (size_t)(found - *data) : *size;
    char *text = arena_strndup(arena, (const char *)*data, length);

    length += found != NULL;
    *data += length;
    *size -= length;
    return text;
}

static void read_call(struct arena *arena, const uint8_t *data, size_t size,
                      struct fuzz_call *out)
{
    char *name = take(arena, ' ', &data, &size);

    out->foreign = text_ends_with(name, FOREIGN);
    if (out->foreign)
        name[strlen(name) - strlen(FOREIGN)] = '\0';
    out->op = choose(name);
    out->label = has_label(out->op) ? take(arena, '\n', &data, &size) : NULL;
    out->body = (const char *)data;
    out->body_length = size;
}

size_t calls_read(struct arena *arena, const uint8_t *data, size_t size,
                  struct fuzz_call out[MAX_CALLS])
{
    size_t count = 0;

    for (; count < MAX_CALLS && size > 0; count++) {
        const uint8_t *end = memchr(data, END_OF_CALL, size);
        size_t length = end != NULL ? (size_t)(end - data) : size;
        read_call(arena, data, length, &out[count]);
        length += end != NULL;
        data += length;
        size -= length;
    }
    return count;
}

void calls_print(const struct fuzz_call *calls, size_t count, struct buf *out)
{
    const char separator = (char)END_OF_CALL;

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(out, &separator, 1);
        buf_printf(out, "%s:%s%s ", service_of(calls[i].op)->name, calls[i].op->name,
                   calls[i].foreign ? FOREIGN : "");
        if (calls[i].label != NULL)
            buf_printf(out, "%s\n", calls[i].label);
        buf_add(out, calls[i].body, calls[i].body_length);
    }
}
