#include "scope_rows.h"

#include "../../src/store/store_internal.h"
#include "base/buf.h"
#include "data/resource.h"

#include <sqlite3.h>
#include <string.h>

#include "cmocka_all.h"

enum { TEXT_MAX_BYTES = 16 * 1024 * 1024, SQL_MAX_BYTES = 16 * 1024 };

#define OF_SCOPE " WHERE account = :account AND region = :region"

static void bind_text(sqlite3_stmt *q, const char *name, const char *value)
{
    int index = sqlite3_bind_parameter_index(q, name);

    if (index > 0)
        (void)sqlite3_bind_text(q, index, value, -1, SQLITE_STATIC);
}

static sqlite3_stmt *query_scope(struct emulator *emu, const char *sql,
                                 struct scope scope)
{
    sqlite3_stmt *q = NULL;

    if (sqlite3_prepare_v2(emu->store->db, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(emu->store->db));
    bind_text(q, ":account", scope.account);
    bind_text(q, ":region", scope.region);
    int limit = sqlite3_bind_parameter_index(q, ":limit");
    if (limit > 0)
        (void)sqlite3_bind_int64(q, limit, INT64_MAX);
    return q;
}

static void finish(struct emulator *emu, sqlite3_stmt *q, int code)
{
    if (code != SQLITE_DONE)
        fail_msg("%s: %s", sqlite3_sql(q), sqlite3_errmsg(emu->store->db));
    sqlite3_finalize(q);
}

static void add_rows(struct emulator *emu, const char *table, struct scope scope,
                     struct buf *text)
{
    sqlite3_stmt *q = query_scope(
        emu, emulator_printf(emu, "SELECT * FROM %s" OF_SCOPE " ORDER BY 1, 2, 3", table),
        scope);
    int code;

    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        buf_printf(text, "%s: ", table);
        for (int i = 0; i < sqlite3_column_count(q); i++) {
            const unsigned char *value = sqlite3_column_text(q, i);
            buf_printf(text, "%s|", value != NULL ? (const char *)value : "NULL");
        }
        buf_text(text, "\n");
    }
    finish(emu, q, code);
}

const char *scope_text(struct emulator *emu, struct scope scope)
{
    struct buf text AUTO(buf_done);

    buf_init(&text, TEXT_MAX_BYTES);
    for (size_t i = 0; i < emu->registry->count; i++)
        add_rows(emu, emu->registry->rows[i].table, scope, &text);
    add_rows(emu, "resource_count", scope, &text);
    assert_false(text.overflow);
    return emulator_printf(emu, "%s", text.bytes);
}

int64_t scope_rows(struct emulator *emu, const char *table, const struct scope *scope)
{
    sqlite3_stmt *q = query_scope(emu,
                                  emulator_printf(emu, "SELECT count(*) FROM %s%s", table,
                                                  scope != NULL ? OF_SCOPE : ""),
                                  scope != NULL ? *scope : (struct scope){0});

    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t rows = sqlite3_column_int64(q, 0);
    finish(emu, q, sqlite3_step(q));
    return rows;
}

/* The values that a copy of the table's rows has, as SQL, and the names of its columns.
 */
static void add_columns(struct emulator *emu, const char *table, struct buf *names,
                        struct buf *values)
{
    static const char sql[] =
        "SELECT c.name, EXISTS (SELECT 1 FROM pragma_index_list(:account) i"
        "  WHERE i.\"unique\""
        "   AND c.name IN (SELECT name FROM pragma_index_info(i.name))"
        "   AND 'account' NOT IN (SELECT name FROM pragma_index_info(i.name)))"
        " FROM pragma_table_info(:account) c WHERE c.name <> 'seq'";
    sqlite3_stmt *q = query_scope(emu, sql, (struct scope){.account = table});
    const char *separator = "";
    int code;

    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        buf_printf(names, "%s%s", separator, name);
        if (strcmp(name, "account") == 0 || strcmp(name, "region") == 0)
            buf_printf(values, "%s:new_%s", separator, name);
        else if (sqlite3_column_int(q, 1) != 0)
            buf_printf(values, "%s%s || :new_account || :new_region", separator, name);
        else
            buf_printf(values, "%s%s", separator, name);
        separator = ", ";
    }
    finish(emu, q, code);
}

