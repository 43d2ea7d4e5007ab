#include "values.h"

#include "../api/inputs.h"
#include "../support/keys.h"
#include "base/json.h"
#include "calls.h"

#include <string.h>

/* The maximum length of a text for a bound, whatever the bound. */
enum { LONGEST_TEXT = 2100, MOST_ENTRIES = 60, MAX_WORDS = 4 };

#define PICK(dice, list) ((list)[dice_roll((dice), COUNT_OF(list))])

/* Values that rules beyond the shapes require of a member. */
static const struct {
    const char *name;
    const char *words[MAX_WORDS]; /* those after the last are NULL */
} good_words[] = {
    {"publicKeyMaterial", {KEY_A, KEY_B, KEY_C, KEY_D}                                  },
    {"allowedCountries",  {"US", "DE", "FR", "us"}                                      },
    {"allowedOrigins",    {"https://a.example", "https://*.a.example:8443", "*", "null"}},
    {"name",              {"lobby", "stage", "<name 0>", ""}                            },
    {"filterByName",      {"<name 0>", "lobby", "stage", ""}                            },
    {"tagKeys",           {"team", "stage", "aws:a"}                                    },
    {"nextToken",         {"<nextToken 0>", "<nextToken 1>", "<nextToken 5>", ""}       },
    {"streamId",          {"<streamId 0>", "<streamId 1>", "st-1abcdefghijklmnopqrstuv"}},
    {"streamKey",         {"<value 0>", "<value 1>", "<value 2>", "<value 5>"}          },
    {"resourceArn",       {"<arn 0>", "<channel 0>", "<arn 3>", "<arn 7>"}              },
    {"detailType",        {"IVS Stream State Change", "IVS Recording State Change"}     },
    {"operation",         {"*", "GetChannel", "CreateChannel", "StartStream"}           },
    {"error",
     {"ThrottlingException", "ConflictException", "InternalServerException", "None"}    },
    {"faultId",           {"<faultId 0>", "<faultId 1>"}                                },
};

/* To what earlier calls of a seed made. */
static const char *const seed_references[] = {"${a.channel.arn}", "${b.channel.arn}",
                                              "${a.streamKey.arn}", "${a.keyPair.arn}",
                                              "${a.recordingConfiguration.arn}"};

static const char *const odd_words[] = {
    "",      "a",     " ",           "\xc3\xa9\xf0\x9f\x8e\xa5", "a\nb", "<arn 0>",
    "%s%n",  "../..", "\"\\/\x1f",   "arn:aws:ivs:::/",          "0",    "null",
    "-_-_-", "*",     "aws:reserved"};

static const char *const times[] = {
    "2021-04-07T00:00:00Z",      "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
    "2024-02-29T12:00:00+14:00", "2021-04-07",           "2021-02-30T00:00:00Z"};

static const double odd_numbers[] = {
    0, -1, 1, 0.5, 2147483647, 1e15, 1e308, -1e308, 9007199254740993.0, 2147483648};

size_t dice_roll(struct dice *dice, size_t sides)
{
    /* The steps of splitmix64. */
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)((z ^ (z >> 31)) % sides);
}

bool dice_hit(struct dice *dice, size_t sides)
{
    return dice_roll(dice, sides) == 0;
}

static const char *good_word(struct dice *dice, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(good_words); i++) {
        size_t count = 1;
        if (strcmp(good_words[i].name, name) != 0)
            continue;
        while (count < MAX_WORDS && good_words[i].words[count] != NULL)
            count++;
        return good_words[i].words[dice_roll(dice, count)];
    }
    return NULL;
}

static const char *good_text(struct dice *dice, struct arena *arena,
                             const struct shape *shape, const char *name)
{
    const char *word = good_word(dice, name);
    size_t count = 1;

    if (shape->values != NULL) {
        while (shape->values[count] != NULL)
            count++;
        return shape->values[dice_roll(dice, count)];
    }
    if (shape->pattern != NULL && shape->pattern->arn != NULL) {
        if (dice_hit(dice, 16))
            return PICK(dice, seed_references);
        const char *type = shape->pattern->arn->type;
        return arena_printf(arena, "<%s %d>", type != NULL ? type : "arn",
                            (int)dice_roll(dice, 4));
    }
    if (word != NULL)
        return word;
    return shape->pattern != NULL ? shape->pattern->example : PICK(dice, odd_words);
}

