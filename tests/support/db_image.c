#include "db_image.h"

#include "base/buf.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

enum { TEXT_MAX_BYTES = 64 * 1024 * 1024 };

static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

/* A missing file is not copied. */
static void copy_file(const char *from, const char *to)
{
    char piece[65536];
    size_t got;
    FILE *in = fopen(from, "rb"), *out;

    if (in == NULL)
        return;
    out = fopen(to, "wb");
    assert_non_null(out);
    while ((got = fread(piece, 1, sizeof(piece), in)) > 0)
        assert_int_equal(fwrite(piece, 1, got, out), got);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

void db_copy(struct arena *arena, const char *from, const char *to)
{
    for (size_t i = 0; i < COUNT_OF(companions); i++) {
        const char *target = arena_printf(arena, "%s%s", to, companions[i]);
        (void)unlink(target);
        copy_file(arena_printf(arena, "%s%s", from, companions[i]), target);
    }
}

static void add_value(struct buf *text, const char *value)
{
    buf_printf(text, "%s|", value != NULL ? value : "NULL");
}

/* Appends the result of a query: a line per row, with the columns one after the other. */
static void add_rows(sqlite3 *db, const char *sql, struct buf *text)
{
    sqlite3_stmt *query = NULL;
    int code;

    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while ((code = sqlite3_step(query)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(query); i++)
            add_value(text, (const char *)sqlite3_column_text(query, i));
        buf_text(text, "\n");
    }
    if (code != SQLITE_DONE)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(query);
}

static void assert_whole(sqlite3 *db, const char *path)
{
    struct buf text AUTO(buf_done);

    buf_init(&text, TEXT_MAX_BYTES);
    add_rows(db, "PRAGMA integrity_check", &text);
    add_rows(db, "PRAGMA foreign_key_check", &text);
    if (strcmp(text.bytes, "ok|\n") != 0)
        fail_msg("%s is damaged: %s", path, text.bytes);
}

static void add_tables(struct arena *arena, sqlite3 *db, struct buf *text)
{
    struct buf names AUTO(buf_done);

    buf_init(&names, TEXT_MAX_BYTES);
    add_rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
             &names);
    for (char *name = arena_strdup(arena, names.bytes), *end;
         (end = strstr(name, "|\n")) != NULL; name = end + 2) {
        *end = '\0';
        buf_printf(text, "%s\n", name);
        add_rows(db, arena_printf(arena, "SELECT * FROM \"%s\" ORDER BY 1, 2", name),
                 text);
    }
}

const char *db_text(struct arena *arena, const char *path)
{
    struct buf text AUTO(buf_done);
    sqlite3 *db = NULL;

    buf_init(&text, TEXT_MAX_BYTES);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_whole(db, path);
    add_rows(db, "PRAGMA user_version", &text);
    add_tables(arena, db, &text);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_false(text.overflow);
    return arena_strdup(arena, text.bytes);
}
