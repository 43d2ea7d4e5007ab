#include "places_internal.h"

#include "addresses_internal.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Of the places, or of those of one address: clients give way when more than the first
 * share is taken, until no more than the second is. */
enum { PRESSED_NUMERATOR = 7, RELAXED_NUMERATOR = 6, DENOMINATOR = 8 };

/* Sent to a client whose request takes too long. The client has no other response, since
 * libmicrohttpd sends the next one when the request is complete. */
static const char timeout_response[] = "HTTP/1.1 408 Request Timeout\r\n"
                                       "Connection: close\r\n"
                                       "Content-Type: text/plain\r\n"
                                       "Content-Length: 35\r\n\r\n"
                                       "The request did not arrive in time\n";

/* The server ends what is in one of the first two states for too long. */
enum state { WAITING, RECEIVING, RESPONDING, LISTS = RESPONDING };

struct place {
    struct places *places;
    struct place *next, *previous; /* in the list of its state */
    struct address *address;       /* NULL: not counted */
    int fd;
    enum state state; /* RESPONDING: also after the server has ended the connection */
    bool ended;       /* by the server */
    int64_t since_ms; /* since when it is in its state */
};

struct place_list {
    struct place *first, *last; /* the first one is the oldest */
    int64_t limit_ms;
    int64_t pressed_limit_ms;
};

struct places {
    size_t limit;
    size_t address_limit;
    struct worker *worker;

    pthread_mutex_t lock; /* for everything below, and for all places */
    struct place_list lists[LISTS];
    struct addresses *addresses;
    size_t taken;             /* without those that were ended */
    bool pressed;             /* few are left */
    size_t pressed_addresses; /* how many have few left */
    int64_t wakes_ms;         /* when the worker looks again; INT64_MAX: when woken */
};

/* Whether clients must give way, where they had to before. */
static bool is_pressed(size_t taken, size_t limit, bool before)
{
    const size_t share = before ? RELAXED_NUMERATOR : PRESSED_NUMERATOR;

    return taken * DENOMINATOR > limit * share;
}

static void wake_at(struct places *places, int64_t time_ms)
{
    if (time_ms >= places->wakes_ms)
        return;
    places->wakes_ms = time_ms;
    worker_wake(places->worker);
}

/* Compares what is taken with the limits, after a place of the address was taken or is no
 * longer. The worker looks at once when clients have to give way. */
static void update_pressure(struct places *places, struct address *address)
{
    bool pressed = is_pressed(places->taken, places->limit, places->pressed);

    if (pressed && !places->pressed)
        wake_at(places, 0);
    places->pressed = pressed;
    if (address == NULL)
        return;
    pressed = is_pressed(address->connections, places->address_limit, address->pressed);
    if (pressed && !address->pressed) {
        places->pressed_addresses++;
        wake_at(places, 0);
    } else if (!pressed && address->pressed) {
        places->pressed_addresses--;
    }
    address->pressed = pressed;
    address->refused = address->refused && pressed;
}

/* When the place is to be ended, if nothing changes. */
static int64_t end_of(const struct place *place)
{
    const struct places *places = place->places;
    const struct place_list *list = &places->lists[place->state];
    bool gives_way =
        places->pressed || (place->address != NULL && place->address->pressed);

    return place->since_ms + (gives_way ? list->pressed_limit_ms : list->limit_ms);
}

static void add_to_list(struct place *place, enum state state)
{
    struct place_list *list = &place->places->lists[state];

    place->state = state;
    place->since_ms = monotonic_ms();
    place->next = NULL;
    place->previous = list->last;
    if (list->last != NULL)
        list->last->next = place;
    else
        list->first = place;
    list->last = place;
    wake_at(place->places, end_of(place));
}

static void remove_from_list(struct place *place)
{
    if (place->state == RESPONDING)
        return;
    struct place_list *list = &place->places->lists[place->state];
    if (place->previous != NULL)
        place->previous->next = place->next;
    else
        list->first = place->next;
    if (place->next != NULL)
        place->next->previous = place->previous;
    else
        list->last = place->previous;
    place->state = RESPONDING;
}

/* The place no longer counts. */
static void uncount_place(struct place *place)
{
    struct places *places = place->places;
    struct address *address = place->address;

    if (place->ended)
        return;
    place->ended = true;
    place->address = NULL;
    places->taken--;
    if (address != NULL)
        address->connections--;
    update_pressure(places, address);
    if (address != NULL)
        addresses_release(places->addresses, address);
}

