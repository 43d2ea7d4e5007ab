/*
 * The files of a database, as the operating system has them.
 */
#ifndef STORE_FILES_INTERNAL_H
#define STORE_FILES_INTERNAL_H

#include <sqlite3.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/attrs.h"

/* Makes an empty file that only its user can read, whatever the umask is. One that exists
 * keeps its mode. SQLite gives the log beside it the same mode. What fails here shows
 * when the database is opened. */
void files_create(const char *path);

enum { FILES_MAX = 2 };

/* One that must stay where it is: SQLite has it open. */
struct watched_file {
    const char *path; /* of SQLite's, as long as the database is open */
    dev_t device;
    ino_t inode;
};

struct files {
    struct watched_file watched[FILES_MAX];
    size_t count; /* 0: the database is in memory */
};

/* Notes the files of a database that has its log. Returns SQLite's code. */
int files_watch(struct files *files, sqlite3 *db) NODISCARD;

/* The path of a file that was removed, renamed or replaced; NULL: all are in place. */
const char *files_find_lost(const struct files *files) NODISCARD;

#endif
