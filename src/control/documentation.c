#include "control/documentation.h"

#include "base/text.h"

#include <string.h>

/* The structures whose rows are about every request, or every response. */
#define REQUEST_SUFFIX "Request"
#define RESPONSE_SUFFIX "Response"

const char documentation_of_service[] =
    "Operations for tests and people that AWS does not have. An operation with the ARN "
    "or stream key of a resource works in the account and region of the resource; "
    "otherwise "
    "in those that the members `account` and `region` name; otherwise in those of the "
    "caller: of the signature, or the defaults of the server for a call that is not "
    "signed. An access key id of 12 digits is the account; the signature can be for any "
    "service. A member that is `null` counts as absent, and an empty body as `{}`. "
    "Unknown members are refused.";

/* clang-format off */
#define OPERATION(name, example, text, ...)                                              \
    {#name, text, example, NULL, {__VA_ARGS__}, false},
#define PLAIN_OPERATION(name, member, text) {#name, text, "", member, {NULL}, false},
#define STREAM_OPERATION(name, member, text, ...)                                        \
    {#name, text, "", member, {__VA_ARGS__}, true},
#define MEMBER(structure, member, text)
#define MEMBER_OF(structure, member, names, text)
#define MEMBER_OR(structure, member, fallback, text)
#define FALLBACK(structure, member, fallback)
const struct operation_documentation documented_operations[] = {
#include "documentation.def"
};
#undef OPERATION
#undef PLAIN_OPERATION
#undef STREAM_OPERATION
#undef MEMBER
#undef MEMBER_OF
#undef MEMBER_OR
#undef FALLBACK

#define OPERATION(name, example, text, ...)
#define PLAIN_OPERATION(name, member, text)
#define STREAM_OPERATION(name, member, text, ...)
#define MEMBER(structure, member, text) {#structure, member, NULL, NULL, text},
#define MEMBER_OF(structure, member, names, text) {#structure, member, #names, NULL, text},
#define MEMBER_OR(structure, member, fallback, text)                                     \
    {#structure, member, NULL, fallback, text},
#define FALLBACK(structure, member, fallback) {#structure, member, NULL, fallback, NULL},
const struct member_documentation documented_members[] = {
#include "documentation.def"
};
/* clang-format on */

const size_t documented_operation_count = COUNT_OF(documented_operations);
const size_t documented_member_count = COUNT_OF(documented_members);

const struct error_kind *const documented_errors[] = {
    &ERR_SERIALIZATION, &ERR_VALIDATION, &ERR_ORIGIN_REFUSED, &ERR_INTERNAL, NULL};

struct operation_documentation documentation_of_operation(const char *operation)
{
    for (size_t i = 0; i < documented_operation_count; i++) {
        if (strcmp(documented_operations[i].operation, operation) == 0)
            return documented_operations[i];
    }
    return (struct operation_documentation){
        .operation = operation, .text = "", .example = ""};
}

static const struct member_documentation *find_row(const char *structure,
                                                   const char *member)
{
    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        if (strcmp(row->structure, structure) == 0 && strcmp(row->member, member) == 0)
            return row;
    }
    return NULL;
}

/* The row of a member that means the same in every request or response, or NULL. */
static const struct member_documentation *find_common_row(const char *structure,
                                                          const char *member)
{
    if (text_ends_with(structure, REQUEST_SUFFIX))
        return find_row(REQUEST_SUFFIX, member);
    if (text_ends_with(structure, RESPONSE_SUFFIX))
        return find_row(RESPONSE_SUFFIX, member);
    return NULL;
}

struct member_documentation documentation_of_member(const char *structure,
                                                    const char *member)
{
    const struct member_documentation *row = find_row(structure, member);
    const struct member_documentation *common = find_common_row(structure, member);
    struct member_documentation found = {
        .structure = structure, .member = member, .text = ""};

    if (row != NULL || common != NULL)
        found = row != NULL ? *row : *common;
    if (found.text == NULL)
        found.text = common != NULL ? common->text : "";
    return found;
}

static void capitalize(char *letter)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    if (*letter >= 'a' && *letter <= 'z')
        *letter = capitals[*letter - 'a'];
}

const char *documentation_request(struct arena *arena, const struct operation *op)
{
    return arena_join(arena, op->name, REQUEST_SUFFIX, NULL);
}

const char *documentation_response(struct arena *arena, const struct operation *op)
{
    return arena_join(arena, op->name, RESPONSE_SUFFIX, NULL);
}

const char *documentation_value(struct arena *arena, const char *structure,
                                const char *member)
{
    char *name = arena_join(arena, structure, member, NULL);
    char *end = name + strlen(structure);
    bool begins_word = true;

    for (const char *from = member; *from != '\0'; from++) {
        if (text_span(from, TEXT_DIGITS | TEXT_LOWER | TEXT_UPPER, "") == 0) {
            begins_word = true;
            continue;
        }
        *end = *from;
        if (begins_word)
            capitalize(end);
        begins_word = false;
        end++;
    }
    *end = '\0';
    return name;
}

const char *documentation_structure(struct arena *arena, const char *structure,
                                    const char *member)
{
    struct member_documentation found = documentation_of_member(structure, member);

    if (found.names != NULL)
        return found.names;
    return arena_join(arena, documentation_value(arena, structure, member), "Structure",
                      NULL);
}
