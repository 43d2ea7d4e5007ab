#include "power.h"

#include "base/memory.h"
#include "support/disk_shim.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/cmocka_all.h"

enum {
    SECTOR_BYTES = 512, /* a disk writes a sector completely or not at all */
    FILES_MAX = 4096,
    NAMES_MAX = 64,
    CHANGES_MAX = 8192,
    PATH_BYTES = 2048,
    NO_FILE = -1
};

struct bytes {
    unsigned char *at;
    size_t length, capacity;
};

/* A file as programs see it, and as the disk has it. */
struct file {
    uint64_t inode;
    bool is_folder;
    struct bytes seen, stored;
};

/* Which file has which name: all files, or those that the disk knows. */
struct names {
    const char *names[NAMES_MAX];
    int files[NAMES_MAX]; /* NO_FILE: the name was removed */
    size_t count;
};

/* A change of a folder. */
struct change {
    enum disk_record_kind kind;
    const char *name, *to;
    int file;
    bool stored;
};

/* How the disk behaves, for one cut. */
struct habits {
    double stores; /* the part of the writes that it stores early */
    double tears;  /* the part of these that it stores partly */
    double rest;   /* the part of the other sectors that it stores in the end */
    bool small;    /* instead: writes of at most a sector, sizes, and nothing else */
};

struct drive {
    struct file files[FILES_MAX];
    int file_count;
    struct names seen, stored;
    struct change changes[CHANGES_MAX];
    size_t change_count;
    struct habits habits;
    struct ids *chance;
    const char *log;
    long log_synced; /* the number of the call that last synced the log */
    long certain;
};

static bool happens(struct drive *drive, double probability)
{
    return ids_fraction(drive->chance) < probability;
}

/* Sets the length; what is new is zero. */
static void resize(struct bytes *bytes, size_t length)
{
    if (length > bytes->capacity) {
        bytes->capacity = length * 2;
        bytes->at = mem_realloc(bytes->at, bytes->capacity);
    }
    if (length > bytes->length)
        memset(bytes->at + bytes->length, 0, length - bytes->length);
    bytes->length = length;
}

/* The disk stores a sector as the programs see it now. */
static void store_sector(struct file *file, size_t sector)
{
    size_t from = sector * SECTOR_BYTES;
    size_t end = from + SECTOR_BYTES;

    if (end > file->seen.length)
        end = file->seen.length;
    if (from >= end)
        return;
    if (end > file->stored.length)
        resize(&file->stored, end);
    memcpy(file->stored.at + from, file->seen.at + from, end - from);
}

static void store_sectors(struct file *file, size_t from, size_t end)
{
    for (size_t sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++)
        store_sector(file, sector);
}

static void store_all(struct file *file)
{
    resize(&file->stored, file->seen.length);
    if (file->seen.length > 0)
        memcpy(file->stored.at, file->seen.at, file->seen.length);
}

static int find_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->names[i], name) == 0)
            return names->files[i];
    }
    return NO_FILE;
}

static void set_name(struct names *names, const char *name, int file)
{
    size_t i = 0;

    while (i < names->count && strcmp(names->names[i], name) != 0)
        i++;
    assert_true(i < NAMES_MAX);
    if (i == names->count)
        names->count++;
    names->names[i] = name;
    names->files[i] = file;
}

static void change_names(struct names *names, const struct change *change)
{
    switch (change->kind) {
    case DISK_RECORD_CREATE:
    case DISK_RECORD_MKDIR:
        set_name(names, change->name, change->file);
        break;
    case DISK_RECORD_RENAME:
        set_name(names, change->to, find_name(names, change->name));
        set_name(names, change->name, NO_FILE);
        break;
    case DISK_RECORD_UNLINK:
        set_name(names, change->name, NO_FILE);
        break;
    case DISK_RECORD_WRITE:
    case DISK_RECORD_TRUNCATE:
    case DISK_RECORD_SYNC:
    case DISK_RECORD_SYNC_FOLDER:
        fail_msg("not a change of a name");
        break;
    }
}

/* Whether the name is in the folder itself, not below it. */
static bool is_in_folder(const char *name, const char *folder)
{
    const char *slash = strrchr(name, '/');
    size_t length = strlen(folder);

    return (size_t)(slash - name) == length && strncmp(name, folder, length) == 0;
}

/* The disk stores the first changes of a folder, at most this many, in their order. */
static void store_changes(struct drive *drive, const char *folder, size_t most)
{
    for (size_t i = 0; i < drive->change_count && most > 0; i++) {
        struct change *change = &drive->changes[i];
        if (change->stored || !is_in_folder(change->name, folder))
            continue;
        change_names(&drive->stored, change);
        change->stored = true;
        most--;
    }
}

static size_t count_changes(const struct drive *drive, const char *folder)
{
    size_t count = 0;

    for (size_t i = 0; i < drive->change_count; i++)
        count +=
            !drive->changes[i].stored && is_in_folder(drive->changes[i].name, folder);
    return count;
}

