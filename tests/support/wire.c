#include "wire.h"

#include "app/app.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

enum { MAX_CLIENTS = 1024, MAX_PROGRAMS = 32, MAX_ARGUMENTS = 32 };

struct wire {
    struct arena *arena;
    struct config config;
    struct app *app; /* NULL: no server in this process */
    struct http_client *clients[MAX_CLIENTS];
    size_t client_count;
    struct program *programs[MAX_PROGRAMS];
    size_t program_count;
    char *directory; /* NULL: none yet */
};

int wire_setup_without_server(void **state)
{
    struct wire *wire = mem_zalloc(sizeof(*wire));

    json_init();
    log_set_level(LOG_ERROR);
    wire->arena = arena_new();
    *state = wire;
    return 0;
}

int wire_setup(void **state)
{
    const char *const *further = *state;
    char name[] = "ivs-local", port[] = "--port=0", db[] = "--db=:memory:";
    char *args[MAX_ARGUMENTS] = {name, port, db};
    const char *why = NULL;
    int count = 3;

    (void)wire_setup_without_server(state);
    struct wire *wire = *state;
    for (; further != NULL && *further != NULL; further++)
        args[count++] = arena_strdup(wire->arena, *further);
    if (config_read(&wire->config, count, args, wire->arena, &why) == 0)
        wire->app = app_start(&wire->config, wire->arena, &why);
    if (wire->app == NULL)
        fail_msg("%s", why);
    return 0;
}

int wire_teardown(void **state)
{
    struct wire *wire = *state;

    for (size_t i = 0; i < wire->client_count; i++)
        http_client_close(wire->clients[i]);
    for (size_t i = 0; i < wire->program_count; i++)
        program_free(wire->programs[i]);
    app_stop(wire->app);
    if (wire->directory != NULL)
        folder_remove(wire->arena, wire->directory);
    arena_free(wire->arena);
    free(wire);
    return 0;
}

int wire_port(struct wire *wire)
{
    const char *url = app_url(wire->app);

    return (int)strtol(strrchr(url, ':') + 1, NULL, 10);
}

struct http_client *wire_connect_to(struct wire *wire, int port)
{
    struct http_client *client = http_client_open(port);

    assert_non_null(client);
    assert_true(wire->client_count < MAX_CLIENTS);
    wire->clients[wire->client_count++] = client;
    return client;
}

struct http_client *wire_connect(struct wire *wire)
{
    return wire_connect_to(wire, wire_port(wire));
}

static struct program *keep_program(struct wire *wire, struct program *program)
{
    assert_true(wire->program_count < MAX_PROGRAMS);
    return wire->programs[wire->program_count++] = program;
}

struct program *wire_run_with(struct wire *wire, const char *const *args,
                              const char *const *environment)
{
    return keep_program(wire, program_start(args, environment));
}

struct program *wire_run_at_terminal(struct wire *wire, const char *const *args,
                                     const char *const *environment)
{
    return keep_program(wire, program_start_at_terminal(args, environment));
}

struct program *wire_run(struct wire *wire, const char *const *args)
{
    return wire_run_with(wire, args, NULL);
}

struct program *wire_serve(struct wire *wire, const char *db, const char *option,
                           const char *value)
{
    const char *const args[] = {"serve", "--port", "0", "--db", db, option, value, NULL};

    return wire_run(wire, args);
}

struct program *wire_serve_with_files(struct wire *wire, const char *db, int descriptors)
{
    const char *const args[] = {"serve", "--port", "0", "--db", db, NULL};

    return keep_program(wire, program_start_with_files(args, descriptors));
}

struct program *wire_run_to_end(struct wire *wire, const char *const *args, int status)
{
    struct program *program = wire_run(wire, args);
    int ended = program_end(program);

    if (ended != status)
        fail_msg("%s ended with %d instead of %d: %s", args[0], ended, status,
                 program_text(program, PROGRAM_ERR));
    return program;
}

const char *wire_path(struct wire *wire, const char *name)
{
    const char *base = getenv("TMPDIR");

    if (wire->directory == NULL) {
        wire->directory = arena_printf(wire->arena, "%s/ivs-local-test-XXXXXX",
                                       base != NULL && base[0] != '\0' ? base : "/tmp");
        assert_non_null(mkdtemp(wire->directory));
    }
    return arena_printf(wire->arena, "%s/%s", wire->directory, name);
}

char *wire_printf(struct wire *wire, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(wire->arena, format, args);
    va_end(args);
    return text;
}

const char *wire_read_file(struct wire *wire, const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *bytes = arena_alloc(wire->arena, (size_t)size + 1);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
    fclose(file);
    *length = (size_t)size;
    return bytes;
}

void wire_write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

const char *wire_create_channel(struct wire *wire, struct http_client *client,
                                const char *name)
{
    struct http_answer answer =
        http_post(client, "/CreateChannel", wire_printf(wire, "{\"name\":\"%s\"}", name));

    assert_success(answer.reply, 200);
    return arena_strdup(wire->arena, reply_string(answer.reply, "channel.arn"));
}

int wire_count_channels(struct http_client *client)
{
    struct http_answer answer =
        http_post(client, "/ListChannels", "{\"maxResults\":100}");

    assert_success(answer.reply, 200);
    assert_false(reply_has(answer.reply, "nextToken"));
    return reply_count(answer.reply, "channels");
}

void assert_serves(struct wire *wire, int port)
{
    struct http_client *client = wire_connect_to(wire, port);
    struct http_answer answer = http_call(client, "GET", "/_ivs-local/health", "", NULL);

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "status"), "ok");
}

double metrics_value(struct http_answer answer, const char *series)
{
    const char *at = answer.body;

    for (; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, series, strlen(series)) == 0 && at[strlen(series)] == ' ')
            return strtod(at + strlen(series), NULL);
    }
    fail_msg("no %s in:\n%s", series, answer.body);
    return 0;
}
