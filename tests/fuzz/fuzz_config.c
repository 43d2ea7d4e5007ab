/*
 * The command line and the environment. The arguments of an input end with zero bytes;
 * one such as IVS_LOCAL_PORT=80 is set in the environment instead.
 */
#include "fuzz.h"

#include "app/config.h"
#include "aws/endpoints.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/scope.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ARGUMENTS = 80 };

#define VARIABLE "IVS_LOCAL_"

/* Whether it is a variable; if so, it is split after its name and set. */
static bool set_variable(char *argument)
{
    char *equals = strchr(argument, '=');

    if (!text_starts_with(argument, VARIABLE) || equals == NULL)
        return false;
    *equals = '\0';
    return setenv(argument, equals + 1, 1) == 0;
}

/* It can be set, and the value is a URL. */
static void check_endpoint(const char *text)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct aws_endpoints endpoints = {0};

    aws_endpoints_set(&endpoints, arena, text);
    const char *const urls[] = {endpoints.s3, endpoints.lambda, endpoints.logs,
                                endpoints.firehose};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        if (urls[i] == NULL)
            continue;
        count++;
        if (!aws_endpoint_is(urls[i]) || text_ends_with(urls[i], "/"))
            BUG("%s gives the endpoint %s", text, urls[i]);
    }
    if (count != 1 && count != COUNT_OF(urls))
        BUG("%s gives %zu endpoints", text, count);
}

static void check(const struct config *config)
{
    if (config->port < 0 || config->port > 65535)
        BUG("port %lld", (long long)config->port);
    if (!scope_is_account(config->account) || !scope_is_region(config->region))
        BUG("account %s, region %s", config->account, config->region);
    if (config->access_keys.count < 1 || config->access_keys.count > CONFIG_LIST_MAX)
        BUG("%lld access keys", (long long)config->access_keys.count);
    if (config->auth < AUTH_OFF || config->auth > AUTH_SIGV4 ||
        config->quotas < QUOTAS_AWS || config->quotas > QUOTAS_OFF ||
        config->urls < URLS_LOCAL || config->urls > URLS_AWS ||
        config->log_level < LOG_ERROR || config->log_level > LOG_DEBUG)
        BUG("a choice is none of its values");
    if (config->shell < SHELL_BASH || config->shell > SHELL_FISH)
        BUG("shell %lld", (long long)config->shell);
    if (config->command == COMMAND_SERVE && config->db == NULL)
        BUG("a server without a database");
    if (config->objects != NULL &&
        (config->objects[0] == '\0' || strcmp(config->objects, "off") == 0))
        BUG("objects in the folder %s", config->objects);
    for (int64_t i = 0; i < config->aws_endpoints.count; i++)
        check_endpoint(config->aws_endpoints.values[i]);
    if (config->allow_origins.count < 0 || config->allow_origins.count > CONFIG_LIST_MAX)
        BUG("%lld origins", (long long)config->allow_origins.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    char program[] = "ivs-local";
    char *argv[MAX_ARGUMENTS + 2] = {program};
    char *variables[MAX_ARGUMENTS] = {NULL};
    size_t variable_count = 0;
    int argc = 1;
    struct config config = {0};
    const char *why = NULL;

    for (size_t at = 0, next; at < size && argc <= MAX_ARGUMENTS; at = next) {
        next = at + strlen(text + at) + 1;
        if (set_variable(text + at))
            variables[variable_count++] = text + at;
        else
            argv[argc++] = text + at;
        if (variable_count == MAX_ARGUMENTS)
            break;
    }
    if (config_read(&config, argc, argv, arena, &why) == 0)
        check(&config);
    else if (why == NULL || why[0] == '\0')
        BUG("refused without a reason");
    else if (strchr(why, '\n') != NULL)
        BUG("the reason is not one line: %s", why);
    while (variable_count > 0)
        unsetenv(variables[--variable_count]);
    return 0;
}
