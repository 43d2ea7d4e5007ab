/*
 * A database that another program has changed is refused when it is opened, and when it
 * is a snapshot to be restored.
 */
#include "../../src/store/schema_internal.h"
#include "snapshots.h"

#include <sqlite3.h>
#include <string.h>

#include "support/cmocka_all.h"

/* What another program does to a database with the channel lobby, and the reason that is
 * then given. */
struct change {
    const char *sql;
    const char *why;
};

#define CHANGED "was changed by another program: "
#define INCONSISTENT "is inconsistent: "

static const struct change changes[] = {
  /* The schema. */
    {"DROP TABLE start_seed",                                                     CHANGED "table start_seed"                                },
    {"DROP INDEX channel_by_name",                                                CHANGED "index channel_by_name"                           },
    {"DROP TRIGGER channel_counted",                                              CHANGED "trigger channel_counted"                         },
    {"CREATE TABLE another (x)",                                                  CHANGED "table another"                                   },
    {"CREATE INDEX another ON channel (tags)",                                    CHANGED "index another"                                   },
    {"CREATE VIEW another AS SELECT 1",                                           CHANGED "view another"                                    },
    {"CREATE TRIGGER another AFTER INSERT ON event BEGIN DELETE FROM event; END",
     CHANGED "trigger another"                                                                                                              },
    {"ALTER TABLE channel ADD COLUMN another TEXT",                               CHANGED "table channel"                                   },
    {"ALTER TABLE clock RENAME TO watch",                                         CHANGED "table clock"                                     },
 /* References. */
    {"INSERT INTO stream_key (account, region, id, channel_id, value, tags)"
     " VALUES ('000000000000', 'us-east-1', 'a', 'b', 'c', '{}')",           INCONSISTENT "a row of stream_key refers to a missing row"},
    {"UPDATE channel SET recording_configuration_id = 'missing'",
     INCONSISTENT "a row of channel refers to a missing row"                                                                                },
    {"UPDATE channel SET playback_restriction_policy_id = 'missing'",
     INCONSISTENT "playback_restriction_policy_id of channel lobby"                                                                         },
    {"UPDATE channel SET ad_configuration_id = 'missing'",
     INCONSISTENT "ad_configuration_id of channel lobby"                                                                                    },
    {"UPDATE channel SET failover_slate_configuration_id = 'missing'",
     INCONSISTENT "failover_slate_configuration_id of channel lobby"                                                                        },
 /* JSON. */
    {"UPDATE channel SET tags = 'x'",                                             INCONSISTENT "tags of channel lobby"                      },
    {"UPDATE channel SET tags = ''",                                              INCONSISTENT "tags of channel lobby"                      },
    {"UPDATE channel SET tags = '[]'",                                            INCONSISTENT "tags of channel lobby"                      },
    {"UPDATE channel SET tags = '{\"a\":1}'",                                     INCONSISTENT "tags of channel lobby"                      },
    {"UPDATE channel SET tags = '{\"a\":\"b\"} '",                                NULL                                                      },
    {"UPDATE channel SET multitrack_input_configuration = '{'",
     INCONSISTENT "multitrack_input_configuration of channel lobby"                                                                         },
 /* Times, and counts. */
    {"INSERT INTO clock VALUES ('0', 'r', 9223372036854775807)",
     INCONSISTENT "time of clock of 0 in r"                                                                                                 },
    {"UPDATE resource_count SET count = 2",
     INCONSISTENT "number of channel in account 000000000000, region us-east-1"                                                             },
    {"DELETE FROM resource_count",
     INCONSISTENT "number of channel in account 000000000000, region us-east-1"                                                             },
    {"UPDATE channel SET region = 'elsewhere'",
     INCONSISTENT "number of channel in account 000000000000, region elsewhere"                                                             },
    {"INSERT INTO live_viewers VALUES ('0', 'r', 5)",
     INCONSISTENT "number of viewers in account 0, region r"                                                                                },
    {"INSERT INTO resource_count VALUES ('0', 'r', 'channel', 0)",                NULL                                                      },
 /* Constraints. */
    {"PRAGMA ignore_check_constraints = ON; UPDATE channel SET authorized = 2",
     "is corrupt or not a database"                                                                                                         },
 /* An index that lacks a row of its table. */
    {"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name ="
     " 'channel_by_name'; PRAGMA writable_schema = RESET;"
     "CREATE INDEX channel_by_name ON channel (account, region, name) WHERE name = '';"
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
     " 'CREATE INDEX channel_by_name ON channel (account, region, name)'"
     " WHERE name = 'channel_by_name'",                                      "is corrupt or not a database"                            },
};

