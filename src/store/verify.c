#include "verify_internal.h"

#include "base/json_text.h"
#include "schema_internal.h"
#include "sql_internal.h"

#include <string.h>

const char *verify_pages(struct store *store, const char *what, enum verify_pages depth,
                         struct arena *arena)
{
    const char *sql = depth == VERIFY_PAGES_INDEXES ? "PRAGMA integrity_check(1)"
                                                    : "PRAGMA quick_check(1)";
    sqlite3_stmt *check = NULL;
    const char *why = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &check, NULL) != SQLITE_OK ||
        sqlite3_step(check) != SQLITE_ROW)
        why = sql_reason(store->db, what, sqlite3_errcode(store->db), arena);
    else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        why = sql_reason(store->db, what, SQLITE_CORRUPT, arena);
    sqlite3_finalize(check);
    return why;
}

/* Creates a database in memory as the migrations up to `version` do. */
static int open_reference(const struct store *store, int64_t version, sqlite3 **out)
{
    int code = sqlite3_open_v2(
        ":memory:", out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
        NULL);

    for (int64_t i = 0; i < version && code == SQLITE_OK; i++)
        code = sqlite3_exec(*out, store->migrations[i].sql, NULL, NULL, NULL);
    return code;
}

static bool is_same_column(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    const char *first = (const char *)sqlite3_column_text(a, column);
    const char *second = (const char *)sqlite3_column_text(b, column);

    return first != NULL && second != NULL && strcmp(first, second) == 0;
}

/* The name of an object; NULL after the last one. */
static const char *name_of_object(sqlite3_stmt *objects, int code)
{
    return code == SQLITE_ROW ? (const char *)sqlite3_column_text(objects, 0) : NULL;
}

/* Which of two names, not both NULL, comes first in the order of objects. */
static const char *earlier_name(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    return strcmp(a, b) <= 0 ? a : b;
}

/* Compares two schemas object by object. Returns SQLITE_DONE if they are the same,
 * SQLITE_MISMATCH and the name of the first object that differs, or an error. */
static int compare_objects(sqlite3_stmt *ours, sqlite3_stmt *theirs, struct arena *arena,
                           const char **name)
{
    int expected, found;

    do {
        expected = sqlite3_step(ours);
        found = sqlite3_step(theirs);
        if (expected == found && found != SQLITE_ROW)
            return found;
        if (found != SQLITE_ROW && found != SQLITE_DONE)
            return found;
    } while (expected == found && is_same_column(ours, theirs, 0) &&
             is_same_column(ours, theirs, 1) && is_same_column(ours, theirs, 2));
    *name = arena_strdup(arena, earlier_name(name_of_object(ours, expected),
                                             name_of_object(theirs, found)));
    return SQLITE_MISMATCH;
}

static int compare_schemas(sqlite3 *ours, sqlite3 *theirs, struct arena *arena,
                           const char **name)
{
    sqlite3_stmt *expected = NULL, *found = NULL;
    int code = sqlite3_prepare_v2(ours, SCHEMA_OBJECTS_SQL, -1, &expected, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(theirs, SCHEMA_OBJECTS_SQL, -1, &found, NULL);
    if (code == SQLITE_OK)
        code = compare_objects(expected, found, arena, name);
    sqlite3_finalize(expected);
    sqlite3_finalize(found);
    return code;
}

/* Compares the schema with one that the migrations create now: only if the digest
 * differs, because that takes long. It finds the name of what differs; and if SQLite
 * should store the same schema in other words than it did when the program was built,
 * nothing does. */
static const char *find_difference(struct store *store, const char *what, int64_t version,
                                   struct arena *arena)
{
    sqlite3 *reference = NULL;
    const char *name = NULL;
    int code = open_reference(store, version, &reference);

    if (code == SQLITE_OK)
        code = compare_schemas(reference, store->db, arena, &name);
    sqlite3_close(reference);
    if (code == SQLITE_DONE)
        return NULL;
    if (code != SQLITE_MISMATCH)
        return sql_reason(store->db, what, code, arena);
    return arena_printf(arena, "%s was changed by another program: %s", what, name);
}

const char *verify_schema(struct store *store, const char *what, int64_t version,
                          struct arena *arena)
{
    uint64_t digest = 0;
    int code = schema_digest(store->db, &digest);

    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    return digest == store->schema->digests[version - 1]
               ? NULL
               : find_difference(store, what, version, arena);
}

/* Runs the first statement of `sql` and sets *rest to what follows it. Sets *row to the
 * first column of its first row; NULL: it has none. */
static int read_first_row(sqlite3 *db, const char *sql, struct arena *arena,
                          const char **row, const char **rest)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, rest);

    *row = NULL;
    if (code == SQLITE_OK && query != NULL) /* NULL: only white space is left */
        code = sqlite3_step(query);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(query, 0);
        *row = arena_strdup(arena, text != NULL ? text : "a row");
    }
    sqlite3_finalize(query);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static const char *inconsistent(struct arena *arena, const char *what, const char *where)
{
    return arena_printf(arena, "%s is inconsistent: %s", what, where);
}

static const char *verify_references(struct store *store, const char *what,
                                     struct arena *arena)
{
    const char *table, *rest;
    int code =
        read_first_row(store->db, "PRAGMA foreign_key_check", arena, &table, &rest);

    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    return table == NULL
               ? NULL
               : inconsistent(
                     arena, what,
                     arena_printf(arena, "a row of %s refers to a missing row", table));
}

const char *verify_rows(struct store *store, const char *what, struct arena *arena)
{
    const char *why = verify_references(store, what, arena);
    const char *rest = store->schema != NULL ? store->schema->consistency : "";

    while (why == NULL && *rest != '\0') {
        const char *where;
        int code = read_first_row(store->db, rest, arena, &where, &rest);
        if (code != SQLITE_OK)
            why = sql_reason(store->db, what, code, arena);
        else if (where != NULL)
            why = inconsistent(arena, what, where);
    }
    return why;
}

/* json_kind(text), see json_kind(). */
static void run_json_kind(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = (const char *)sqlite3_value_text(values[0]);
    const char *kind =
        text != NULL ? json_kind(text, (size_t)sqlite3_value_bytes(values[0])) : NULL;

    (void)count;
    if (kind != NULL)
        sqlite3_result_text(context, kind, -1, SQLITE_STATIC);
}

int verify_init(sqlite3 *db)
{
    return sqlite3_create_function(db, "json_kind", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                   NULL, run_json_kind, NULL, NULL);
}
