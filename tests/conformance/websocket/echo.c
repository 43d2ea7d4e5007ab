/*
 * The server of support/echo_server.h as a program, for real clients. It says on which
 * port it listens, and ends when its standard input does.
 */
#include "support/echo_server.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_CONNECTIONS = 1000 };

int main(void)
{
    struct echo_server *server = echo_server_start(MAX_CONNECTIONS);

    if (server == NULL)
        return EXIT_FAILURE;
    printf("%d\n", echo_server_port(server));
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    echo_server_stop(server);
    return EXIT_SUCCESS;
}