/* Runs statements on a database that no store has open. */
static void run_on_file(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void assert_reason(const char *what, const char *why, const struct change *change)
{
    if (why == NULL || change->why == NULL || strncmp(why, what, strlen(what)) != 0 ||
        strcmp(why + strlen(what) + 1, change->why) != 0)
        fail_msg("%s: %s", change->sql, why);
}

static void a_changed_database_is_not_opened(void **state)
{
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        const char *why = NULL;
        size_t before_length, after_length;
        place->path = arena_printf(place->arena, "%s/%zu.db", place->directory, i);
        struct store *store = place_open(place);
        store_add_channel(store, place->arena, "lobby");
        store_close(store);
        run_on_file(place->path, changes[i].sql);
        const char *before = place_read(place, &before_length);

        store = store_open(place->path, place->arena, &why);

        if (changes[i].why != NULL) {
            assert_null(store);
            assert_reason(arena_printf(place->arena, "database %s", place->path), why,
                          &changes[i]);
            const char *after = place_read(place, &after_length);
            assert_int_equal(after_length, before_length);
            assert_memory_equal(after, before, before_length);
        } else if (store == NULL) {
            fail_msg("%s: %s", changes[i].sql, why);
        }
        store_close(store);
    }
}

static void a_changed_snapshot_is_not_restored(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);

    store_add_channel(store, place->arena, "lobby");
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        const char *why = NULL;
        place_must_save(place, store, "changed");
        run_on_file(place_snapshot_path(place, "changed"), changes[i].sql);

        enum snapshot_result result = place_restore(place, store, "changed", &why);

        if (changes[i].why == NULL) {
            assert_int_equal(result, SNAPSHOT_DONE);
            continue;
        }
        assert_int_equal(result, SNAPSHOT_UNUSABLE);
        assert_reason("snapshot changed", why, &changes[i]);
        assert_true(place_has(place, store, "lobby"));
    }
    store_close(store);
}

static void a_large_database_is_verified_too(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    store_run(store, place->arena,
              "INSERT INTO event (account, region, detail_type, envelope)"
              " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              "  LIMIT 20000)"
              " SELECT '0', 'r', 't', '{\"x\":\"' || hex(zeroblob(500)) || '\"}' FROM n");
    store_close(store);
    store_close(place_open(place));
    run_on_file(place->path, "UPDATE channel SET tags = 'x'");

    store = store_open(place->path, place->arena, &why);

    assert_null(store);
    assert_reason(arena_printf(place->arena, "database %s", place->path), why,
                  &(struct change){"", INCONSISTENT "tags of channel lobby"});
}

static uint64_t digest_of(const char *path)
{
    sqlite3 *db = NULL;
    uint64_t digest = 0;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(schema_digest(db, &digest), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return digest;
}

/* A new database does not run the migrations, but has what they create. */
static void a_new_database_is_as_the_migrations_make_it(void **state)
{
    struct place *place = *state;
    const char *migrated = arena_printf(place->arena, "%s/migrated.db", place->directory);
    const char *why = NULL;
    store_close(place_open(place));
    store_close(store_open_at(migrated, store_migrations, store_migrations_count,
                              place->arena, &why));

    assert_null(why);
    assert_true(digest_of(place->path) == digest_of(migrated));
    assert_true(digest_of(migrated) == store_schema.digests[store_migrations_count - 1]);
    place->path = migrated;
    store_close(place_open(place));
}

static void a_database_of_an_older_program_is_verified_before_it_is_upgraded(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    size_t before_length, after_length;
    struct store *old =
        store_open_at(place->path, store_migrations, 2, place->arena, &why);
    store_add_channel(old, place->arena, "lobby");
    store_close(old);
    run_on_file(place->path, "UPDATE channel SET tags = 'x'");
    const char *before = place_read(place, &before_length);

    struct store *store = store_open(place->path, place->arena, &why);

    assert_null(store);
    assert_reason(arena_printf(place->arena, "database %s", place->path), why,
                  &(struct change){"", INCONSISTENT "tags of channel lobby"});
    const char *after = place_read(place, &after_length);
    assert_int_equal(after_length, before_length);
    assert_memory_equal(after, before, before_length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_changed_database_is_not_opened),
        PLACE_TEST(a_changed_snapshot_is_not_restored),
        PLACE_TEST(a_new_database_is_as_the_migrations_make_it),
        PLACE_TEST(a_large_database_is_verified_too),
        PLACE_TEST(a_database_of_an_older_program_is_verified_before_it_is_upgraded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
