/*
 * A directory for database files, and shortcuts that write to a store.
 */
#ifndef TESTS_UNIT_STORE_FILES_H
#define TESTS_UNIT_STORE_FILES_H

#include "base/arena.h"
#include "base/attrs.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/* A new directory, which the teardown removes with its contents. */
struct place {
    struct arena *arena;
    const char *directory;
    const char *path; /* of the database, which does not exist at first */
};

/* Setup and teardown of a cmocka test: *state is a struct place *. */
int place_setup(void **state);
int place_teardown(void **state);

/* A row of a table of tests: each gets its own directory. */
#define PLACE_TEST(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

/* Opens the database at the place's path; the test fails if that fails. */
struct store *place_open(struct place *place) NODISCARD;

/* The same without the verification of schema and rows, for tests that do it thousands of
 * times. */
struct store *place_open_unverified(struct place *place) NODISCARD;

/* Reads the bytes of the file, and replaces them. */
char *place_read(struct place *place, size_t *length) NODISCARD;
void place_write(struct place *place, const char *bytes, size_t length);

/* The number of files in the directory: SQLite may have left more than one. */
int place_file_count(struct place *place);

/* Runs one statement, outside of any transaction. Its text must live as long as the
 * store. */
void store_run(struct store *store, struct arena *arena, const char *sql);

/* Adds a channel with this id and name, as in the first schema; whether the channel
 * exists. */
void store_add_channel(struct store *store, struct arena *arena, const char *id);
bool store_has_channel(struct store *store, struct arena *arena, const char *id);

#endif
