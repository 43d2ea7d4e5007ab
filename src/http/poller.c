#include "http/poller.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { BATCH_EVENTS = 128, FIRST_TIMERS = 64 };

struct posted {
    struct posted *next;
    poller_function *function;
    void *context;
};

struct poller {
    atomic_size_t references; /* that of poller_start() is released by poller_stop() */
    struct worker *worker;
    int epoll;
    int wake; /* an eventfd */

    pthread_mutex_t lock;
    struct posted *first_posted, **last_posted; /* under the lock, like the next */
    bool ended;                                 /* nothing can be posted any longer */

    /* All below belongs to the thread. */
    struct poller_socket *sockets;
    struct poller_task *first_task, **last_task;
    struct poller_timer **timers; /* a heap: none is due before the one at place / 2 */
    size_t timer_count, timer_room;
    uint64_t last_timer;                    /* its number, in the order of their start */
    struct epoll_event batch[BATCH_EVENTS]; /* what is ready in the present turn */
    int batch_count, batch_at;
    char scratch[POLLER_SCRATCH_BYTES];
};

/* The poller that runs in this thread, so that a call from the wrong thread stops the
 * program. */
static _Thread_local const struct poller *current;

bool poller_runs_here(const struct poller *poller)
{
    return current == poller;
}

static void must_run_here(const struct poller *poller)
{
    if (!poller_runs_here(poller))
        BUG("a poller is used outside its thread");
}

char *poller_scratch(struct poller *poller)
{
    must_run_here(poller);
    return poller->scratch;
}

/* Posted functions and tasks. */

static void wake_poller(struct poller *poller)
{
    if (eventfd_write(poller->wake, 1) != 0)
        BUG("a poller cannot be woken: error %d", errno);
}

bool poller_post(struct poller *poller, poller_function *function, void *context)
{
    struct posted *posted = mem_alloc(sizeof(*posted));

    *posted = (struct posted){.function = function, .context = context};
    pthread_mutex_lock(&poller->lock);
    bool ended = poller->ended;
    bool first = poller->first_posted == NULL;
    if (!ended) {
        *poller->last_posted = posted;
        poller->last_posted = &posted->next;
    }
    pthread_mutex_unlock(&poller->lock);
    if (ended)
        free(posted);
    else if (first)
        wake_poller(poller);
    return !ended;
}

static struct posted *take_posted(struct poller *poller)
{
    pthread_mutex_lock(&poller->lock);
    struct posted *posted = poller->first_posted;
    poller->first_posted = NULL;
    poller->last_posted = &poller->first_posted;
    pthread_mutex_unlock(&poller->lock);
    return posted;
}

static void run_posted(struct poller *poller)
{
    for (struct posted *posted = take_posted(poller), *next; posted != NULL;
         posted = next) {
        next = posted->next;
        posted->function(posted->context);
        free(posted);
    }
}

void poller_defer(struct poller *poller, struct poller_task *task)
{
    must_run_here(poller);
    if (task->waiting)
        return;
    task->waiting = true;
    task->next = NULL;
    *poller->last_task = task;
    poller->last_task = &task->next;
}

/* Also runs the tasks that these defer. */
static void run_tasks(struct poller *poller)
{
    while (poller->first_task != NULL) {
        struct poller_task *task = poller->first_task;
        poller->first_task = task->next;
        if (task->next == NULL)
            poller->last_task = &poller->first_task;
        task->waiting = false;
        task->function(task->context);
    }
}

/* Sockets. */

