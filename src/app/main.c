/*
 * The program ivs-local.
 */
#include "app/app.h"
#include "app/completion.h"
#include "app/config.h"
#include "app/health.h"
#include "app/print_models.h"
#include "app/welcome.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/version.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

/* A development server may hold many idle connections: use the maximum of the system. */
static void raise_file_limit(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

/* Whether the parent, such as nohup, made this process ignore the signal. */
static bool is_ignored(int signal_number)
{
    struct sigaction action;

    return sigaction(signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Blocks the signals that end the program in all threads: sigwait() receives them, also
 * those that are ignored. */
static sigset_t hold_signals(void)
{
    sigset_t ending;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    if (!is_ignored(SIGHUP)) /* the terminal was closed */
        sigaddset(&ending, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    return ending;
}

static void start_log(const struct config *config)
{
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    enum log_level level = (enum log_level)config->log_level;
    enum log_format format = config->log_format >= 0 ? (enum log_format)config->log_format
                             : is_terminal           ? LOG_TEXT
                                                     : LOG_LOGFMT;

    log_set_level(config->quiet != 0 && level > LOG_WARN ? LOG_WARN : level);
    log_set_format(format, is_terminal && config->colors);
}

static int run_server(const struct config *config, struct arena *arena)
{
    const char *why = NULL;
    int signal_number;
    sigset_t ending = hold_signals();

    raise_file_limit();
    struct app *app = app_start(config, arena, &why);
    if (app == NULL) {
        fprintf(stderr, "ivs-local: %s\n", secret_hide(arena, why));
        return EXIT_FAILURE;
    }
    printf("ivs-local ready on %s (version %s, database %s)\n", app_url(app),
           ivs_local_version, config->db);
    if (isatty(STDOUT_FILENO) == 1 && config->quiet == 0)
        welcome_print(stdout, config, app_url(app), arena);
    fflush(stdout);
    sigwait(&ending, &signal_number);
    log_info("stopping", "signal=%d", signal_number);
    app_stop(app);
    log_finish();
    return EXIT_SUCCESS;
}

static int run_client(const struct config *config, struct arena *arena)
{
    const struct client_settings settings = {
        .services = app_services,
        .url = health_url(config, arena),
        .account = config->has_account ? config->account : NULL,
        .region = config->has_region ? config->region : NULL,
        .key_id = config->key_id,
        .secret = config->secret,
        .session_token = config->session_token,
        .key_region = config->key_region,
        .json = config->json != 0,
    };

    return client_run(&settings, config->verb, config->client.words, config->client.count,
                      arena);
}

static int run_program(int argc, char *const *argv, struct arena *arena)
{
    struct config config;
    const char *why = NULL;

    if (config_read(&config, argc, argv, arena, &why) != 0) {
        fprintf(stderr, "ivs-local: %s\n", secret_hide(arena, why));
        return EXIT_USAGE;
    }
    start_log(&config);
    switch (config.command) {
    case COMMAND_SERVE:
        json_init();
        config_warn_of_environment(arena);
        return run_server(&config, arena);
    case COMMAND_HEALTH:
        json_init();
        return health_check(&config);
    case COMMAND_CLIENT:
        json_init();
        return run_client(&config, arena);
    case COMMAND_COMPLETION:
        completion_print(stdout, (enum config_shell)config.shell);
        return EXIT_SUCCESS;
    case COMMAND_MODEL:
        json_init();
        print_botocore_model(stdout, arena);
        return EXIT_SUCCESS;
    case COMMAND_OPENAPI:
        json_init();
        print_openapi(stdout, arena);
        return EXIT_SUCCESS;
    case COMMAND_VERSION:
        printf("ivs-local %s\n", ivs_local_version);
        return EXIT_SUCCESS;
    case COMMAND_HELP:
        config_print_help(stdout);
        return EXIT_SUCCESS;
    }
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    int status = run_program(argc, argv, arena);

    arena_free(arena);
    return status;
}