static void add_change(struct drive *drive, const struct change *change)
{
    assert_true(drive->change_count < CHANGES_MAX);
    drive->changes[drive->change_count++] = *change;
    change_names(&drive->seen, change);
}

/* The newest file of that inode. */
static struct file *find_inode(struct drive *drive, uint64_t inode)
{
    for (int i = drive->file_count - 1; i >= 0; i--) {
        if (drive->files[i].inode == inode && !drive->files[i].is_folder)
            return &drive->files[i];
    }
    fail_msg("a file that was not created");
    return NULL;
}

static int add_file(struct drive *drive, uint64_t inode, bool is_folder)
{
    assert_true(drive->file_count < FILES_MAX);
    drive->files[drive->file_count] =
        (struct file){.inode = inode, .is_folder = is_folder};
    return drive->file_count++;
}

/* The disk may store a write early, all of it or some sectors. */
static void store_early(struct drive *drive, struct file *file, size_t from, size_t end)
{
    bool torn, in_order;

    if (drive->habits.small) {
        if (end - from <= SECTOR_BYTES)
            store_sectors(file, from, end);
        return;
    }
    if (!happens(drive, drive->habits.stores))
        return;
    torn = happens(drive, drive->habits.tears);
    in_order = happens(drive, 0.5); /* up to some sector; otherwise: any sectors */
    for (size_t sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
        if (!torn || happens(drive, 0.5))
            store_sector(file, sector);
        else if (in_order)
            return;
    }
}

static void write_bytes(struct drive *drive, const struct disk_record *call,
                        const char *bytes)
{
    struct file *file = find_inode(drive, call->inode);
    size_t from = (size_t)call->at, end = from + call->length;

    if (end > file->seen.length)
        resize(&file->seen, end);
    memcpy(file->seen.at + from, bytes, call->length);
    store_early(drive, file, from, end);
}

static void truncate_file(struct drive *drive, const struct disk_record *call)
{
    struct file *file = find_inode(drive, call->inode);

    resize(&file->seen, (size_t)call->at);
    if (drive->habits.small || happens(drive, drive->habits.stores))
        resize(&file->stored, (size_t)call->at);
}

/* Notes how much of the log is certain to be found after a cut. */
static void note_certain(struct drive *drive)
{
    int log = find_name(&drive->stored, drive->log);

    if (log != NO_FILE && log == find_name(&drive->seen, drive->log) &&
        drive->log_synced > drive->certain)
        drive->certain = drive->log_synced;
}

static void sync_file(struct drive *drive, const struct disk_record *call, long number)
{
    struct file *file = find_inode(drive, call->inode);
    int log = find_name(&drive->seen, drive->log);

    store_all(file);
    if (log != NO_FILE && file == &drive->files[log])
        drive->log_synced = number;
    note_certain(drive);
}

static void make_call(struct drive *drive, const struct disk_record *call,
                      const char *bytes, long number)
{
    enum disk_record_kind kind = (enum disk_record_kind)call->kind;

    switch (kind) {
    case DISK_RECORD_CREATE:
    case DISK_RECORD_MKDIR:
        add_change(drive, &(struct change){.kind = kind,
                                           .name = bytes,
                                           .file = add_file(drive, call->inode,
                                                            kind == DISK_RECORD_MKDIR)});
        break;
    case DISK_RECORD_RENAME:
        add_change(drive, &(struct change){.kind = kind,
                                           .name = bytes,
                                           .to = bytes + strlen(bytes) + 1});
        break;
    case DISK_RECORD_UNLINK:
        add_change(drive, &(struct change){.kind = kind, .name = bytes});
        break;
    case DISK_RECORD_WRITE:
        write_bytes(drive, call, bytes);
        break;
    case DISK_RECORD_TRUNCATE:
        truncate_file(drive, call);
        break;
    case DISK_RECORD_SYNC:
        sync_file(drive, call, number);
        break;
    case DISK_RECORD_SYNC_FOLDER:
        store_changes(drive, bytes, SIZE_MAX);
        note_certain(drive);
        break;
    }
}

/* The head of the call at *at, which is moved behind it; NULL: the record ends. */
static const char *next_call(const char *record, size_t record_bytes, size_t *at,
                             struct disk_record *call)
{
    if (record_bytes - *at < sizeof(*call))
        return NULL;
    memcpy(call, record + *at, sizeof(*call));
    const char *bytes = record + *at + sizeof(*call);
    assert_true(record_bytes - *at - sizeof(*call) >= call->length);
    *at += sizeof(*call) + call->length;
    return bytes;
}

static void make_calls(struct drive *drive, const struct power_cut *cut)
{
    struct disk_record call = {0};
    size_t at = 0;

    for (long number = 1; number <= cut->calls; number++) {
        const char *bytes = next_call(cut->record, cut->record_bytes, &at, &call);
        assert_non_null(bytes);
        make_call(drive, &call, bytes, number);
    }
}

