#include "room_internal.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

char *chat_copy_text(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(mem_alloc(size), text, size);
}

/* Settings. */

static struct chat_destination
destination_of(const struct logging_configuration *configuration)
{
    bool settles = strcmp(configuration->settled_state, "ACTIVE") == 0;

    return (struct chat_destination){
        .configuration_arn = configuration->arn,
        .kind = configuration->destination_kind,
        .name = configuration->destination_name,
        .active_from_ms = settles ? configuration->settles_at_ms : INT64_MAX,
    };
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

static void destination_done(struct chat_destination *destination)
{
    free_text(destination->configuration_arn);
    free_text(destination->kind);
    free_text(destination->name);
}

static struct chat_destination copy_destination(const struct chat_destination *from)
{
    return (struct chat_destination){
        .configuration_arn = chat_copy_text(from->configuration_arn),
        .kind = chat_copy_text(from->kind),
        .name = chat_copy_text(from->name),
        .active_from_ms = from->active_from_ms,
    };
}

void chat_destination_set(struct chat_destination *destination,
                          const struct logging_configuration *configuration)
{
    const struct chat_destination from = destination_of(configuration);
    struct chat_destination copy = copy_destination(&from);

    destination_done(destination);
    *destination = copy;
}

static void settings_done(struct chat_settings *settings)
{
    for (size_t i = 0; i < settings->destination_count; i++)
        destination_done(&settings->destinations[i]);
    free_text(settings->review_uri);
}

enum db_result chat_settings_read(struct txn *txn, struct scope scope,
                                  const struct room *room, struct chat_settings *out)
{
    *out = (struct chat_settings){
        .maximum_message_rate_per_second = room->maximum_message_rate_per_second,
        .maximum_message_length = room->maximum_message_length,
        .review_uri = room->message_review_handler_uri,
        .denies_by_default = strcmp(room->fallback_result, "DENY") == 0,
    };
    for (size_t i = 0; i < room->logging_configuration_count; i++) {
        struct logging_configuration configuration;
        enum db_result found = logging_configuration_find(
            txn, scope, room->logging_configuration_arns[i], &configuration);
        if (found == DB_ERROR)
            return DB_ERROR;
        if (found == DB_ROW)
            out->destinations[out->destination_count++] = destination_of(&configuration);
    }
    return DB_DONE;
}

void chat_room_set(struct chat_room *room, const struct chat_settings *settings)
{
    struct chat_settings copy = *settings;

    copy.review_uri = chat_copy_text(settings->review_uri);
    for (size_t i = 0; i < settings->destination_count; i++)
        copy.destinations[i] = copy_destination(&settings->destinations[i]);
    settings_done(&room->settings);
    room->settings = copy;
}

/* The table. */

static struct chat_room **bucket_of(struct chat *chat, const char *arn)
{
    return &chat->rooms[hash_text(HASH_START, arn) % ROOM_BUCKETS];
}

struct chat_room *chat_room_find(struct chat *chat, const char *arn)
{
    struct chat_room *room = *bucket_of(chat, arn);

    while (room != NULL && strcmp(room->arn, arn) != 0)
        room = room->next;
    return room;
}

struct chat_room *chat_room_ref(struct chat_room *room)
{
    room->references++;
    return room;
}

static struct chat_room *add_room(struct chat *chat, const char *arn, struct scope scope)
{
    struct chat_room **bucket = bucket_of(chat, arn);
    struct chat_room *room = mem_zalloc(sizeof(*room));

    room->arn = chat_copy_text(arn);
    room->id = strrchr(room->arn, '/') + 1;
    text_copy(room->account, sizeof(room->account), scope.account);
    text_copy(room->region, sizeof(room->region), scope.region);
    room->scope = (struct scope){room->account, room->region};
    room->newest = &room->oldest;
    room->next = *bucket;
    *bucket = room;
    return room;
}

struct chat_room *chat_room_get(struct chat *chat, const char *arn, struct scope scope,
                                const struct chat_settings *settings)
{
    struct chat_room *room = chat_room_find(chat, arn);

    if (room == NULL)
        room = add_room(chat, arn, scope);
    chat_room_set(room, settings);
    return chat_room_ref(room);
}

size_t chat_room_cost(const struct chat_room *room)
{
    size_t cost = sizeof(*room) + strlen(room->arn) + strlen(room->settings.review_uri);

    for (size_t i = 0; i < room->settings.destination_count; i++) {
        const struct chat_destination *d = &room->settings.destinations[i];
        cost += strlen(d->configuration_arn) + strlen(d->kind) + strlen(d->name);
    }
    return cost;
}

void chat_room_remove(struct chat *chat, struct chat_room *room)
{
    struct chat_room **link = bucket_of(chat, room->arn);

    if (room->deleted)
        return;
    while (*link != room)
        link = &(*link)->next;
    *link = room->next;
    room->deleted = true;
}

void chat_room_unref(struct chat *chat, struct chat_room *room)
{
    if (room == NULL || --room->references > 0)
        return;
    chat_room_remove(chat, room);
    settings_done(&room->settings);
    free(room->arn);
    free(room);
}

void chat_room_each(struct chat *chat,
                    void (*each)(struct chat *chat, struct chat_room *room,
                                 void *context),
                    void *context)
{
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        struct chat_room *next;
        for (struct chat_room *room = chat->rooms[i]; room != NULL; room = next) {
            next = room->next;
            each(chat, room, context);
        }
    }
}
