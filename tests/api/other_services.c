#include "other_services.h"

#include "app/app.h"
#include "base/memory.h"
#include "common/headers.h"
#include "common/operations.h"
#include "common/quota.h"
#include "common/shapes.h"
#include "common/tags.h"
#include "control/service.h"
#include "data/resource.h"
#include "ivs/service.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

/* clang-format off */
#define TABLE_OF(name)                                                                   \
    "CREATE TABLE " name " (seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL," \
    " region TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, tags TEXT NOT NULL,"   \
    " UNIQUE (account, region, id)) STRICT;"                                             \
    "CREATE TRIGGER " name "_counted AFTER INSERT ON " name " BEGIN"                     \
    " INSERT INTO resource_count VALUES (new.account, new.region, '" name "', 1)"        \
    " ON CONFLICT DO UPDATE SET count = count + 1; END;"                                 \
    "CREATE TRIGGER " name "_uncounted AFTER DELETE ON " name " BEGIN"                   \
    " UPDATE resource_count SET count = count - 1 WHERE account = old.account"           \
    " AND region = old.region AND resource = '" name "'; END;"
/* clang-format on */

static const char schema[] = TABLE_OF("box") TABLE_OF("crate");

static const struct arn_kind box_arn_kind = {"depot", "box"};
static const struct arn_kind crate_arn_kind = {"ivs", "crate"};

/* What differs between the two kinds when one is created or read. */
struct kind {
    const char *table;
    const struct arn_kind *arn;
    const char *insert;
    const char *find;
};

/* clang-format off */
#define KIND(name)                                                                       \
    {#name, &name##_arn_kind,                                                            \
     "INSERT INTO " #name " (account, region, id, name, tags)"                           \
     " VALUES (:account, :region, :id, :name, :tags)",                                   \
     "SELECT name, tags FROM " #name RESOURCE_OF_ID}
/* clang-format on */

static const struct kind box = KIND(box), crate = KIND(crate);

static const struct shape arn_shape = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape tags_shape = {
    .type = SHAPE_MAP, .max = 50, .key = &shape_string, .item = &shape_string};
static const struct member create_in[] = {
    {"name", &common_name, REQUIRED},
    {"tags", &tags_shape,  0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &arn_shape, REQUIRED},
    MEMBERS_END
};
static const struct member get_out[] = {
    {"name", &common_name, REQUIRED},
    {"tags", &tags_shape,  REQUIRED},
    MEMBERS_END
};

static int create(struct call *call, const struct kind *kind)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    const char *tags = tags_of_input(call);

    if (tags == NULL || quota_check(call, kind->table) != 0)
        return -1;
    struct stmt *q AUTO(stmt_done) = txn_query(call->txn, kind->insert);
    stmt_text(q, ":account", call->scope.account);
    stmt_text(q, ":region", call->scope.region);
    stmt_text(q, ":id", id);
    stmt_text(q, ":name", in_string(call, "name"));
    stmt_text(q, ":tags", tags);
    json_add_text(call->out, "arn", arn_format(call->arena, kind->arn, call->scope, id));
    return call_db(call, stmt_step(q));
}

static int get(struct call *call, const struct kind *kind)
{
    const char *arn = in_string(call, "arn");
    struct stmt *q AUTO(stmt_done) = txn_query(call->txn, kind->find);

    stmt_text(q, ":account", call->scope.account);
    stmt_text(q, ":region", call->scope.region);
    stmt_text(q, ":id", arn_id(kind->arn, call->scope, arn));
    if (call_found(call, stmt_step(q), arn) != 0)
        return -1;
    json_add_text(call->out, "name", stmt_column_text(q, 0));
    json_add_stored(call->out, "tags", stmt_column_text(q, 1));
    return 0;
}

static int depot_create(struct call *call)
{
    return create(call, &box);
}

static int depot_get(struct call *call)
{
    return get(call, &box);
}

static int ivs_depot_create(struct call *call)
{
    return create(call, &crate);
}

static int ivs_depot_get(struct call *call)
{
    return get(call, &crate);
}

static const struct pattern depot_arn_pattern = {
    .text = "arn:aws:depot:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &(const struct arn_kind){"depot", NULL},
};
static const struct shape depot_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &depot_arn_pattern};

/* The macro of the real services declares functions that other files call; these are only
 * called from the tables below. */
static const struct member tags_in[] = {
    {"resourceArn", &arn_shape, REQUIRED | IN_PATH},
    MEMBERS_END
};
static const struct member depot_tags_in[] = {
    {"resourceArn", &depot_arn, REQUIRED | IN_PATH},
    MEMBERS_END
};
static const struct member tags_out[] = {
    {"tags", &tags_shape, REQUIRED},
    MEMBERS_END
};
static const struct member tags_add_in[] = {
    {"resourceArn", &arn_shape,  REQUIRED | IN_PATH},
    {"tags",        &tags_shape, REQUIRED          },
    MEMBERS_END
};
static const struct shape create_in_shape = STRUCT_OF(create_in);
static const struct shape one_arn_shape = STRUCT_OF(one_arn);
static const struct shape get_out_shape = STRUCT_OF(get_out);
static const struct shape tags_in_shape = STRUCT_OF(tags_in);
static const struct shape depot_tags_in_shape = STRUCT_OF(depot_tags_in);
static const struct shape tags_out_shape = STRUCT_OF(tags_out);
static const struct shape tags_add_in_shape = STRUCT_OF(tags_add_in);

