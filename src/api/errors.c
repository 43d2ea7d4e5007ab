#include "api/errors.h"

#include "base/attrs.h"

#include <string.h>

#define ERROR(constant, name, status, text)                                              \
    const struct error_kind constant = {name, status, text};
#include "api/errors.def"
#undef ERROR

static const struct error_kind *const kinds[] = {
#define ERROR(constant, name, status, text) &(constant),
#include "api/errors.def"
#undef ERROR
};

const char *const error_names[] = {
#define ERROR(constant, name, status, text) name,
#include "api/errors.def"
#undef ERROR
};
const size_t error_name_count = COUNT_OF(error_names);

const struct error_kind *error_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    }
    return NULL;
}
