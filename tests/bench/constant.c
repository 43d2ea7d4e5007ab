/*
 * The limit: libmicrohttpd, configured as in src/http/server.c, responds to every request
 * with the same bytes: the header lines, empty line and body in a file.
 *
 *   constant PORT FILE
 */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *body,
                                  size_t *body_length, void **state)
{
    (void)path, (void)method, (void)version, (void)body;
    if (*state == NULL || *body_length > 0) { /* the headers, or a piece of the body */
        *state = cls;
        *body_length = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, cls);
}

static struct MHD_Response *read_answer(FILE *file)
{
    static char text[1024 * 1024];
    char *at = text, *colon;

    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    char *body = strstr(text, "\r\n\r\n") + strlen("\r\n\r\n");
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_PERSISTENT);

    for (char *end; (end = strstr(at, "\r\n")) != at; at = end + strlen("\r\n")) {
        *end = '\0';
        if ((colon = strchr(at, ':')) == NULL)
            continue;
        *colon = '\0';
        MHD_add_response_header(response, at, colon + strlen(": "));
    }
    return response;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
    int signal_number;
    sigset_t ending;

    if (file == NULL)
        return EXIT_FAILURE;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
        (uint16_t)strtol(argv[1], NULL, 10), NULL, NULL, on_request, read_answer(file),
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
        MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_CONNECTION_TIMEOUT, 60u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024, MHD_OPTION_END);
    if (daemon == NULL)
        return EXIT_FAILURE;
    sigwait(&ending, &signal_number);
    MHD_stop_daemon(daemon);
    return EXIT_SUCCESS;
}
