#include "app/app.h"

#include "api/call.h"
#include "app/callers.h"
#include "app/front.h"
#include "app/seed.h"
#include "base/hash.h"
#include "base/memory.h"
#include "chat/log_writer.h"
#include "chat/review.h"
#include "control/service.h"
#include "data/resource.h"
#include "engine/scheduler.h"
#include "engine/timekeeping.h"
#include "events/delivery.h"
#include "http/server.h"
#include "ivs/service.h"
#include "ivschat/service.h"
#include "objects/objects.h"

#include <stdlib.h>
#include <string.h>

/* Well within the 2 seconds in which a signal must terminate the program. */
enum { STOP_GRACE_MS = 1000 };

const struct service *const app_services[] = {&ivs_service, &ivschat_service,
                                              &control_service, NULL};

struct app {
    struct emulator emu;
    struct front front;
    struct access_keys access_keys;
    struct callers *callers;
    struct scheduler *scheduler;
    struct delivery *delivery;
    struct aws_endpoints endpoints;
    struct objects *objects;
    struct review *review;
    struct log_writer *log_writer;
    struct http_server *server;
    const char *url;
};

static struct settings settings_of(const struct config *config)
{
    return (struct settings){
        .default_scope = {.account = config->account, .region = config->region},
        .quotas = config->quotas == QUOTAS_AWS,
        .throttling = config->throttling == THROTTLING_AWS,
        .aws_urls = config->urls == URLS_AWS,
        .transitions_ms = config->transitions_ms,
    };
}

/* Returns the host under which a client on this machine can connect to the address we
 * listen on, for URLs. */
static const char *reachable_host(const char *listen, struct arena *arena)
{
    if (strcmp(listen, "0.0.0.0") == 0)
        return "127.0.0.1";
    if (strcmp(listen, "::") == 0)
        return "[::1]";
    return strchr(listen, ':') != NULL ? arena_printf(arena, "[%s]", listen) : listen;
}

/* Returns the keys for verifying signatures, or NULL if they are not verified. */
static const struct access_keys *
access_keys_of(struct app *app, const struct config *config, struct arena *arena)
{
    size_t count = (size_t)config->access_keys.count;
    struct access_key *keys = arena_alloc(arena, count * sizeof(*keys));

    if (config->auth == AUTH_OFF)
        return NULL;
    for (size_t i = 0; i < count; i++)
        keys[i] = access_key_read(arena, config->access_keys.values[i]);
    app->access_keys = (struct access_keys){keys, count};
    return &app->access_keys;
}

static int start_server(struct app *app, const struct config *config, struct arena *arena,
                        const char **why)
{
    const struct http_options options = {
        .host = config->host,
        .port = (int)config->port,
        .body_limit = CALL_BODY_MAX_BYTES,
        .handler = front_handle,
        .context = &app->front,
    };
    const char *host = reachable_host(config->host, arena);

    /* Requests may arrive before the server has started completely, so this is set
     * first. */
    app->front = (struct front){
        .emu = &app->emu,
        .access_keys = access_keys_of(app, config, arena),
        .allow_origins = config->allow_origins,
        .default_host = host,
        .callers = app->callers,
    };
    app->server = http_server_start(&options, arena, why);
    if (app->server == NULL) {
        *why = arena_printf(arena, "%s (see --host and --port)", *why);
        return -1;
    }
    app->url = arena_printf(arena, "http://%s:%d", host, http_server_port(app->server));
    return 0;
}

/*
 * A database that already has data must use another sequence than a new one with the same
 * seed: its identifiers must not be repeated.
 */
static uint64_t seed_of(struct store *store, int64_t given)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_READ);
    int64_t rows = 0;

    (void)!registry_rows_ever(txn, &rows); /* a failure is logged, and will occur again */
    return (uint64_t)given ^ hash_number(0, rows);
}

static void start_emulator(struct app *app, const struct config *config)
{
    uint64_t seed = 0;

    if (config->random_seed >= 0 && app->emu.store != NULL)
        seed = seed_of(app->emu.store, config->random_seed);
    emulator_init(&app->emu, clock_new(), config->random_seed >= 0 ? &seed : NULL);
}

