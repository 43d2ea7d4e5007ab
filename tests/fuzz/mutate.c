/*
 * How libFuzzer makes new inputs of the dispatcher's target: calls are added, removed,
 * moved and changed by the tables of the operations, and at times byte by byte.
 */
#include "base/json.h"
#include "calls.h"
#include "values.h"

#include <string.h>

enum { BODY_MAX_BYTES = 16 * 1024 };

/* The names of all functions without `static` are defined by libFuzzer. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size,
                                 const uint8_t *second, size_t second_size, uint8_t *out,
                                 size_t max_out_size, unsigned seed);

struct sequence {
    struct arena *arena;
    struct dice dice;
    struct fuzz_call calls[MAX_CALLS];
    size_t count;
};

static void set_body(struct sequence *s, struct fuzz_call *call, const cJSON *body)
{
    call->body = json_text(s->arena, body);
    call->body_length = strlen(call->body);
}

/* The value of the label in the path, and the query. */
static const char *random_label(struct sequence *s, const struct operation *op)
{
    const char *label = "";
    const char *separator = "?";

    for (const struct member *m = op->in->members; m->name != NULL; m++) {
        if (m->flags & IN_PATH)
            label = arena_printf(s->arena, "%s%s", label,
                                 value_text(&s->dice, s->arena, m->shape, m->name));
    }
    for (const struct member *m = op->in->members; m->name != NULL; m++) {
        size_t values = m->flags & IN_QUERY ? dice_roll(&s->dice, 4) : 0;
        for (; values > 0; values--) {
            label = arena_printf(s->arena, "%s%s%s=%s", label, separator, m->name,
                                 value_text(&s->dice, s->arena, m->shape->item, m->name));
            separator = "&";
        }
    }
    return label;
}

static struct fuzz_call random_call(struct sequence *s)
{
    struct fuzz_call call = {
        .op = operation_at(dice_roll(&s->dice, MAX_OPERATIONS)),
        .foreign = dice_hit(&s->dice, 12),
    };
    cJSON *body AUTO(json_done) = value_random(&s->dice, call.op->in, "");

    if (strchr(call.op->uri, '{') != NULL)
        call.label = random_label(s, call.op);
    set_body(s, &call, body);
    return call;
}

static void insert(struct sequence *s, size_t at, struct fuzz_call call)
{
    if (s->count == MAX_CALLS)
        s->count--;
    if (at > s->count)
        at = s->count;
    memmove(&s->calls[at + 1], &s->calls[at], (s->count - at) * sizeof(call));
    s->calls[at] = call;
    s->count++;
}

static struct fuzz_call take_out(struct sequence *s, size_t at)
{
    struct fuzz_call call = s->calls[at];

    s->count--;
    memmove(&s->calls[at], &s->calls[at + 1], (s->count - at) * sizeof(call));
    return call;
}

static void change_body(struct sequence *s, struct fuzz_call *call)
{
    cJSON *body AUTO(json_done) = cJSON_ParseWithLength(call->body, call->body_length);

    if (!cJSON_IsObject(body)) {
        cJSON_Delete(body);
        body = value_random(&s->dice, call->op->in, "");
    }
    do
        value_change(&s->dice, call->op->in, "", body);
    while (dice_hit(&s->dice, 2));
    set_body(s, call, body);
}

static void change_bytes(struct sequence *s, struct fuzz_call *call)
{
    char *body = arena_alloc(s->arena, BODY_MAX_BYTES);

    if (call->body_length >= BODY_MAX_BYTES)
        return;
    memcpy(body, call->body, call->body_length);
    call->body = body;
    call->body_length =
        LLVMFuzzerMutate((uint8_t *)body, call->body_length, BODY_MAX_BYTES);
}

static void change_one(struct sequence *s)
{
    struct fuzz_call *call = &s->calls[dice_roll(&s->dice, s->count)];

    if (call->label != NULL && dice_hit(&s->dice, 2))
        call->label = random_label(s, call->op);
    else if (dice_hit(&s->dice, 16))
        call->foreign = !call->foreign;
    else if (dice_hit(&s->dice, 12))
        change_bytes(s, call);
    else
        change_body(s, call);
}

static void change(struct sequence *s)
{
    size_t at = dice_roll(&s->dice, s->count + 1);

    switch (s->count > 0 ? dice_roll(&s->dice, 8) : 0) {
    case 0:
    case 1:
        insert(s, at, random_call(s));
        break;
    case 2:
        (void)take_out(s, at % s->count);
        break;
    case 3:
        insert(s, at, s->calls[dice_roll(&s->dice, s->count)]);
        break;
    case 4: {
        struct fuzz_call moved = take_out(s, at % s->count);
        insert(s, dice_roll(&s->dice, s->count + 1), moved);
        break;
    }
    default:
        change_one(s);
        break;
    }
}

/* Returns the size, or 0 if the calls do not fit. */
static size_t print(const struct fuzz_call *calls, size_t count, uint8_t *out,
                    size_t max_size)
{
    struct buf text AUTO(buf_done);

    buf_init(&text, max_size);
    calls_print(calls, count, &text);
    if (text.overflow)
        return 0;
    memcpy(out, text.bytes, text.length);
    return text.length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct sequence s = {.arena = arena, .dice = {.state = seed}};

    if (dice_hit(&s.dice, 16))
        return LLVMFuzzerMutate(data, size, max_size);
    s.count = calls_read(arena, data, size, s.calls);
    do
        change(&s);
    while (dice_hit(&s.dice, 2));
    size_t changed = print(s.calls, s.count, data, max_size);
    return changed > 0 ? changed : size;
}

/* The first calls of one and the last of the other. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size,
                                 const uint8_t *second, size_t second_size, uint8_t *out,
                                 size_t max_out_size, unsigned seed)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct dice dice = {.state = seed};
    struct fuzz_call from[MAX_CALLS], to[MAX_CALLS];
    size_t from_count = calls_read(arena, first, first_size, from);
    size_t to_count = calls_read(arena, second, second_size, to);
    size_t kept = dice_roll(&dice, from_count + 1);
    size_t added = dice_roll(&dice, to_count + 1);

    if (kept + added > MAX_CALLS)
        added = MAX_CALLS - kept;
    memcpy(from + kept, to + to_count - added, added * sizeof(*to));
    return print(from, kept + added, out, max_out_size);
}
