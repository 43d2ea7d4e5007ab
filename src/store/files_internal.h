/*
 * The files of a database, as the operating system has them.
 */
#ifndef STORE_FILES_INTERNAL_H
#define STORE_FILES_INTERNAL_H

/* Makes an empty file that only its user can read, whatever the umask is. One that exists
 * keeps its mode. SQLite gives the log beside it the same mode. What fails here shows
 * when the database is opened. */
void files_create(const char *path);

#endif
