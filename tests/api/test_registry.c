/*
 * The registry of resources and the schema describe the same tables: an omission in
 * either is found here.
 */
#include "../../src/store/store_internal.h"
#include "app/app.h"
#include "data/resource.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

/* Maintained by the triggers that count, so no operation writes it. */
#define COUNTS "resource_count"

/* The single number that a query with up to two text parameters returns. */
static int64_t number(struct emulator *emu, const char *sql, const char *first,
                      const char *second)
{
    sqlite3_stmt *q = NULL;
    int64_t value = 0;

    assert_int_equal(sqlite3_prepare_v2(emu->store->db, sql, -1, &q, NULL), SQLITE_OK);
    (void)sqlite3_bind_text(q, 1, first, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(q, 2, second, -1, SQLITE_STATIC);
    if (sqlite3_step(q) == SQLITE_ROW)
        value = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return value;
}

static bool has_column(struct emulator *emu, const char *table, const char *column)
{
    return number(emu, "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2",
                  table, column) == 1;
}

static const struct resource *row_of(const char *table)
{
    for (size_t i = 0; i < data_registry.count; i++) {
        if (strcmp(data_registry.rows[i].table, table) == 0)
            return &data_registry.rows[i];
    }
    return NULL;
}

static void every_table_of_a_scope_has_a_row(void **state)
{
    struct emulator *emu = *state;
    sqlite3_stmt *q = NULL;
    size_t tables = 0;

    assert_int_equal(
        sqlite3_prepare_v2(emu->store->db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &q,
                           NULL),
        SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(q, 0);
        /* Neither the counts nor a reset in progress are what a scope stores. */
        if (!has_column(emu, table, "account") || strcmp(table, COUNTS) == 0 ||
            strcmp(table, "unfinished_reset") == 0)
            continue;
        if (row_of(table) == NULL)
            fail_msg("%s has no row in resources.def", table);
        tables++;
    }
    sqlite3_finalize(q);
    assert_int_equal(tables, data_registry.count);
}

static void a_row_says_what_its_table_has(void **state)
{
    struct emulator *emu = *state;

    for (size_t i = 0; i < data_registry.count; i++) {
        const struct resource *row = &data_registry.rows[i];
        assert_true(has_column(emu, row->table, "region"));
        if (row->tagged != has_column(emu, row->table, "tags"))
            fail_msg("%s: TAGGED does not match the column tags", row->table);
        if ((row->arn != NULL) != has_column(emu, row->table, "id"))
            fail_msg("%s: its service does not match the column id", row->table);
    }
}

/* How many triggers on the table that fire at `event` mention the name in quotes. */
static int64_t triggers(struct emulator *emu, const char *table, const char *event,
                        const char *name)
{
    return number(emu,
                  "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"
                  " AND tbl_name = ?1 AND sql LIKE ?2",
                  table, emulator_printf(emu, "%%%s ON %s%%'%s'%%", event, table, name));
}

static void every_counted_table_has_its_triggers(void **state)
{
    struct emulator *emu = *state;

    for (size_t i = 0; i < data_registry.count; i++) {
        const struct resource *row = &data_registry.rows[i];
        const char *name = row->counted_as != NULL ? row->counted_as : "%";
        int64_t wanted = row->counted_as != NULL;
        if (triggers(emu, row->table, "INSERT", name) != wanted ||
            triggers(emu, row->table, "DELETE", name) != wanted)
            fail_msg("%s: COUNTED does not match the triggers", row->table);
    }
}

static void a_table_comes_before_those_it_refers_to(void **state)
{
    struct emulator *emu = *state;

    for (size_t i = 0; i < data_registry.count; i++) {
        for (size_t later = 0; later < i; later++) {
            const char *child = data_registry.rows[i].table;
            const char *parent = data_registry.rows[later].table;
            if (number(emu,
                       "SELECT count(*) FROM pragma_foreign_key_list(?1)"
                       " WHERE \"table\" = ?2",
                       child, parent) > 0)
                fail_msg("%s refers to %s, so Reset must delete it first", child, parent);
        }
    }
}

static void each_kind_of_arn_belongs_to_one_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < data_registry.count; i++) {
        const struct resource *row = &data_registry.rows[i];
        size_t services = 0;
        if (row->arn == NULL)
            continue;
        for (size_t s = 0; app_services[s] != NULL; s++)
            services += strcmp(app_services[s]->name, row->service) == 0;
        assert_int_equal(services, 1);
        for (size_t j = 0; j < i; j++) {
            const struct arn_kind *other = data_registry.rows[j].arn;
            if (other != NULL && strcmp(other->type, row->arn->type) == 0 &&
                strcmp(other->service, row->arn->service) == 0)
                fail_msg("%s and %s have the same kind of ARN", row->table,
                         data_registry.rows[j].table);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(every_table_of_a_scope_has_a_row),
        EMULATOR_TEST(a_row_says_what_its_table_has),
        EMULATOR_TEST(every_counted_table_has_its_triggers),
        EMULATOR_TEST(a_table_comes_before_those_it_refers_to),
        cmocka_unit_test(each_kind_of_arn_belongs_to_one_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
