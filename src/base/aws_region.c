#include "base/aws_region.h"

#include "base/attrs.h"
#include "base/nearest.h"

#include <stdlib.h>
#include <string.h>

static const struct region {
    const char *name;
    bool has_ivs;
} regions[] = {
#define REGION(name, has_ivs) {name, has_ivs},
#include "aws_regions.def"
#undef REGION
};

static int compare_names(const void *name, const void *region)
{
    return strcmp(name, ((const struct region *)region)->name);
}

static const struct region *find_region(const char *name)
{
    return bsearch(name, regions, COUNT_OF(regions), sizeof(regions[0]), compare_names);
}

bool aws_region_exists(const char *name)
{
    return find_region(name) != NULL;
}

bool aws_region_has_ivs(const char *name)
{
    const struct region *region = find_region(name);

    return region != NULL && region->has_ivs;
}

const char *aws_region_nearest(const char *name)
{
    const char *names[COUNT_OF(regions)];

    for (size_t i = 0; i < COUNT_OF(regions); i++)
        names[i] = regions[i].name;
    return nearest_name(name, names, COUNT_OF(names));
}
