#include "log_files_internal.h"

#include "aws/client.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "chat/log_writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VERSION "1.0"

/* What the time in the name of a file is a multiple of. */
enum { NAME_STEP_MS = 5 * 60 * 1000 };

/* A file that is not complete yet. */
struct log_file {
    struct log_file *next;
    struct log_entry *first; /* its first record, without the line: whose file it is */
    struct buf lines;
    size_t count; /* of records */
};

struct log_files {
    struct objects *objects;
    struct clock *clock;
    struct log_tally *tally;
    struct aws_client *client;

    struct log_file *oldest; /* in the order of their first records */
    size_t count;
    size_t bytes; /* of all lines */
};

struct log_files *log_files_new(struct objects *objects, struct clock *clock,
                                struct log_tally *tally)
{
    struct log_files *files = mem_zalloc(sizeof(*files));

    files->objects = objects;
    files->clock = clock;
    files->tally = tally;
    files->client = aws_client_new();
    return files;
}

/* Removes a file from its place in the list, without writing it. */
static void drop_file(struct log_files *files, struct log_file **place)
{
    struct log_file *file = *place;

    *place = file->next;
    files->count--;
    files->bytes -= file->lines.length;
    buf_done(&file->lines);
    free(file->first);
    free(file);
}

void log_files_free(struct log_files *files)
{
    if (files == NULL)
        return;
    while (files->oldest != NULL)
        drop_file(files, &files->oldest);
    aws_client_free(files->client);
    free(files);
}

/* The documented form. The time is that of the first record, in steps of five minutes as
 * in the names of other logs of AWS. Fidelity: ivschat-logs-2 */
const char *log_file_key(struct arena *arena, struct scope scope, const char *room_id,
                         int64_t time_ms, uint32_t hash)
{
    time_t seconds =
        (time_t)(timestamp_clamp_ms(time_ms - time_ms % NAME_STEP_MS) / 1000);
    char folder[sizeof("9999/12/31/23")], step[sizeof("99991231T2355Z")];
    struct tm utc;

    gmtime_r(&seconds, &utc);
    strftime(folder, sizeof(folder), "%Y/%m/%d/%H", &utc);
    strftime(step, sizeof(step), "%Y%m%dT%H%MZ", &utc);
    return arena_printf(arena,
                        "AWSLogs/%s/IVSChatLogs/" VERSION "/%s/room_%s/%s/"
                        "%s_IVSChatLogs_" VERSION "_%s_room_%s_%s_%08" PRIx32 ".log.gz",
                        scope.account, scope.region, room_id, folder, scope.account,
                        scope.region, room_id, step, hash);
}

/* Ids repeat with --random-seed; the content of a file does not repeat, because ids of
 * messages are in it. */
static uint32_t content_hash(const struct buf *lines)
{
    unsigned char digest[DIGEST_SHA256_BYTES];
    uint32_t hash = 0;

    digest_sha256(lines->bytes, lines->length, digest);
    for (size_t i = 0; i < sizeof(hash); i++)
        hash = hash << 8 | digest[i];
    return hash;
}

/* Writes a file and removes it from the list. Fidelity: ivschat-logs-1 */
static void write_file(struct log_files *files, struct log_file **place)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct log_file *file = *place;
    const struct log_entry *first = file->first;
    struct object object = {
        .scope = first->scope,
        .bucket = first->destination,
        .key = log_file_key(arena, first->scope, first->room_id, first->time_ms,
                            content_hash(&file->lines)),
        .content_type = "application/x-gzip",
    };
    const char *why;

    object.bytes =
        gzip_compress(arena, file->lines.bytes, file->lines.length, &object.length);
    if (objects_put(files->objects, files->client, &object, arena, &why) == 0)
        log_tally_written(files->tally, file->count);
    else
        log_tally_failed(files->tally, file->count, LOG_FILES_KIND, object.bucket, why);
    drop_file(files, place);
}

/* Returns the place of the file for a record: the end of the list if it has none. */
static struct log_file **find_file(struct log_files *files, const struct log_entry *entry)
{
    struct log_file **place = &files->oldest;

    while (*place != NULL && !log_entry_is_alike((*place)->first, entry))
        place = &(*place)->next;
    return place;
}

static bool has_room(const struct log_file *file, const struct log_entry *entry)
{
    return file->lines.length + entry->line_length + 1 <= LOG_FILE_MAX_BYTES;
}

/* Adds an empty file for the record at the end of the list. */
static struct log_file *add_file(struct log_files *files, struct log_file **end,
                                 const struct log_entry *entry)
{
    struct log_file *file = mem_zalloc(sizeof(*file));
    struct log_entry first = *entry;

    first.line = NULL;
    file->first = log_entry_new(&first);
    buf_init(&file->lines, LOG_FILE_MAX_BYTES);
    *end = file;
    files->count++;
    return file;
}

static void add_line(struct log_files *files, const struct log_entry *entry)
{
    struct log_file **place = find_file(files, entry);

    if (*place != NULL && !has_room(*place, entry)) {
        write_file(files, place);
        place = find_file(files, entry);
    }
    struct log_file *file = *place != NULL ? *place : add_file(files, place, entry);
    buf_add(&file->lines, entry->line, entry->line_length);
    buf_add(&file->lines, "\n", 1);
    file->count++;
    files->bytes += entry->line_length + 1;
    while (files->count > LOG_FILES_MAX || files->bytes > LOG_FILES_MAX_BYTES)
        write_file(files, &files->oldest);
}

static bool is_in_scope(const struct log_file *file, const struct scope *scope)
{
    return scope->account == NULL || scope_equals(file->first->scope, *scope);
}

/* Writes the files of a scope; of all if it has NULLs. */
static void write_scope(struct log_files *files, const struct scope *scope)
{
    for (struct log_file **place = &files->oldest; *place != NULL;) {
        if (is_in_scope(*place, scope))
            write_file(files, place);
        else
            place = &(*place)->next;
    }
}

static void take_entry(void *context, struct log_entry *entry)
{
    struct log_files *files = context;

    if (entry->closes)
        write_scope(files, &entry->scope);
    else
        add_line(files, entry);
    free(entry);
}

/* How long the file is to stay incomplete, in milliseconds; 0: it is complete, also if
 * the clock was reset and shows an earlier time than that of its first record. */
static int64_t time_left_ms(const struct log_files *files, const struct log_file *file)
{
    int64_t age_ms =
        clock_scope_ms(files->clock, file->first->scope) - file->first->time_ms;

    return age_ms < 0 || age_ms >= LOG_FILE_MS ? 0 : LOG_FILE_MS - age_ms;
}

static int64_t write_files(void *context, bool everything)
{
    struct log_files *files = context;
    int64_t wait_ms = -1;

    for (struct log_file **place = &files->oldest; *place != NULL;) {
        int64_t left_ms = everything ? 0 : time_left_ms(files, *place);
        if (left_ms == 0) {
            write_file(files, place);
            continue;
        }
        if (wait_ms < 0 || left_ms < wait_ms)
            wait_ms = left_ms;
        place = &(*place)->next;
    }
    return wait_ms;
}

static void cancel_files(void *context)
{
    struct log_files *files = context;

    aws_client_cancel(files->client);
}

const struct log_lane_work log_files_work = {
    .kind = LOG_FILES_KIND,
    .take = take_entry,
    .write = write_files,
    .cancel = cancel_files,
};