/* What the disk stores of a file before its power ends. */
static void store_rest(struct drive *drive, struct file *file)
{
    size_t sectors = (file->seen.length + SECTOR_BYTES - 1) / SECTOR_BYTES;

    if (happens(drive, 0.5))
        resize(&file->stored, file->seen.length);
    for (size_t sector = 0; sector < sectors; sector++) {
        if (happens(drive, drive->habits.rest))
            store_sector(file, sector);
    }
}

static void store_rest_of_names(struct drive *drive, const char *folder)
{
    size_t count = count_changes(drive, folder);

    store_changes(drive, folder,
                  (size_t)(ids_fraction(drive->chance) * (double)(count + 1)));
}

/* Nothing, everything, or something in between. */
static double choose_part(struct ids *chance)
{
    static const double parts[] = {0, 0.1, 0.5, 0.9, 1};
    const size_t count = COUNT_OF(parts);

    return parts[(size_t)(ids_fraction(chance) * (double)count)];
}

/* The end of a disk that stores only what is small. */
static void store_sizes(struct drive *drive)
{
    for (int i = 0; i < drive->file_count; i++)
        resize(&drive->files[i].stored, drive->files[i].seen.length);
}

static void store_names(struct drive *drive)
{
    for (size_t i = 0; i < drive->change_count; i++) {
        struct change *change = &drive->changes[i];
        if (!change->stored)
            change_names(&drive->stored, change);
        change->stored = true;
    }
}

static void lose_power(struct drive *drive)
{
    for (int i = 0; i < drive->file_count; i++) {
        if (drive->files[i].is_folder)
            continue;
        drive->habits.rest = choose_part(drive->chance);
        store_rest(drive, &drive->files[i]);
    }
    for (size_t i = 0; i < drive->seen.count; i++) {
        int file = drive->seen.files[i];
        if (file != NO_FILE && drive->files[file].is_folder)
            store_rest_of_names(drive, drive->seen.names[i]);
    }
    store_rest_of_names(drive, "");
}

static void write_file(const char *path, const struct bytes *bytes)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    if (bytes->length > 0)
        assert_int_equal(fwrite(bytes->at, 1, bytes->length, out), bytes->length);
    assert_int_equal(fclose(out), 0);
}

/* Writes the files, or makes the folders, that have names. What is in a folder without a
 * name cannot be found. */
static void write_names(const struct drive *drive, const struct names *names,
                        const char *folder, bool folders)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->names[i];
        char path[PATH_BYTES], parent[PATH_BYTES];
        struct stat status;

        if (names->files[i] == NO_FILE)
            continue;
        const struct file *file = &drive->files[names->files[i]];
        snprintf(path, sizeof(path), "%s%s", folder, name);
        snprintf(parent, sizeof(parent), "%s%.*s", folder,
                 (int)(strrchr(name, '/') - name), name);
        if (file->is_folder != folders || stat(parent, &status) != 0)
            continue;
        if (folders)
            assert_int_equal(mkdir(path, 0700), 0);
        else
            write_file(path, names == &drive->seen ? &file->seen : &file->stored);
    }
}

static void drive_free(struct drive *drive)
{
    for (int i = 0; i < drive->file_count; i++) {
        free(drive->files[i].seen.at);
        free(drive->files[i].stored.at);
    }
    free(drive);
}

long power_cut(const struct power_cut *cut, struct ids *chance, const char *folder)
{
    struct drive *drive = mem_zalloc(sizeof(*drive));

    drive->log = cut->log;
    drive->chance = chance;
    drive->habits.stores = choose_part(chance);
    drive->habits.tears = choose_part(chance);
    drive->habits.small =
        cut->loss == POWER_LOST_BUT_SMALL || cut->loss == POWER_LOST_BUT_SMALL_AND_NAMES;
    make_calls(drive, cut);
    switch (cut->loss) {
    case POWER_KEPT:
        break;
    case POWER_LOST:
        lose_power(drive);
        break;
    case POWER_LOST_BUT_SMALL_AND_NAMES:
        store_names(drive);
        store_sizes(drive);
        break;
    case POWER_LOST_BUT_SMALL:
        store_sizes(drive);
        break;
    }
    const struct names *names = cut->loss == POWER_KEPT ? &drive->seen : &drive->stored;
    assert_int_equal(mkdir(folder, 0700), 0);
    write_names(drive, names, folder, true);
    write_names(drive, names, folder, false);
    long certain = cut->loss == POWER_KEPT ? cut->calls : drive->certain;
    drive_free(drive);
    return certain;
}

long *power_find_syncs(const char *record, size_t record_bytes)
{
    long *syncs =
        mem_zalloc((record_bytes / sizeof(struct disk_record) + 1) * sizeof(*syncs));
    struct disk_record call;
    size_t at = 0, count = 0;

    for (long number = 1; next_call(record, record_bytes, &at, &call) != NULL; number++) {
        if (call.kind == DISK_RECORD_SYNC || call.kind == DISK_RECORD_SYNC_FOLDER)
            syncs[count++] = number;
    }
    return syncs;
}