static uint32_t epoll_bits(unsigned interest)
{
    return ((interest & POLLER_READ) != 0 ? (uint32_t)EPOLLIN : 0) |
           ((interest & POLLER_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0);
}

static int control_epoll(struct poller_socket *socket, int operation)
{
    struct epoll_event event = {.events = epoll_bits(socket->interest),
                                .data.ptr = socket};

    return epoll_ctl(socket->poller->epoll, operation, socket->fd, &event);
}

int poller_add(struct poller *poller, struct poller_socket *socket, unsigned interest)
{
    must_run_here(poller);
    socket->poller = poller;
    socket->interest = interest;
    if (control_epoll(socket, EPOLL_CTL_ADD) != 0) {
        log_warn("socket not watched", "errno=%d", errno);
        return -1;
    }
    socket->previous = NULL;
    socket->next = poller->sockets;
    if (socket->next != NULL)
        socket->next->previous = socket;
    poller->sockets = socket;
    return 0;
}

void poller_change(struct poller_socket *socket, unsigned interest)
{
    must_run_here(socket->poller);
    if (socket->interest == interest)
        return;
    socket->interest = interest;
    if (control_epoll(socket, EPOLL_CTL_MOD) != 0)
        BUG("a watched socket is not known: error %d", errno);
}

/* Drops the socket's remaining events of the current turn: its memory may be freed. */
static void drop_events(struct poller *poller, const struct poller_socket *socket)
{
    for (int i = poller->batch_at; i < poller->batch_count; i++)
        if (poller->batch[i].data.ptr == socket)
            poller->batch[i].data.ptr = NULL;
}

void poller_remove(struct poller_socket *socket)
{
    struct poller *poller = socket->poller;

    must_run_here(poller);
    if (control_epoll(socket, EPOLL_CTL_DEL) != 0)
        BUG("a watched socket is not known: error %d", errno);
    drop_events(poller, socket);
    if (socket->next != NULL)
        socket->next->previous = socket->previous;
    if (socket->previous != NULL)
        socket->previous->next = socket->next;
    else
        poller->sockets = socket->next;
}

/* Calls back for one event, until a callback removes the socket. */
static void dispatch_event(const struct epoll_event *event)
{
    const uint32_t ended = event->events & (uint32_t)(EPOLLERR | EPOLLHUP);
    const struct poller_socket *socket = event->data.ptr;

    if (socket != NULL && (socket->interest & POLLER_READ) != 0 &&
        (event->events & EPOLLIN || ended))
        socket->callbacks->readable(socket->context);
    socket = event->data.ptr;
    if (socket != NULL && (socket->interest & POLLER_WRITE) != 0 &&
        (event->events & EPOLLOUT))
        socket->callbacks->writable(socket->context);
    socket = event->data.ptr;
    if (socket != NULL && (socket->interest & POLLER_READ) == 0 && ended)
        socket->callbacks->failed(socket->context);
}

static void dispatch_batch(struct poller *poller)
{
    eventfd_t count;

    for (poller->batch_at = 0; poller->batch_at < poller->batch_count;
         poller->batch_at++) {
        const struct epoll_event *event = &poller->batch[poller->batch_at];
        if (event->data.ptr == poller)
            (void)eventfd_read(poller->wake, &count);
        else
            dispatch_event(event);
    }
    poller->batch_count = 0;
}

/* Timers. Places count from 1, so that those below place n are 2n and 2n + 1. */

static bool timer_is_before(const struct poller *poller, size_t a, size_t b)
{
    const struct poller_timer *one = poller->timers[a], *other = poller->timers[b];

    return one->due_ms != other->due_ms ? one->due_ms < other->due_ms
                                        : one->number < other->number;
}

static void place_timer(struct poller *poller, size_t place, struct poller_timer *timer)
{
    poller->timers[place] = timer;
    timer->place = place;
}

static void swap_timers(struct poller *poller, size_t a, size_t b)
{
    struct poller_timer *timer = poller->timers[a];

    place_timer(poller, a, poller->timers[b]);
    place_timer(poller, b, timer);
}

/* Moves the timer at a place to its correct place. */
static void settle_timer(struct poller *poller, size_t place)
{
    for (; place > 1 && timer_is_before(poller, place, place / 2); place /= 2)
        swap_timers(poller, place, place / 2);
    for (size_t below; (below = 2 * place) <= poller->timer_count; place = below) {
        if (below < poller->timer_count && timer_is_before(poller, below + 1, below))
            below++;
        if (!timer_is_before(poller, below, place))
            break;
        swap_timers(poller, place, below);
    }
}

void poller_timer_start(struct poller *poller, struct poller_timer *timer,
                        int64_t delay_ms)
{
    must_run_here(poller);
    timer->due_ms = monotonic_ms() + delay_ms;
    timer->number = ++poller->last_timer;
    if (timer->poller == NULL) {
        if (++poller->timer_count >= poller->timer_room) {
            poller->timer_room =
                poller->timer_room > 0 ? 2 * poller->timer_room : FIRST_TIMERS;
            /* The size of pointers is intended.
             * NOLINTNEXTLINE(bugprone-sizeof-expression) */
            const size_t size = poller->timer_room * sizeof(*poller->timers);
            poller->timers = mem_realloc(poller->timers, size);
        }
        timer->poller = poller;
        place_timer(poller, poller->timer_count, timer);
    }
    settle_timer(poller, timer->place);
}

void poller_timer_stop(struct poller_timer *timer)
{
    struct poller *poller = timer->poller;

    if (poller == NULL)
        return;
    must_run_here(poller);
    size_t place = timer->place;
    struct poller_timer *last = poller->timers[poller->timer_count--];
    timer->poller = NULL;
    if (last != timer) {
        place_timer(poller, place, last);
        settle_timer(poller, place);
    }
}

static void expire_timers(struct poller *poller)
{
    const int64_t now_ms = monotonic_ms();

    while (poller->timer_count > 0 && poller->timers[1]->due_ms <= now_ms) {
        struct poller_timer *timer = poller->timers[1];
        poller_timer_stop(timer);
        timer->expired(timer->context);
    }
}

/* How long to wait for events; -1: without a limit. */
static int wait_timeout_ms(const struct poller *poller)
{
    if (poller->timer_count == 0)
        return -1;
    int64_t rest_ms = poller->timers[1]->due_ms - monotonic_ms();
    if (rest_ms < 0)
        return 0;
    return rest_ms < INT32_MAX ? (int)rest_ms : INT32_MAX;
}

/* The thread. */

static void wait_for_events(struct poller *poller)
{
    int count =
        epoll_wait(poller->epoll, poller->batch, BATCH_EVENTS, wait_timeout_ms(poller));

    if (count < 0 && errno != EINTR)
        BUG("waiting for sockets: error %d", errno);
    poller->batch_count = count > 0 ? count : 0;
}

static void end_posting(struct poller *poller)
{
    pthread_mutex_lock(&poller->lock);
    poller->ended = true;
    pthread_mutex_unlock(&poller->lock);
}

static void stop_sockets(struct poller *poller)
{
    while (poller->sockets != NULL) {
        struct poller_socket *socket = poller->sockets;
        socket->callbacks->stopped(socket->context);
        /* cppcheck-suppress knownConditionTrueFalse ; the callback changes it */
        if (poller->sockets == socket)
            BUG("a socket was not removed from a poller that stops");
    }
}

static void finish_poller(struct poller *poller)
{
    end_posting(poller);
    run_posted(poller);
    do {
        stop_sockets(poller);
        run_tasks(poller);
    } while (poller->sockets != NULL);
}

static void run_poller(struct worker *worker, void *context)
{
    struct poller *poller = context;

    current = poller;
    while (worker_should_continue(worker)) {
        wait_for_events(poller);
        dispatch_batch(poller);
        expire_timers(poller);
        run_posted(poller);
        run_tasks(poller);
    }
    finish_poller(poller);
    current = NULL;
}

struct poller *poller_ref(struct poller *poller)
{
    atomic_fetch_add_explicit(&poller->references, 1, memory_order_relaxed);
    return poller;
}

void poller_unref(struct poller *poller)
{
    if (poller == NULL ||
        atomic_fetch_sub_explicit(&poller->references, 1, memory_order_acq_rel) > 1)
        return;
    if (poller->epoll >= 0)
        close(poller->epoll);
    if (poller->wake >= 0)
        close(poller->wake);
    pthread_mutex_destroy(&poller->lock);
    free(poller->timers);
    free(poller);
}

static int watch_wake(struct poller *poller)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = poller};

    return epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->wake, &event);
}

struct poller *poller_start(void)
{
    struct poller *poller = mem_zalloc(sizeof(*poller));

    atomic_init(&poller->references, 1);
    pthread_mutex_init(&poller->lock, NULL);
    poller->last_posted = &poller->first_posted;
    poller->last_task = &poller->first_task;
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poller->epoll >= 0 && poller->wake >= 0 && watch_wake(poller) == 0)
        poller->worker = worker_start(run_poller, poller);
    if (poller->worker == NULL) {
        poller_unref(poller);
        return NULL;
    }
    return poller;
}

void poller_stop(struct poller *poller)
{
    if (poller == NULL)
        return;
    worker_ask_to_stop(poller->worker);
    wake_poller(poller);
    worker_stop(poller->worker);
    poller_unref(poller);
}
