#include "chat/log_writer.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "log_batches_internal.h"
#include "log_deliveries_internal.h"
#include "log_files_internal.h"
#include "warned_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FILES, BATCHES, DELIVERIES, LANES };

struct log_writer {
    struct log_tally tally;
    struct warned *warned; /* destinations that nothing can be written to */
    struct log_files *files;
    struct log_batches *batches;
    struct log_deliveries *deliveries;
    struct {
        const char *kind; /* of destinations */
        bool has_endpoint;
        struct log_lane *lane;
    } lanes[LANES];
};

static void add_lane(struct log_writer *writer, int at, const struct log_lane_work *work,
                     void *context, bool has_endpoint)
{
    writer->lanes[at].kind = work->kind;
    writer->lanes[at].has_endpoint = has_endpoint;
    writer->lanes[at].lane = log_lane_new(work, context, &writer->tally);
}

struct log_writer *log_writer_new(const struct aws_endpoints *endpoints,
                                  struct objects *objects, struct clock *clock)
{
    struct log_writer *writer = mem_zalloc(sizeof(*writer));

    writer->warned = warned_new();
    writer->files = log_files_new(objects, clock, &writer->tally);
    writer->batches = log_batches_new(endpoints->logs, &writer->tally);
    writer->deliveries = log_deliveries_new(endpoints->firehose, &writer->tally);
    add_lane(writer, FILES, &log_files_work, writer->files, objects_are_written(objects));
    add_lane(writer, BATCHES, &log_batches_work, writer->batches,
             endpoints->logs != NULL);
    add_lane(writer, DELIVERIES, &log_deliveries_work, writer->deliveries,
             endpoints->firehose != NULL);
    return writer;
}

void log_writer_free(struct log_writer *writer)
{
    const struct timespec until = deadline_after_ms(LOG_STOP_MS);

    if (writer == NULL)
        return;
    for (int i = 0; i < LANES; i++)
        log_lane_ask_to_end(writer->lanes[i].lane);
    for (int i = 0; i < LANES; i++)
        log_lane_end(writer->lanes[i].lane, &until);
    log_files_free(writer->files);
    log_batches_free(writer->batches);
    log_deliveries_free(writer->deliveries);
    warned_free(writer->warned);
    free(writer);
}

/* The line of a record, in the documented form. */
static const char *record_line(struct arena *arena, const struct log_record *record)
{
    cJSON *line AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddStringToObject(line, "event_timestamp",
                            timestamp_ms_text(arena, record->time_ms));
    cJSON_AddStringToObject(line, "type", record->type);
    cJSON_AddStringToObject(line, "version", "1.0");
    json_add_stored(line, "payload", record->payload);
    return json_text(arena, line);
}

/* Logs once for each destination that its records are not written. */
static void warn_of_destination(struct log_writer *writer, struct arena *arena,
                                const struct log_destination *destination)
{
    const char *name = arena_join(arena, destination->kind, " ", destination->name, NULL);
    char quoted[LOG_QUOTED_BYTES];

    if (warned_is_new(writer->warned, name))
        log_warn("chat logs are not written, see --objects and --aws-endpoint",
                 "destination=%s", log_quoted(name, quoted));
}

/* The lane of a destination; NULL: nothing can be written to it. */
static struct log_lane *find_lane(struct log_writer *writer, const char *kind)
{
    for (int i = 0; i < LANES; i++) {
        if (strcmp(writer->lanes[i].kind, kind) == 0)
            return writer->lanes[i].has_endpoint ? writer->lanes[i].lane : NULL;
    }
    return NULL;
}

static void add_to_lane(struct log_lane *lane, const struct log_record *record,
                        const char *destination, const char *line)
{
    const struct log_entry entry = {
        .scope = record->scope,
        .room_id = record->room_id,
        .destination = destination,
        .line = line,
        .line_length = strlen(line),
        .time_ms = record->time_ms,
    };

    log_lane_add(lane, log_entry_new(&entry));
}

void log_writer_add(struct log_writer *writer, const struct log_record *record)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *line = NULL;

    for (size_t i = 0; i < record->destination_count; i++) {
        const struct log_destination *destination = &record->destinations[i];
        struct log_lane *lane = find_lane(writer, destination->kind);

        if (lane == NULL) {
            atomic_fetch_add(&writer->tally.dropped, 1);
            warn_of_destination(writer, arena, destination);
            continue;
        }
        if (line == NULL)
            line = record_line(arena, record);
        if (strlen(line) > LOG_RECORD_MAX_BYTES)
            log_tally_dropped(&writer->tally, 1, destination->kind, "it is too long");
        else
            add_to_lane(lane, record, destination->name, line);
    }
}

void log_writer_close(struct log_writer *writer, const struct scope *scope)
{
    const struct log_entry request = {
        .closes = true,
        .scope = scope != NULL ? *scope : (struct scope){NULL, NULL},
    };

    if (writer->lanes[FILES].has_endpoint)
        log_lane_add(writer->lanes[FILES].lane, log_entry_new(&request));
}

void log_writer_clock_moved(struct log_writer *writer)
{
    log_lane_wake(writer->lanes[FILES].lane);
}

void log_writer_count(struct log_writer *writer, struct log_writer_counts *out)
{
    *out = (struct log_writer_counts){
        .written = atomic_load(&writer->tally.written),
        .dropped = atomic_load(&writer->tally.dropped),
        .failed = atomic_load(&writer->tally.failed),
    };
}