/* A text of a length at a bound, or just beyond it. */
static const char *bound_text(struct dice *dice, struct arena *arena,
                              const struct shape *shape)
{
    const int64_t lengths[] = {shape->min - 1, shape->min, shape->max, shape->max + 1};
    int64_t length = PICK(dice, lengths);

    if (length < 0)
        length = 0;
    return input_text(arena, shape, length < LONGEST_TEXT ? length : LONGEST_TEXT);
}

const char *value_text(struct dice *dice, struct arena *arena, const struct shape *shape,
                       const char *name)
{
    switch (dice_roll(dice, 24)) {
    case 0:
        return PICK(dice, odd_words);
    case 1:
        return bound_text(dice, arena, shape);
    default:
        return good_text(dice, arena, shape, name);
    }
}

static cJSON *string_random(struct dice *dice, const struct shape *shape,
                            const char *name)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    return cJSON_CreateString(value_text(dice, arena, shape, name));
}

static cJSON *integer_random(struct dice *dice, const struct shape *shape)
{
    const double bounds[] = {(double)shape->min, (double)shape->max,
                             (double)shape->min - 1, (double)shape->max + 1};

    if (dice_hit(dice, 16))
        return cJSON_CreateNumber(PICK(dice, odd_numbers));
    if (dice_hit(dice, 8))
        return cJSON_CreateNumber(PICK(dice, bounds));
    /* Near the lower bound: page sizes are small, and so are most others. */
    return cJSON_CreateNumber(bounds[0] < 0 ? (double)dice_roll(dice, 100)
                                            : bounds[0] + (double)dice_roll(dice, 3));
}

static int64_t entries_random(struct dice *dice, const struct shape *shape)
{
    int64_t count = (int64_t)dice_roll(dice, 4);

    if (dice_hit(dice, 24))
        count = shape->max + (int64_t)dice_roll(dice, 2);
    if (count < shape->min && !dice_hit(dice, 16))
        count = shape->min;
    return count < MOST_ENTRIES ? count : MOST_ENTRIES;
}

static void add_entry(struct dice *dice, const struct shape *shape, const char *name,
                      cJSON *to)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *entry = value_random(dice, shape->item, name);

    if (shape->type == SHAPE_LIST)
        cJSON_AddItemToArray(to, entry);
    else
        cJSON_AddItemToObject(to,
                              arena_printf(arena, "%s%d",
                                           value_text(dice, arena, shape->key, name),
                                           (int)dice_roll(dice, 60)),
                              entry);
}

/* A call of a seed: its input is one of its operation. */
static bool is_seed_call(const struct shape *shape)
{
    const struct member *input = shape_member(shape, "input");

    return input != NULL && input->shape->type == SHAPE_DOCUMENT &&
           shape_member(shape, "operation") != NULL;
}

static cJSON *seed_call_random(struct dice *dice)
{
    const struct operation *op = operation_at(dice_roll(dice, MAX_OPERATIONS));
    cJSON *call = cJSON_CreateObject();

    cJSON_AddStringToObject(call, "operation", op->name);
    cJSON_AddItemToObject(call, "input", value_random(dice, op->in, ""));
    if (dice_hit(dice, 2))
        cJSON_AddStringToObject(call, "as", dice_hit(dice, 2) ? "a" : "b");
    return call;
}

static cJSON *structure_random(struct dice *dice, const struct shape *shape)
{
    cJSON *value;

    if (is_seed_call(shape) && !dice_hit(dice, 16))
        return seed_call_random(dice);
    value = cJSON_CreateObject();
    for (const struct member *m = shape->members; m->name != NULL; m++) {
        bool wanted = m->flags & REQUIRED ? !dice_hit(dice, 32) : dice_hit(dice, 3);
        if (wanted && (m->flags & (IN_PATH | IN_QUERY)) == 0)
            cJSON_AddItemToObject(value, m->name, value_random(dice, m->shape, m->name));
    }
    return value;
}