static void copy_rows(struct emulator *emu, const char *table, struct scope from,
                      struct scope to)
{
    struct buf names AUTO(buf_done);
    struct buf values AUTO(buf_done);

    buf_init(&names, SQL_MAX_BYTES);
    buf_init(&values, SQL_MAX_BYTES);
    add_columns(emu, table, &names, &values);
    sqlite3_stmt *q = query_scope(
        emu,
        emulator_printf(emu,
                        "INSERT OR IGNORE INTO %s (%s) SELECT %s FROM %s" OF_SCOPE
                        " EXCEPT SELECT %s FROM %s"
                        " WHERE account = :new_account AND region = :new_region",
                        table, names.bytes, values.bytes, table, names.bytes, table),
        from);
    bind_text(q, ":new_account", to.account);
    bind_text(q, ":new_region", to.region);
    finish(emu, q, sqlite3_step(q));
}

void scope_copy(struct emulator *emu, struct scope from, struct scope to)
{
    /* Tables that refer to others come first in the registry. A copy of an event has
     * another seq, by which its deliveries would have to refer to it. */
    for (size_t i = emu->registry->count; i-- > 0;) {
        if (strcmp(emu->registry->rows[i].table, "delivery") != 0)
            copy_rows(emu, emu->registry->rows[i].table, from, to);
    }
}

/* The columns of a table, as values of the n-th copy of a row: those that must be unique
 * become other values. */
static void add_copied_columns(struct emulator *emu, const char *table, struct buf *names,
                               struct buf *values)
{
    static const char sql[] =
        "SELECT c.name, c.type = 'TEXT', EXISTS ("
        " SELECT 1 FROM pragma_index_list(:account) i, pragma_index_info(i.name) p"
        " WHERE i.\"unique\" AND p.name = c.name)"
        " FROM pragma_table_info(:account) c WHERE c.name <> 'seq'";
    sqlite3_stmt *q = query_scope(emu, sql, (struct scope){.account = table});
    const char *separator = "";
    int code;

    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        bool is_scope = strcmp(name, "account") == 0 || strcmp(name, "region") == 0;
        buf_printf(names, "%s%s", separator, name);
        if (sqlite3_column_int(q, 2) == 0 || is_scope)
            buf_printf(values, "%s%s", separator, name);
        else if (sqlite3_column_int(q, 1) != 0)
            buf_printf(values, "%sprintf('copy%%08d', n)", separator);
        else
            buf_printf(values, "%s%s + 1000000 + n", separator, name);
        separator = ", ";
    }
    finish(emu, q, code);
}

void scope_multiply(struct emulator *emu, const char *table, struct scope scope,
                    int64_t count)
{
    struct buf names AUTO(buf_done);
    struct buf values AUTO(buf_done);

    assert_int_equal(scope_rows(emu, table, &scope), 1);
    buf_init(&names, SQL_MAX_BYTES);
    buf_init(&values, SQL_MAX_BYTES);
    add_copied_columns(emu, table, &names, &values);
    sqlite3_stmt *q = query_scope(
        emu,
        emulator_printf(emu,
                        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL"
                        " SELECT n + 1 FROM number WHERE n < %lld)"
                        " INSERT INTO %s (%s) SELECT %s FROM %s, number" OF_SCOPE,
                        (long long)count - 1, table, names.bytes, values.bytes, table),
        scope);
    finish(emu, q, sqlite3_step(q));
    assert_int_equal(scope_rows(emu, table, &scope), count);
}

void scope_clear(struct emulator *emu, struct scope scope)
{
    for (size_t i = 0; i < emu->registry->count; i++) {
        sqlite3_stmt *q = query_scope(emu, emu->registry->rows[i].delete_scope, scope);
        finish(emu, q, sqlite3_step(q));
    }
}