static int start_clocks(struct app *app, const char **why)
{
    const struct timekeeping t = {
        .store = app->emu.store, .clock = app->emu.clock, .ids = app->emu.ids};

    if (timekeeping_start(&t) == 0)
        return 0;
    *why = "cannot read the clock offsets from the database";
    return -1;
}

static int start_delivery(struct app *app, const struct config *config, const char **why)
{
    const struct config_list *targets = &config->events_to;

    app->delivery = delivery_start(app->emu.store, app->emu.faults, targets->values,
                                   (size_t)targets->count, why);
    return app->delivery != NULL ? 0 : -1;
}

/* What chat rooms use of other AWS services. Nothing is started or loaded before it is
 * needed. */
static void prepare_chat(struct app *app, const struct config *config,
                         struct arena *arena)
{
    const struct config_list *endpoints = &config->aws_endpoints,
                             *given = &config->functions;
    const char **functions =
        arena_alloc(arena, ((size_t)given->count + 1) * sizeof(*functions));

    for (int64_t i = 0; i < endpoints->count; i++)
        aws_endpoints_set(&app->endpoints, arena, endpoints->values[i]);
    for (int64_t i = 0; i < given->count; i++)
        functions[i] = given->values[i];
    app->objects = objects_new(config->objects, &app->endpoints);
    app->review = review_new(&app->endpoints, functions);
    app->log_writer = log_writer_new(&app->endpoints, app->objects, app->emu.clock);
    if (app->emu.chat == NULL) /* there is no store */
        return;
    chat_use(app->emu.chat, app->review, app->log_writer);
    chat_start(app->emu.chat);
}

static int start_feed(struct app *app, const char **why)
{
    if (event_feed_run(app->emu.feed) == 0)
        return 0;
    *why = "cannot start the thread that reads events for those who watch";
    return -1;
}

static int run_seed(struct app *app, const struct config *config, struct arena *arena,
                    const char **why)
{
    if (config->seed == NULL)
        return 0;
    return seed_run(&app->emu, config->seed, arena, why);
}

struct app *app_start(const struct config *config, struct arena *arena, const char **why)
{
    struct app *app = mem_zalloc(sizeof(*app));

    app->emu = (struct emulator){
        .settings = settings_of(config),
        .store = store_open(config->db, arena, why),
        .services = app_services,
        .registry = &data_registry,
    };
    app->callers = callers_new();
    start_emulator(app, config);
    prepare_chat(app, config, arena);
    /* The seed runs after the targets are known, so that they receive its events. */
    if (app->emu.store == NULL || start_clocks(app, why) != 0 ||
        start_delivery(app, config, why) != 0 || start_feed(app, why) != 0 ||
        run_seed(app, config, arena, why) != 0) {
        app_stop(app);
        return NULL;
    }
    callers_note_region(app->callers, config->region);
    store_shrink(app->emu.store); /* the last process may have been stopped before */
    app->scheduler = scheduler_start(app->emu.store, app->emu.clock, app->emu.ids);
    if (start_server(app, config, arena, why) != 0) {
        app_stop(app);
        return NULL;
    }
    return app;
}

const char *app_url(const struct app *app)
{
    return app->url;
}

void app_stop(struct app *app)
{
    if (app == NULL)
        return;
    arrivals_stop(app->emu.arrivals);
    hub_end(app->emu.hub);
    http_server_drain(app->server, STOP_GRACE_MS);
    if (app->emu.store != NULL) /* what still runs takes too long */
        store_ask_to_stop(app->emu.store);
    http_server_stop(app->server, 0);
    chat_stop(app->emu.chat);
    scheduler_stop(app->scheduler);
    delivery_stop(app->delivery);
    review_free(app->review);
    log_writer_free(app->log_writer); /* after all that adds records */
    objects_free(app->objects);
    emulator_done(&app->emu);
    callers_free(app->callers);
    store_close(app->emu.store);
    free(app);
}