/* clang-format off */
static const struct operation depot_operations[] = {
    {"CreateBox", "POST", "/CreateBox", 200, WRITE, ANY_RATE, &create_in_shape,
     &one_arn_shape, depot_create},
    {"GetBox", "POST", "/GetBox", 200, READ, ANY_RATE, &one_arn_shape, &get_out_shape,
     depot_get},
    {"ListTagsForResource", "GET", "/tags/{resourceArn}", 200, READ, ANY_RATE,
     &depot_tags_in_shape, &tags_out_shape, tags_list},
    {"TagResource", "POST", "/tags/{resourceArn}", 200, WRITE, ANY_RATE, &tags_add_in_shape,
     &shape_empty, tags_add},
};

static const struct operation ivs_depot_operations[] = {
    {"CreateCrate", "POST", "/CreateCrate", 200, WRITE, ANY_RATE, &create_in_shape,
     &one_arn_shape, ivs_depot_create},
    {"GetCrate", "POST", "/GetCrate", 200, READ, ANY_RATE, &one_arn_shape, &get_out_shape,
     ivs_depot_get},
    {"ListTagsForResource", "GET", "/tags/{resourceArn}", 200, READ, ANY_RATE,
     &tags_in_shape, &tags_out_shape, tags_list},
    {"TagResource", "POST", "/tags/{resourceArn}", 200, WRITE, ANY_RATE, &tags_add_in_shape,
     &shape_empty, tags_add},
};
/* clang-format on */

/* The errors of this service name their resource. */
static void add_depot_members(const struct call *call, cJSON *body)
{
    const char *arn = call->error_details.arn;
    const char *field = call->error_details.member;

    if (arn != NULL)
        json_add_text(body, "resourceId", strrchr(arn, '/') + 1);
    if (call->error_details.limit != 0)
        cJSON_AddNumberToObject(body, "limit", (double)call->error_details.limit);
    if (field != NULL)
        json_add_text(body, "field", field);
}

static const struct quota depot_quotas[] = {
    {"box", "boxes", OTHER_QUOTA, true},
    QUOTAS_END
};
static const struct quota ivs_depot_quotas[] = {
    {"crate", "crates", OTHER_QUOTA, false},
    QUOTAS_END
};

static const struct service depot_service = {
    .name = "depot",
    .title = "Depot",
    .signing_name = "depot",
    .host_label = "depot",
    .headers = common_headers,
    .add_error_members = add_depot_members,
    .emulated = true,
    .quotas = depot_quotas,
    .operations = depot_operations,
    .count = COUNT_OF(depot_operations),
};

static const struct service ivs_depot_service = {
    .name = "ivs-depot",
    .title = "IVS Depot",
    .signing_name = "ivs",
    .host_label = "ivsdepot",
    .headers = common_headers,
    .error_member = "crateMessage",
    .emulated = true,
    .quotas = ivs_depot_quotas,
    .operations = ivs_depot_operations,
    .count = COUNT_OF(ivs_depot_operations),
};

static const struct service *const services[] = {
    &ivs_service, &depot_service, &ivs_depot_service, &control_service, NULL};

/* clang-format off */
static const struct resource own_rows[] = {
    {RESOURCE_TABLE(box, "seq"), RESOURCE_OF_SERVICE(box, "depot"), RESOURCE_TAGGED(box),
     RESOURCE_COUNTED_AS("box")},
    {RESOURCE_TABLE(crate, "seq"), RESOURCE_OF_SERVICE(crate, "ivs-depot"), RESOURCE_TAGGED(crate),
     RESOURCE_COUNTED_AS("crate")},
};
/* clang-format on */

enum { OWN_ROWS = COUNT_OF(own_rows), MOST = 100 };

int other_services_setup(void **state)
{
    /* After those of the program. */
    static struct resource rows[MOST];
    static struct resource_registry registry;
    static struct migration migrations[MOST];

    assert_true(data_registry.count + OWN_ROWS < MOST && store_migrations_count < MOST);
    memcpy(rows, data_registry.rows, data_registry.count * sizeof(rows[0]));
    memcpy(rows + data_registry.count, own_rows, sizeof(own_rows));
    registry = (struct resource_registry){rows, data_registry.count + OWN_ROWS};
    memcpy(migrations, store_migrations, store_migrations_count * sizeof(migrations[0]));
    migrations[store_migrations_count] = (struct migration){"other.sql", schema};
    *state =
        emulator_open_with(services, &registry, migrations, store_migrations_count + 1);
    return 0;
}
