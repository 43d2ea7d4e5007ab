/*
 * The database's files in the file system.
 */
#ifndef STORE_FILES_INTERNAL_H
#define STORE_FILES_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/attrs.h"

/* Creates an empty file that only its user can read, whatever the umask is, and the
 * directories above it. An existing file keeps its mode. SQLite gives the log next to it
 * the same mode. Returns NULL, or why the file cannot be written, which may be a static
 * text. */
const char *files_create(const char *path, struct arena *arena) NODISCARD;

/* Whether each file of the database at `path` is a regular file or does not exist: SQLite
 * would wait for the other end of a FIFO. NULL, or the path of one that is neither. */
const char *files_find_irregular(const char *path, struct arena *arena) NODISCARD;

bool files_is_directory(const char *path);

enum { FILES_MAX = 2 };

/* A file that must stay in its place, because SQLite has it open. */
struct watched_file {
    const char *path; /* owned by SQLite, as long as the database is open */
    dev_t device;
    ino_t inode;
};

struct files {
    struct watched_file watched[FILES_MAX];
    size_t count; /* 0: the database is in memory */
};

/* Records the files of a database that has opened its log. Returns SQLite's code. */
int files_watch(struct files *files, sqlite3 *db) NODISCARD;

/* The path of a file that was removed, renamed or replaced; NULL: all files are in
 * place. */
const char *files_find_lost(const struct files *files) NODISCARD;

/* What is written to a file that was removed or replaced is lost with the process, so it
 * must not be acknowledged. False is logged. */
bool files_are_in_place(const struct files *files) NODISCARD;

#endif
