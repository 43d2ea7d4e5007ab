/*
 * Measures the time from the start of a server's process to its first response.
 *
 *   first_answer PORT PROGRAM ARGUMENT...
 *
 * Starts the program, sends GET / to the port until a response arrives, ends the program
 * and prints the milliseconds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 30 * 1000 };

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int is_answered(const struct sockaddr_in *address)
{
    static const char question[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char first;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int answered = fd >= 0 &&
                   connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 &&
                   send(fd, question, strlen(question), MSG_NOSIGNAL) > 0 &&
                   recv(fd, &first, 1, 0) == 1;

    close(fd);
    return answered;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET};

    if (argc < 3)
        return EXIT_FAILURE;
    address.sin_port = htons((in_port_t)strtol(argv[1], NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    double start = now_ms(), passed = 0;
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) != NULL)
            (void)execv(argv[2], argv + 2);
        _exit(127);
    }
    int answered = 0;
    while (!answered && passed < PATIENCE_MS && waitpid(child, NULL, WNOHANG) == 0) {
        answered = is_answered(&address);
        passed = now_ms() - start;
    }
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    if (!answered)
        return EXIT_FAILURE;
    printf("%.2f\n", passed);
    return EXIT_SUCCESS;
}
