/*
 * The dispatcher, with calls of every operation. An input is one or more calls with the
 * byte 0xff between them; it stands in no valid text. A call is the operation's name, a
 * space, and the body. Where the path has a {label}, the body follows on a second line,
 * and the first is what the target has in its place, with the query:
 *
 *     TagResource arn%3Aaws%3Aivs...
 *     {"tags":{"team":"blue"}}
 */
#include "fuzz.h"

#include "api/service.h"
#include "base/hash.h"

#include <string.h>

enum { MAX_CALLS = 16, END_OF_CALL = 0xff };

/* The operation of that name, or NULL. */
static const struct operation *find(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->count; i++) {
        if (strcmp(service->operations[i].name, name) == 0)
            return &service->operations[i];
    }
    return NULL;
}

/* Another word stands for an operation as well, so that a change in the name is not the
 * end of an input. */
static const struct operation *choose(const struct emulator *emu, const char *name)
{
    size_t services = 0;
    uint64_t hash = hash_text(HASH_START, name);

    for (; emu->services[services] != NULL; services++) {
        const struct operation *op = find(emu->services[services], name);
        if (op != NULL)
            return op;
    }
    const struct service *service = emu->services[hash % services];
    return &service->operations[hash / services % service->count];
}

/* Takes what stands before the first `end`, or all, from the front of the input. */
static const char *take(struct arena *arena, char end, const uint8_t **data, size_t *size)
{
    const uint8_t *found = *size > 0 ? memchr(*data, end, *size) : NULL;
    size_t length = found != NULL ? (size_t)(found - *data) : *size;
    const char *text = arena_strndup(arena, (const char *)*data, length);

    length += found != NULL;
    *data += length;
    *size -= length;
    return text;
}

static const char *target_of(struct arena *arena, const struct operation *op,
                             const uint8_t **data, size_t *size)
{
    size_t fixed = strcspn(op->uri, "{");

    if (op->uri[fixed] == '\0')
        return op->uri;
    return arena_printf(arena, "%.*s%s", (int)fixed, op->uri,
                        take(arena, '\n', data, size));
}

static void run(struct emulator *emu, const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct call call AUTO(call_done);

    call_init(&call, emu, arena);
    const struct operation *op = choose(emu, take(arena, ' ', &data, &size));
    if (uri_parse(arena, target_of(arena, op, &data, &size), &call.uri) != 0)
        return;
    char *body AUTO(fuzz_text_done) = fuzz_text(data, size);
    call.method = op->method;
    call.host = "localhost:4580";
    call.body = body;
    call.body_length = size;
    fuzz_dispatch(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int i = 0; i < MAX_CALLS && size > 0; i++) {
        const uint8_t *end = memchr(data, END_OF_CALL, size);
        size_t length = end != NULL ? (size_t)(end - data) : size;
        run(fuzz_emulator(), data, length);
        data += end != NULL ? length + 1 : length;
        size -= end != NULL ? length + 1 : length;
    }
    fuzz_emulator_rest();
    return 0;
}
