#include "program.h"

#include "base/buf.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmocka_all.h"

enum {
    PATIENCE_SECONDS = 20, /* far longer than anything takes: only a hang reaches it */
    TEXT_MAX_BYTES = 64 * 1024 * 1024,
    MAX_WORDS = 256
};

/* A thread reads both outputs, so that the program never waits for the test. */
struct program {
    pid_t pid;
    bool waited_for;
    int outputs[2];
    pthread_t reader;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct buf texts[2]; /* under the lock */
    bool silent;         /* both outputs ended, under the lock */
};

extern char **environ;

static void *read_outputs(void *arg)
{
    struct program *program = arg;
    struct pollfd polls[2] = {
        {.fd = program->outputs[0], .events = POLLIN},
        {.fd = program->outputs[1], .events = POLLIN},
    };

    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        if (poll(polls, 2, -1) < 0)
            continue;
        for (int i = 0; i < 2; i++) {
            char piece[4096];
            if (polls[i].fd < 0 || polls[i].revents == 0)
                continue;
            ssize_t got = read(polls[i].fd, piece, sizeof(piece));
            pthread_mutex_lock(&program->lock);
            if (got > 0)
                buf_add(&program->texts[i], piece, (size_t)got);
            else
                polls[i].fd = -1;
            pthread_cond_broadcast(&program->changed);
            pthread_mutex_unlock(&program->lock);
        }
    }
    pthread_mutex_lock(&program->lock);
    program->silent = true;
    pthread_cond_broadcast(&program->changed);
    pthread_mutex_unlock(&program->lock);
    return NULL;
}

/* Whether one of the settings, NAME=value, is for the same variable. */
static bool is_replaced(const char *setting, const char *const *more)
{
    size_t name_length = strcspn(setting, "=") + 1;

    for (; more != NULL && *more != NULL; more++) {
        if (strncmp(setting, *more, name_length) == 0)
            return true;
    }
    return false;
}

/* The test's environment without our options, then `more`. */
static void make_environment(const char *const *more, const char **out)
{
    size_t count = 0;

    for (char **at = environ; *at != NULL; at++) {
        if (strncmp(*at, "IVS_LOCAL_", strlen("IVS_LOCAL_")) == 0 ||
            is_replaced(*at, more))
            continue;
        assert_true(count < MAX_WORDS - 1);
        out[count++] = *at;
    }
    for (; more != NULL && *more != NULL; more++) {
        assert_true(count < MAX_WORDS - 1);
        out[count++] = *more;
    }
    out[count] = NULL;
}

static void make_pipe(int ends[2])
{
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fcntl(ends[i], F_SETFD, FD_CLOEXEC), 0);
}

/* A new terminal: ends[0] is the side of the person at it. */
static void open_terminal(int ends[2])
{
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(ends[0] >= 0);
    assert_int_equal(grantpt(ends[0]), 0);
    assert_int_equal(unlockpt(ends[0]), 0);
    ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY);
    assert_true(ends[1] >= 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fcntl(ends[i], F_SETFD, FD_CLOEXEC), 0);
}

/* Both outputs of the program go to one terminal, or each to a pipe. */
static struct program *spawn(const char *const *words, const char *const *environment,
                             bool at_terminal)
{
    struct program *program = mem_zalloc(sizeof(*program));
    const char *variables[MAX_WORDS];
    posix_spawn_file_actions_t actions;
    int pipes[2][2];

    make_environment(environment, variables);
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 2; i++) {
        if (at_terminal && i == 0)
            open_terminal(pipes[i]);
        else
            make_pipe(pipes[i]);
        posix_spawn_file_actions_adddup2(&actions, pipes[at_terminal ? 0 : i][1],
                                         STDOUT_FILENO + i);
        program->outputs[i] = pipes[i][0];
        buf_init(&program->texts[i], TEXT_MAX_BYTES);
    }
    /* The function does not change the strings. */
    int code =
        posix_spawn(&program->pid, words[0], &actions, NULL,
                    (char *const *)(uintptr_t)words, (char *const *)(uintptr_t)variables);
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 2; i++)
        close(pipes[i][1]);
    assert_int_equal(code, 0);
    pthread_mutex_init(&program->lock, NULL);
    pthread_cond_init(&program->changed, NULL);
    assert_int_equal(pthread_create(&program->reader, NULL, read_outputs, program), 0);
    return program;
}