static cJSON *any_random(struct dice *dice)
{
    switch (dice_roll(dice, 6)) {
    case 0:
        return cJSON_CreateNull();
    case 1:
        return cJSON_CreateBool(dice_hit(dice, 2));
    case 2:
        return cJSON_CreateNumber(PICK(dice, odd_numbers));
    case 3:
        return cJSON_CreateString(PICK(dice, odd_words));
    case 4:
        return cJSON_CreateArray();
    default:
        return cJSON_CreateObject();
    }
}

cJSON *value_random(struct dice *dice, const struct shape *shape, const char *name)
{
    cJSON *value;

    if (dice_hit(dice, 48))
        return any_random(dice);
    switch (shape->type) {
    case SHAPE_STRING:
        return string_random(dice, shape, name);
    case SHAPE_TIMESTAMP:
        return cJSON_CreateString(PICK(dice, times));
    case SHAPE_BOOLEAN:
        return cJSON_CreateBool(dice_hit(dice, 2));
    case SHAPE_INTEGER:
        return integer_random(dice, shape);
    case SHAPE_NUMBER:
        return cJSON_CreateNumber((double)dice_roll(dice, 12) / 10);
    case SHAPE_LIST:
    case SHAPE_MAP:
        value = shape->type == SHAPE_LIST ? cJSON_CreateArray() : cJSON_CreateObject();
        for (int64_t left = entries_random(dice, shape); left > 0; left--)
            add_entry(dice, shape, name, value);
        return value;
    case SHAPE_STRUCTURE:
        return structure_random(dice, shape);
    case SHAPE_DOCUMENT:
        break;
    }
    value = cJSON_CreateObject();
    cJSON_AddItemToObject(value, PICK(dice, odd_words), any_random(dice));
    return value;
}

static void change_entries(struct dice *dice, const struct shape *shape, const char *name,
                           cJSON *value)
{
    int count = cJSON_GetArraySize(value);
    cJSON *one = cJSON_GetArrayItem(value, (int)dice_roll(dice, (size_t)count + 1));

    if (one != NULL && dice_hit(dice, 2))
        cJSON_Delete(cJSON_DetachItemViaPointer(value, one));
    else if (one != NULL && dice_hit(dice, 2))
        value_change(dice, shape->item, name, one);
    else if (count < MOST_ENTRIES)
        add_entry(dice, shape, name, value);
}

static void change_member(struct dice *dice, const struct shape *shape, cJSON *value)
{
    size_t count = 0;

    while (shape->members[count].name != NULL)
        count++;
    if (count == 0 || dice_hit(dice, 32)) {
        cJSON_AddItemToObject(value, PICK(dice, odd_words), any_random(dice));
        return;
    }
    const struct member *m = &shape->members[dice_roll(dice, count)];
    cJSON *child = cJSON_GetObjectItemCaseSensitive(value, m->name);
    if (child != NULL && dice_hit(dice, 2) && m->shape->type >= SHAPE_LIST) {
        value_change(dice, m->shape, m->name, child);
        return;
    }
    /* Of two members with the same name one is used: sometimes there are two. */
    if (child != NULL && !dice_hit(dice, 32))
        cJSON_Delete(cJSON_DetachItemViaPointer(value, child));
    if (child == NULL || !dice_hit(dice, 4))
        cJSON_AddItemToObject(value, m->name, value_random(dice, m->shape, m->name));
}

void value_change(struct dice *dice, const struct shape *shape, const char *name,
                  cJSON *value)
{
    if (shape->type == SHAPE_STRUCTURE && cJSON_IsObject(value))
        change_member(dice, shape, value);
    else if ((shape->type == SHAPE_LIST && cJSON_IsArray(value)) ||
             (shape->type == SHAPE_MAP && cJSON_IsObject(value)))
        change_entries(dice, shape, name, value);
}