/* Ends the connection. libmicrohttpd notices that as if the client had done it. */
static void end_place(struct place *place)
{
    if (place->state == RECEIVING)
        (void)send(place->fd, timeout_response, sizeof(timeout_response) - 1,
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    log_debug("connection ended", "reason=\"%s\"",
              place->state == RECEIVING ? "the request takes too long" : "idle");
    (void)shutdown(place->fd, SHUT_RDWR);
    remove_from_list(place);
    uncount_place(place);
}

static int64_t earlier_of(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

/* Ends the places of a list that are due. Returns when to look again. */
static int64_t end_due(struct places *places, struct place_list *list, int64_t now_ms)
{
    int64_t next_ms = INT64_MAX;

    for (struct place *next, *place = list->first; place != NULL; place = next) {
        next = place->next;
        int64_t end_ms = end_of(place);
        if (end_ms <= now_ms) {
            end_place(place);
            continue;
        }
        next_ms = earlier_of(next_ms, end_ms);
        if (!places->pressed && places->pressed_addresses == 0)
            break; /* the younger ones end later */
        int64_t pressed_end_ms = place->since_ms + list->pressed_limit_ms;
        if (pressed_end_ms > now_ms) /* the younger ones need not give way before */
            return earlier_of(next_ms, pressed_end_ms);
    }
    return next_ms;
}

static void run_places(struct worker *worker, void *context)
{
    struct places *places = context;
    bool goes_on = true;

    while (goes_on) {
        int64_t now_ms = monotonic_ms();
        pthread_mutex_lock(&places->lock);
        int64_t next_ms = INT64_MAX;
        for (size_t i = 0; i < LISTS; i++)
            next_ms = earlier_of(next_ms, end_due(places, &places->lists[i], now_ms));
        places->wakes_ms = next_ms;
        pthread_mutex_unlock(&places->lock);
        goes_on = next_ms == INT64_MAX ? worker_rest(worker)
                                       : worker_rest_for(worker, next_ms - now_ms);
    }
}

struct places *places_new(const struct http_limits *limits)
{
    struct places *places = mem_zalloc(sizeof(*places));

    places->limit = limits->connections;
    places->address_limit = limits->address_connections;
    places->lists[WAITING].limit_ms = limits->idle_ms;
    places->lists[WAITING].pressed_limit_ms = limits->pressed_idle_ms;
    places->lists[RECEIVING].limit_ms = limits->request_ms;
    places->lists[RECEIVING].pressed_limit_ms = limits->pressed_request_ms;
    places->wakes_ms = INT64_MAX;
    places->addresses = addresses_new();
    pthread_mutex_init(&places->lock, NULL);
    places->worker = worker_start(run_places, places);
    if (places->worker == NULL) {
        places_free(places);
        return NULL;
    }
    return places;
}

void places_free(struct places *places)
{
    if (places == NULL)
        return;
    worker_stop(places->worker);
    addresses_free(places->addresses);
    pthread_mutex_destroy(&places->lock);
    free(places);
}

bool places_admit(struct places *places, const struct sockaddr *address)
{
    struct address_key key;
    bool is_news = false;

    if (!address_key_read(address, &key))
        return true;
    pthread_mutex_lock(&places->lock);
    struct address *known = addresses_find(places->addresses, &key);
    bool admits = known == NULL || known->connections < places->address_limit;
    if (!admits) {
        is_news = !known->refused;
        known->refused = true;
    }
    pthread_mutex_unlock(&places->lock);
    if (is_news)
        log_warn("limit reached, refusing more",
                 "what=\"connections of one address\" max=%zu", places->address_limit);
    return admits;
}

struct place *places_enter(struct places *places, int fd, const struct sockaddr *address)
{
    struct place *place = mem_zalloc(sizeof(*place));
    struct address_key key;
    bool counts = address_key_read(address, &key);

    place->places = places;
    place->fd = fd;
    pthread_mutex_lock(&places->lock);
    places->taken++;
    if (counts) {
        place->address = addresses_get(places->addresses, &key);
        place->address->connections++;
    }
    update_pressure(places, place->address);
    add_to_list(place, WAITING);
    pthread_mutex_unlock(&places->lock);
    return place;
}

/* Moves a place to the list of a state, if the state has one. */
static void move_place(struct place *place, enum state state)
{
    pthread_mutex_lock(&place->places->lock);
    remove_from_list(place);
    if (!place->ended && state != RESPONDING)
        add_to_list(place, state);
    pthread_mutex_unlock(&place->places->lock);
}

void place_receives(struct place *place)
{
    move_place(place, RECEIVING);
}

void place_responds(struct place *place)
{
    move_place(place, RESPONDING);
}

void place_waits(struct place *place)
{
    move_place(place, WAITING);
}

void place_leave(struct place *place)
{
    struct places *places = place->places;

    pthread_mutex_lock(&places->lock);
    remove_from_list(place);
    uncount_place(place);
    pthread_mutex_unlock(&places->lock);
    free(place);
}
