#include "chat/review.h"

#include "aws/client.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"
#include "review_call_internal.h"
#include "warned_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A review that waits for a thread or takes place. */
struct job {
    struct job *next;
    struct arena *arena; /* of what it refers to, and of its result */
    struct review_request request;
    const char *function;     /* its name */
    const char *function_url; /* that stands for it; NULL: the endpoint is used */
    int64_t deadline_ms;      /* of the machine's monotonic clock */
    review_done *done;
    void *context;
};

/* A thread, and the review that it works on. */
struct slot {
    struct review *review;
    struct worker *worker;
    struct aws_client *client;
    struct job *job; /* under the lock; NULL: it is idle */
};

struct review {
    const struct aws_endpoints *endpoints;
    const char *const *functions;
    struct warned *warned; /* functions that cannot be invoked */

    pthread_mutex_t lock; /* over the rest */
    struct slot slots[REVIEW_THREADS_MAX];
    size_t slot_count;
    struct job *first; /* those that wait, in order */
    struct job **last;
    size_t waiting;
    struct review_counts counts;
};

static const struct review_result review_failed = {.outcome = REVIEW_FAILED};

struct review *review_new(const struct aws_endpoints *endpoints,
                          const char *const *functions)
{
    struct review *review = mem_zalloc(sizeof(*review));

    review->endpoints = endpoints;
    review->functions = functions;
    review->warned = warned_new();
    pthread_mutex_init(&review->lock, NULL);
    review->last = &review->first;
    return review;
}

/* A thread works until no review is left, and cancelled ones fail at once: so no thread
 * ends while a review waits. */
void review_free(struct review *review)
{
    if (review == NULL)
        return;
    for (size_t i = 0; i < review->slot_count; i++) {
        aws_client_cancel(review->slots[i].client);
        worker_ask_to_stop(review->slots[i].worker);
    }
    for (size_t i = 0; i < review->slot_count; i++) {
        worker_stop(review->slots[i].worker);
        aws_client_free(review->slots[i].client);
    }
    pthread_mutex_destroy(&review->lock);
    warned_free(review->warned);
    free(review);
}

static void count_one(struct review *review, int64_t *count)
{
    pthread_mutex_lock(&review->lock);
    ++*count;
    pthread_mutex_unlock(&review->lock);
}

void review_count(struct review *review, struct review_counts *out)
{
    pthread_mutex_lock(&review->lock);
    *out = review->counts;
    pthread_mutex_unlock(&review->lock);
}

static void log_failure(const char *what, const struct job *job, const char *why)
{
    char name[LOG_QUOTED_BYTES], reason[LOG_QUOTED_BYTES];

    log_warn(what, "function=%s reason=%s", log_quoted(job->function, name),
             log_quoted(why, reason));
}

static void note_error(struct review *review, const struct job *job, const char *why)
{
    count_one(review, &review->counts.errors);
    log_failure("a message could not be reviewed", job, why);
}

/* Invokes the function in the remaining time. */
static void invoke_function(struct slot *slot, const struct job *job, int left_ms,
                            struct http_result *out)
{
    struct http_client_request request;

    count_one(slot->review, &slot->review->counts.invocations);
    review_compose(job->arena, slot->review->endpoints->lambda, job->function_url,
                   &job->request, &request);
    request.connect_timeout_ms = left_ms;
    request.total_timeout_ms = left_ms;
    aws_client_send_once(slot->client, &request, job->arena, out);
}

/* Returns why the function has no response that can be read, or NULL. */
static const char *find_error(const struct job *job, const struct http_result *result)
{
    if (result->status == 0 && monotonic_ms() >= job->deadline_ms)
        return "there is no response within 200 ms";
    if (result->status == 0)
        return result->failure;
    if (result->status < 200 || result->status > 299)
        return arena_printf(job->arena, "status %d", result->status);
    const char *error = http_result_header(result, REVIEW_FUNCTION_ERROR);
    return error != NULL ? arena_printf(job->arena, "function error %s", error) : NULL;
}

/* Reviews a message. Fidelity: ivschat-review-1 */
static struct review_result run_review(struct slot *slot, const struct job *job)
{
    struct review *review = slot->review;
    int64_t left_ms = job->deadline_ms - monotonic_ms();
    struct http_result result = {.failure = "all threads are busy"};
    struct review_result answer = review_failed;
    const char *why;

    if (left_ms > 0)
        invoke_function(slot, job, (int)left_ms, &result);
    if (aws_client_is_cancelled(slot->client))
        return review_failed;
    if ((why = find_error(job, &result)) != NULL) {
        note_error(review, job, why);
    } else if (result.body_cut ||
               review_read(job->arena, result.body, result.body_length,
                           job->request.maximum_message_length, &answer, &why) != 0) {
        count_one(review, &review->counts.invalid_answers);
        log_failure("a message review handler returned an invalid response", job,
                    result.body_cut ? "it is too long" : why);
    }
    return answer;
}

/* The lock is held. */
static void push_job(struct review *review, struct job *job)
{
    *review->last = job;
    review->last = &job->next;
    review->waiting++;
}

