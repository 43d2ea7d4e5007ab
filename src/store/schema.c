#include "store/schema.h"

#include "base/hash.h"
#include "schema_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* In the order of creation, so that an object follows those that it refers to. */
static const char creation_sql[] =
    "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY rowid";

int schema_digest(sqlite3 *db, uint64_t *out)
{
    sqlite3_stmt *objects = NULL;
    uint64_t digest = HASH_START;
    int code = sqlite3_prepare_v2(db, SCHEMA_OBJECTS_SQL, -1, &objects, NULL);

    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(objects);
        for (int i = 0; code == SQLITE_ROW && i < sqlite3_column_count(objects); i++) {
            const char *text = (const char *)sqlite3_column_text(objects, i);
            digest = hash_text(digest, text != NULL ? text : "");
        }
    }
    sqlite3_finalize(objects);
    *out = digest;
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* The statements that create the schema of a database, from malloc(); NULL: no memory, or
 * SQLite failed. */
static char *print_schema(sqlite3 *db)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    sqlite3_stmt *objects = NULL;
    int code = sqlite3_prepare_v2(db, creation_sql, -1, &objects, NULL);

    while (out != NULL && (code == SQLITE_OK || code == SQLITE_ROW)) {
        code = sqlite3_step(objects);
        if (code == SQLITE_ROW)
            fprintf(out, "%s;\n", (const char *)sqlite3_column_text(objects, 0));
    }
    sqlite3_finalize(objects);
    if (out != NULL && fclose(out) == 0 && code == SQLITE_DONE)
        return text;
    free(text);
    return NULL;
}

int schema_build(const char *const *migrations, size_t count, uint64_t *digests,
                 char **sql)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open(":memory:", &db);

    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        code = sqlite3_exec(db, migrations[i], NULL, NULL, NULL);
        if (code == SQLITE_OK)
            code = schema_digest(db, &digests[i]);
    }
    if (code == SQLITE_OK && (*sql = print_schema(db)) == NULL)
        code = SQLITE_NOMEM;
    sqlite3_close(db);
    return code;
}
