#include "api/emulator.h"

/* The offsets that make the generators of one seed differ. */
enum generator { RESOURCES, REQUESTS, CHANCE, MESSAGES };

static struct ids *generator(const uint64_t *seed, enum generator which)
{
    return seed != NULL ? ids_new_seeded(*seed + which) : ids_new();
}

static void forget_scope(void *context, const struct scope *scope)
{
    emulator_forget(context, scope);
}

/* Higher than the ids of an earlier server, unless it published more than a thousand
 * entries in every millisecond. */
static uint64_t first_entry(struct clock *clock)
{
    return (uint64_t)clock_now_ms(clock) * 1000;
}

void emulator_init(struct emulator *emu, struct clock *clock, const uint64_t *seed)
{
    emu->clock = clock;
    emu->ids = generator(seed, RESOURCES);
    emu->request_ids = generator(seed, REQUESTS);
    emu->chance = generator(seed, CHANCE);
    emu->message_ids = generator(seed, MESSAGES);
    emu->faults = faults_new(emu->chance);
    emu->throttle = emu->settings.throttling ? throttle_new() : NULL;
    emu->requests = request_log_new();
    emu->health = health_new();
    emu->metrics = metrics_new(emu->services);
    emu->hub = hub_new(first_entry(clock), HUB_LINGER_MS);
    if (emu->store == NULL)
        return;
    emu->resets = resets_new(emu->store, emu->registry, forget_scope, emu);
    emu->arrivals = arrivals_new(emu->store);
    emu->feed = event_feed_new(emu->store, emu->hub, EVENT_FEED_BEAT_MS);
    emu->chat = chat_new(&(struct chat_parts){
        .store = emu->store,
        .clock = emu->clock,
        .ids = emu->message_ids,
        .faults = emu->faults,
        .throttle = emu->throttle,
        .quotas = emu->settings.quotas,
        .max_connections = CHAT_MAX_CONNECTIONS,
    });
}

void emulator_forget(struct emulator *emu, const struct scope *scope)
{
    request_log_clear(emu->requests, scope);
    clock_forget(emu->clock, scope);
    if (scope == NULL)
        faults_delete_all(emu->faults);
    else
        (void)!faults_delete(emu->faults, *scope, NULL);
    chat_forget(emu->chat, scope);
    hub_publish_gap(emu->hub, scope, "RESET");
}

void emulator_done(struct emulator *emu)
{
    chat_free(emu->chat);
    event_feed_free(emu->feed);
    hub_free(emu->hub);
    arrivals_free(emu->arrivals);
    resets_free(emu->resets);
    metrics_free(emu->metrics);
    health_free(emu->health);
    request_log_free(emu->requests);
    throttle_free(emu->throttle);
    faults_free(emu->faults);
    ids_free(emu->message_ids);
    ids_free(emu->chance);
    ids_free(emu->request_ids);
    ids_free(emu->ids);
    clock_free(emu->clock);
}
