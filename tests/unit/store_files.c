#include "store_files.h"

#include "base/arn.h"
#include "base/memory.h"
#include "data/channel.h"
#include "store/txn.h"
#include "support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka_all.h"

static const struct scope home = {.account = "000000000000", .region = "us-east-1"};

int place_setup(void **state)
{
    struct place *place = mem_zalloc(sizeof(*place));
    const char *parent = getenv("TMPDIR");

    place->arena = arena_new();
    char *directory = arena_printf(place->arena, "%s/ivs-local-XXXXXX",
                                   parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(directory));
    place->directory = directory;
    place->path = arena_printf(place->arena, "%s/ivs.db", directory);
    *state = place;
    return 0;
}

int place_teardown(void **state)
{
    struct place *place = *state;

    folder_remove(place->arena, place->directory);
    arena_free(place->arena);
    free(place);
    return 0;
}

struct store *place_open(struct place *place)
{
    const char *why = NULL;
    struct store *store = store_open(place->path, place->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return store;
}

struct store *place_open_unverified(struct place *place)
{
    const char *why = NULL;
    struct store *store = store_open_at(place->path, store_migrations,
                                        store_migrations_count, place->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return store;
}

char *place_read(struct place *place, size_t *length)
{
    FILE *file = fopen(place->path, "rb");
    struct stat status;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    *length = (size_t)status.st_size;
    char *bytes = arena_alloc(place->arena, *length + 1);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

void place_write(struct place *place, const char *bytes, size_t length)
{
    FILE *file = fopen(place->path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

int place_file_count(struct place *place)
{
    DIR *directory = opendir(place->directory);
    const struct dirent *entry;
    int count = 0;

    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

void store_run(struct store *store, struct arena *arena, const char *sql)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_true(stmt_step(q) != DB_ERROR);
}

void store_add_channel(struct store *store, struct arena *arena, const char *id)
{
    static const char sql[] =
        "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
        " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
        " VALUES (:account, :region, :id, :id, 'LOW', 'STANDARD', '', 'TS', 0, 0, 'x',"
        " '{}')";
    struct txn *txn = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q = txn_query(txn, sql);

    stmt_text(q, ":account", home.account);
    stmt_text(q, ":region", home.region);
    stmt_text(q, ":id", id);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

bool store_has_channel(struct store *store, struct arena *arena, const char *id)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_READ);
    struct channel channel;
    enum db_result found =
        channel_find(txn, home, arn_format(arena, &channel_arn_kind, home, id), &channel);

    assert_true(found != DB_ERROR);
    return found == DB_ROW && strcmp(channel.name, id) == 0;
}