/* Removes the first review that waits; NULL: none does. The lock is held. */
static struct job *pop_job(struct review *review)
{
    struct job *job = review->first;

    if (job == NULL)
        return NULL;
    review->first = job->next;
    if (review->first == NULL)
        review->last = &review->first;
    review->waiting--;
    return job;
}

static struct job *job_of(struct slot *slot)
{
    pthread_mutex_lock(&slot->review->lock);
    struct job *job = slot->job;
    pthread_mutex_unlock(&slot->review->lock);
    return job;
}

static void finish_job(struct job *job, const struct review_result *result)
{
    job->done(job->context, result);
    arena_free(job->arena);
}

/*
 * Completes the review of a slot, and gives the slot the next one.
 *
 * Reviews wait in the order of their deadlines, and no review takes longer than until its
 * deadline. So a thread is free for each one by the time that its own deadline has come,
 * and reports that in time, even if all functions hang.
 */
static void run_job(struct slot *slot, struct job *job)
{
    const struct review_result result = run_review(slot, job);

    finish_job(job, &result);
    pthread_mutex_lock(&slot->review->lock);
    slot->job = pop_job(slot->review);
    pthread_mutex_unlock(&slot->review->lock);
}

static void run_slot(struct worker *worker, void *context)
{
    struct slot *slot = context;
    struct job *job;

    (void)!aws_client_prepare(
        slot->client); /* a failure is logged, and will occur again */
    do {
        while ((job = job_of(slot)) != NULL)
            run_job(slot, job);
    } while (worker_rest(worker));
}

static struct slot *find_idle(struct review *review)
{
    for (size_t i = 0; i < review->slot_count; i++) {
        if (review->slots[i].job == NULL)
            return &review->slots[i];
    }
    return NULL;
}

/* Starts another thread, with its first review. False: there are enough, or the system
 * has none. The lock is held. */
static bool start_thread(struct review *review, struct job *job)
{
    struct slot *slot = &review->slots[review->slot_count];

    if (review->slot_count == REVIEW_THREADS_MAX)
        return false;
    *slot = (struct slot){.review = review, .client = aws_client_new(), .job = job};
    slot->worker = worker_start(run_slot, slot);
    if (slot->worker == NULL) {
        aws_client_free(slot->client);
        return false;
    }
    review->slot_count++;
    return true;
}

/* Gives the review to a thread, or makes it wait for one. False: it cannot wait. The lock
 * is held. */
static bool assign_job(struct review *review, struct job *job)
{
    struct slot *idle = find_idle(review);

    if (idle != NULL) {
        idle->job = job;
        worker_wake(idle->worker);
        return true;
    }
    if (start_thread(review, job))
        return true;
    if (review->slot_count == 0 || review->waiting == REVIEW_QUEUE_MAX)
        return false;
    push_job(review, job);
    return true;
}

static struct job *new_job(const struct review *review,
                           const struct review_request *request, review_done *done,
                           void *context)
{
    struct arena *arena = arena_new();
    struct job *job = arena_alloc(arena, sizeof(*job));
    const char *function = review_function_name(arena, request->uri);

    *job = (struct job){
        .arena = arena,
        .request =
            {
                      .scope = {.account = arena_strdup(arena, request->scope.account),
                          .region = arena_strdup(arena, request->scope.region)},
                      .uri = arena_strdup(arena, request->uri),
                      .event = arena_strdup(arena, request->event),
                      .maximum_message_length = request->maximum_message_length,
                      },
        .function = function,
        .function_url = review_function_url(review->functions, function),
        .deadline_ms = monotonic_ms() + REVIEW_TIMEOUT_MS,
        .done = done,
        .context = context,
    };
    return job;
}

bool review_is_configured(struct review *review, const char *uri)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *function = review_function_name(arena, uri);
    char name[LOG_QUOTED_BYTES];

    if (review->endpoints->lambda != NULL ||
        review_function_url(review->functions, function) != NULL)
        return true;
    if (warned_is_new(review->warned, function))
        log_warn("messages are delivered without review, see --lambda and "
                 "--aws-endpoint",
                 "function=%s", log_quoted(function, name));
    return false;
}

void review_prepare(struct review *review)
{
    pthread_mutex_lock(&review->lock);
    if (review->slot_count == 0)
        (void)start_thread(review, NULL); /* the first review will try again */
    pthread_mutex_unlock(&review->lock);
}

void review_start(struct review *review, const struct review_request *request,
                  review_done *done, void *context)
{
    static const struct review_result unconfigured = {.outcome = REVIEW_UNCONFIGURED};

    if (!review_is_configured(review, request->uri)) {
        done(context, &unconfigured);
        return;
    }
    struct job *job = new_job(review, request, done, context);
    pthread_mutex_lock(&review->lock);
    bool assigned = assign_job(review, job);
    pthread_mutex_unlock(&review->lock);
    if (assigned)
        return;
    note_error(review, job, "no thread is available");
    finish_job(job, &review_failed);
}