/* Adds the program and its arguments to the words, of which there are `count`. */
static void add_words(const char **words, size_t count, const char *const *args)
{
    words[count++] = IVS_LOCAL_PROGRAM;
    for (; args != NULL && *args != NULL; args++) {
        assert_true(count < MAX_WORDS - 1);
        words[count++] = *args;
    }
    words[count] = NULL;
}

struct program *program_start(const char *const *args, const char *const *environment)
{
    const char *words[MAX_WORDS];

    add_words(words, 0, args);
    return spawn(words, environment, false);
}

struct program *program_start_at_terminal(const char *const *args,
                                          const char *const *environment)
{
    const char *words[MAX_WORDS];

    add_words(words, 0, args);
    return spawn(words, environment, true);
}

struct program *program_start_with_files(const char *const *args, int descriptors)
{
    char limit[sizeof("-2147483648")];
    const char *words[MAX_WORDS] = {"/bin/sh", "-c", "ulimit -n $0 && exec \"$@\"",
                                    limit};

    snprintf(limit, sizeof(limit), "%d", descriptors);
    add_words(words, 4, args);
    return spawn(words, NULL, false);
}

/* Under the lock: waits for new output. False: nothing arrived in a long time. */
static bool wait_for_change(struct program *program)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    return pthread_cond_timedwait(&program->changed, &program->lock, &until) == 0;
}

/* Under the lock: waits for the text and returns its position, or NULL. */
static const char *wait_for_text(struct program *program, enum program_stream stream,
                                 const char *text)
{
    for (;;) {
        const char *found = strstr(program->texts[stream].bytes, text);
        if (found != NULL || program->silent || !wait_for_change(program))
            return found;
    }
}

void program_expect(struct program *program, enum program_stream stream, const char *text)
{
    pthread_mutex_lock(&program->lock);
    bool found = wait_for_text(program, stream, text) != NULL;
    pthread_mutex_unlock(&program->lock);
    if (!found)
        fail_msg("the program never wrote: %s; its log: %s", text,
                 program->texts[PROGRAM_ERR].bytes);
}

/* Under the lock: the port in the ready line, or 0. */
static long read_port(const char *line)
{
    static const char beginning[] = "ivs-local ready on http://";
    const char *end = strstr(line, " (");

    if (strncmp(line, beginning, strlen(beginning)) != 0 || end == NULL)
        return 0;
    while (end > line && end[-1] != ':')
        end--;
    return strtol(end, NULL, 10);
}

int program_port(struct program *program)
{
    program_expect(program, PROGRAM_OUT, "\n");
    pthread_mutex_lock(&program->lock);
    long port = read_port(program->texts[PROGRAM_OUT].bytes);
    pthread_mutex_unlock(&program->lock);
    assert_in_range(port, 1, 65535);
    return (int)port;
}

int program_port_or_end(struct program *program)
{
    pthread_mutex_lock(&program->lock);
    bool ended = wait_for_text(program, PROGRAM_OUT, "\n") == NULL && program->silent;
    pthread_mutex_unlock(&program->lock);
    return ended ? -1 : program_port(program);
}

pid_t program_pid(const struct program *program)
{
    return program->pid;
}

void program_signal(struct program *program, int signal_number)
{
    assert_int_equal(kill(program->pid, signal_number), 0);
}

/* Waits for a process that has closed its outputs and therefore ends. */
static int reap(struct program *program)
{
    int status = 0;

    while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    pthread_join(program->reader, NULL);
    program->waited_for = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int program_end(struct program *program)
{
    bool patient = true;

    pthread_mutex_lock(&program->lock);
    while (!program->silent && patient)
        patient = wait_for_change(program);
    pthread_mutex_unlock(&program->lock);
    if (!patient)
        fail_msg("the program does not end");
    return reap(program);
}

const char *program_text(const struct program *program, enum program_stream stream)
{
    assert_true(program->waited_for);
    return program->texts[stream].bytes;
}

void program_free(struct program *program)
{
    if (program == NULL)
        return;
    if (!program->waited_for) {
        (void)kill(program->pid, SIGKILL);
        (void)reap(program);
    }
    for (int i = 0; i < 2; i++) {
        close(program->outputs[i]);
        buf_done(&program->texts[i]);
    }
    pthread_cond_destroy(&program->changed);
    pthread_mutex_destroy(&program->lock);
    free(program);
}
