#include "tasks_internal.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/worker.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct task {
    struct task *next;
    struct MHD_Connection *connection;
    task_run *run;
    void *context;
};

/* A thread, and the task that it runs. */
struct slot {
    struct tasks *tasks;
    struct worker *worker;
    struct task *task; /* NULL: it is idle */
};

struct tasks {
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct slot slots[TASKS_MAX_THREADS]; /* under the lock, like the rest */
    size_t count;
    struct task *first; /* those that wait for a thread */
    struct task **last;
    size_t left; /* those that wait or run */
    bool failed; /* the last attempt to start a thread; for one line in the log */
    bool ending;
};

struct tasks *tasks_new(void)
{
    struct tasks *tasks = mem_zalloc(sizeof(*tasks));

    pthread_mutex_init(&tasks->lock, NULL);
    pthread_cond_init(&tasks->done, NULL);
    tasks->last = &tasks->first;
    return tasks;
}

void tasks_free(struct tasks *tasks)
{
    if (tasks == NULL)
        return;
    for (size_t i = 0; i < tasks->count; i++)
        worker_ask_to_stop(tasks->slots[i].worker);
    for (size_t i = 0; i < tasks->count; i++)
        worker_stop(tasks->slots[i].worker);
    pthread_cond_destroy(&tasks->done);
    pthread_mutex_destroy(&tasks->lock);
    free(tasks);
}

static struct task *task_of(struct slot *slot)
{
    pthread_mutex_lock(&slot->tasks->lock);
    struct task *task = slot->task;
    pthread_mutex_unlock(&slot->tasks->lock);
    return task;
}

/* Removes the first task that waits for a thread; NULL: none does. The lock is held. */
static struct task *pop_task(struct tasks *tasks)
{
    struct task *task = tasks->first;

    if (task == NULL)
        return NULL;
    tasks->first = task->next;
    if (tasks->first == NULL)
        tasks->last = &tasks->first;
    return task;
}

/* Runs the task of a slot, and gives the slot the next one. */
static void run_task(struct slot *slot, struct task *task)
{
    struct tasks *tasks = slot->tasks;

    task->run(task->context);
    MHD_resume_connection(task->connection);
    free(task);
    pthread_mutex_lock(&tasks->lock);
    slot->task = pop_task(tasks);
    if (--tasks->left == 0)
        pthread_cond_broadcast(&tasks->done);
    pthread_mutex_unlock(&tasks->lock);
}

static void run_slot(struct worker *worker, void *context)
{
    struct task *task;

    do {
        while ((task = task_of(context)) != NULL)
            run_task(context, task);
    } while (worker_rest(worker));
}

static struct slot *find_idle(struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++) {
        if (tasks->slots[i].task == NULL)
            return &tasks->slots[i];
    }
    return NULL;
}

/* Starts another thread with its first task. False: the system has none. */
static bool start_thread(struct tasks *tasks, struct task *task)
{
    struct slot *slot = &tasks->slots[tasks->count];

    *slot = (struct slot){.tasks = tasks, .task = task};
    slot->worker = worker_start(run_slot, slot);
    if (slot->worker == NULL && !tasks->failed)
        log_warn("long requests keep others waiting",
                 "reason=\"no thread is available\"");
    tasks->failed = slot->worker == NULL;
    tasks->count += slot->worker != NULL;
    return slot->worker != NULL;
}

/* Gives the task to a thread, or makes it wait for one. False: there is none. The lock is
 * held. */
static bool assign_task(struct tasks *tasks, struct task *task)
{
    struct slot *idle = find_idle(tasks);

    if (idle != NULL) {
        idle->task = task;
        worker_wake(idle->worker);
        return true;
    }
    if (tasks->count < TASKS_MAX_THREADS && start_thread(tasks, task))
        return true;
    if (tasks->count == 0)
        return false;
    *tasks->last = task;
    tasks->last = &task->next;
    return true;
}

bool tasks_add(struct tasks *tasks, struct MHD_Connection *connection, task_run *run,
               void *context)
{
    struct task *task = mem_zalloc(sizeof(*task));

    *task = (struct task){.connection = connection, .run = run, .context = context};
    pthread_mutex_lock(&tasks->lock);
    bool added = !tasks->ending;
    if (added)
        MHD_suspend_connection(connection);
    if (added && !assign_task(tasks, task)) {
        MHD_resume_connection(connection);
        added = false;
    }
    if (added)
        tasks->left++;
    else
        free(task);
    pthread_mutex_unlock(&tasks->lock);
    return added;
}

void tasks_end(struct tasks *tasks)
{
    pthread_mutex_lock(&tasks->lock);
    tasks->ending = true;
    while (tasks->left > 0)
        pthread_cond_wait(&tasks->done, &tasks->lock);
    pthread_mutex_unlock(&tasks->lock);
}
