#include "machine.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "support/folder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/cmocka_all.h"

enum { VIEW_MAX_BYTES = 1024 * 1024, SEED_OTHERWISE = 1 };

static uint64_t read_variable(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text != NULL && text[0] != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

int machine_rounds(int otherwise)
{
    return (int)read_variable(MACHINE_ROUNDS_VARIABLE, (uint64_t)otherwise);
}

int machine_setup(void **state)
{
    struct machine *machine = mem_zalloc(sizeof(*machine));
    const char *base = getenv("TMPDIR");

    json_init();
    log_set_level(LOG_ERROR);
    machine->arena = arena_new();
    machine->seed = read_variable(MACHINE_SEED_VARIABLE, SEED_OTHERWISE);
    machine->directory = arena_printf(machine->arena, "%s/ivs-local-test-XXXXXX",
                                      base != NULL && base[0] != '\0' ? base : "/tmp");
    assert_non_null(mkdtemp(machine->directory));
    print_message(MACHINE_SEED_VARIABLE "=%llu\n", (unsigned long long)machine->seed);
    *state = machine;
    return 0;
}

int machine_teardown(void **state)
{
    struct machine *machine = *state;

    http_client_close(machine->client);
    program_free(machine->program);
    disk_free(machine->disk);
    if (machine->doing != NULL)
        print_message("%s; the files are in %s\n", machine->doing, machine->directory);
    else
        folder_remove(machine->arena, machine->directory);
    arena_free(machine->arena);
    free(machine);
    return 0;
}

void machine_new_disk(struct machine *machine)
{
    const char *directory = arena_printf(machine->arena, "%s/drive", machine->directory);

    disk_free(machine->disk);
    machine->disk = NULL;
    folder_remove(machine->arena, directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    machine->disk = disk_new(machine->arena, directory);
    machine->db = arena_printf(machine->arena, "%s/ivs.db", disk_folder(machine->disk));
}

/* Forgets the last program, which has ended. */
static void drop_program(struct machine *machine)
{
    http_client_close(machine->client);
    machine->client = NULL;
    program_free(machine->program);
    machine->program = NULL;
}

static bool start_program(struct machine *machine, const char *db,
                          const char *const *environment)
{
    const char *const args[] = {"serve", "--port",      "0",    "--db",
                                db,      "--quotas",    "off",  "--transitions",
                                "0",     "--log-level", "warn", NULL};

    drop_program(machine);
    machine->program = program_start(args, environment);
    int port = program_port_or_end(machine->program);
    if (port < 0) {
        machine->status = program_end(machine->program);
        return false;
    }
    machine->client = http_client_open(port);
    return machine->client != NULL;
}

bool machine_start(struct machine *machine)
{
    return start_program(machine, machine->db, disk_environment(machine->disk));
}

bool machine_start_on(struct machine *machine, const char *db)
{
    return start_program(machine, db, NULL);
}

void machine_expect_death(struct machine *machine)
{
    assert_int_equal(program_end(machine->program), -SIGKILL);
}

void machine_kill(struct machine *machine)
{
    program_signal(machine->program, SIGKILL);
    assert_int_equal(program_end(machine->program), -SIGKILL);
}

bool machine_stop(struct machine *machine)
{
    program_signal(machine->program, SIGTERM);
    machine->status = program_end(machine->program);
    return machine->status == 0;
}

const char *machine_log(const struct machine *machine)
{
    return program_text(machine->program, PROGRAM_ERR);
}

int machine_call(struct machine *machine, const char *target, const char *body,
                 struct reply *out)
{
    struct http_answer answer;

    if (!http_send_request(machine->client, "POST", target, "", body, strlen(body)) ||
        http_receive(machine->client, false, &answer) != HTTP_ANSWER)
        return -1;
    *out = answer.reply;
    return answer.reply.status;
}

/* A page of a list; NULL: the program died. */
static const cJSON *read_page(struct machine *machine, const char *target,
                              const char *token)
{
    char body[512];
    struct reply reply;

    if (token == NULL)
        snprintf(body, sizeof(body), "{\"maxResults\":100}");
    else
        snprintf(body, sizeof(body), "{\"maxResults\":100,\"nextToken\":\"%s\"}", token);
    int status = machine_call(machine, target, body, &reply);
    if (status < 0)
        return NULL;
    assert_int_equal(status, 200);
    return reply.body;
}

/* Adds a line for each entry of a list, by `add`. */
static void add_list(struct machine *machine, const char *target, const char *member,
                     void (*add)(const cJSON *entry, struct buf *view), struct buf *view)
{
    const char *token = NULL;

    do {
        const cJSON *entry, *page = read_page(machine, target, token);
        assert_non_null(page);
        cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(page, member))
            add(entry, view);
        token = json_string_or(page, "nextToken", NULL);
    } while (token != NULL);
}

static void add_channel(const cJSON *channel, struct buf *view)
{
    char *tags = json_print(cJSON_GetObjectItemCaseSensitive(channel, "tags"));

    buf_printf(view, "channel %s %s %s %016llx\n", json_string_or(channel, "name", ""),
               json_string_or(channel, "type", ""),
               json_string_or(channel, "latencyMode", ""),
               (unsigned long long)hash_text(HASH_START, tags));
    free(tags);
}

static void add_stream(const cJSON *stream, struct buf *view)
{
    buf_printf(view, "stream %s\n", json_string_or(stream, "state", ""));
}

static void add_event(const cJSON *event, struct buf *view)
{
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(event, "detail");

    buf_printf(view, "event %s %s\n", json_string_or(event, "detail-type", ""),
               json_string_or(detail, "event_name", ""));
}

const char *machine_view(struct machine *machine, struct arena *arena)
{
    struct buf view AUTO(buf_done);

    buf_init(&view, VIEW_MAX_BYTES);
    add_list(machine, "/ListChannels", "channels", add_channel, &view);
    add_list(machine, "/ListStreams", "streams", add_stream, &view);
    add_list(machine, "/_ivs-local/ListEvents", "events", add_event, &view);
    assert_false(view.overflow);
    return arena_strdup(arena, view.bytes);
}

const char *machine_find_channel(struct machine *machine, const char *name)
{
    const cJSON *channel, *page = read_page(machine, "/ListChannels", NULL);

    cJSON_ArrayForEach(channel, cJSON_GetObjectItemCaseSensitive(page, "channels")) {
        if (strcmp(json_string_or(channel, "name", ""), name) == 0)
            return json_string_or(channel, "arn", NULL);
    }
    if (page != NULL)
        fail_msg("there is no channel %s", name);
    return NULL;
}

bool machine_has_snapshot(struct machine *machine, const char *name)
{
    const cJSON *snapshot;
    struct reply reply;

    assert_int_equal(machine_call(machine, "/_ivs-local/ListSnapshots", "{}", &reply),
                     200);
    cJSON_ArrayForEach(snapshot, reply_item(reply, "snapshots")) {
        if (strcmp(json_string_or(snapshot, "name", ""), name) == 0)
            return true;
    }
    return false;
}
