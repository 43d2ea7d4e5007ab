/*
 * The headers Origin and Host: no page of another machine is accepted as one of this
 * machine, and no public name as a private one.
 */
#include "fuzz.h"

#include "app/origin.h"
#include "base/buf.h"
#include "base/bug.h"

#include <string.h>
#include <strings.h>

static bool starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* localhost, or a name below it. */
static bool is_localhost(const char *name, size_t length)
{
    static const char localhost[] = "localhost";
    size_t own = strlen(localhost);

    return length >= own && strncasecmp(name + length - own, localhost, own) == 0 &&
           (length == own || (length > own + 1 && name[length - own - 1] == '.'));
}

/* The host part of an origin, parsed in another way than in the code under test. */
static bool is_local(const char *origin)
{
    const char *host = strstr(origin, "://");
    size_t length;

    if (host == NULL)
        return false;
    host += strlen("://");
    if (*host == '[') {
        host += 1 + strspn(host + 1, "0:.");
        return starts(host, "1]") && (host[2] == '\0' || host[2] == ':');
    }
    length = strcspn(host, ":");
    if (is_localhost(host, length))
        return true;
    return starts(host, "127.") && strspn(host, "0123456789.") == length;
}

/* The text as a Host header under names that are public, whatever it is. */
static void try_hosts(const char *text)
{
    static const struct config_list this_machine = {.count = 0};
    struct buf host AUTO(buf_done);

    buf_init(&host, 1 << 20);
    buf_printf(&host, "%s.example.com", text);
    if (origin_host_allowed(&this_machine, "127.0.0.1", host.bytes))
        BUG("a public name passes for a private one: %s", host.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct config_list this_machine = {.count = 0};
    static const struct config_list all = {.values = {"*"}, .count = 1};
    char *origin AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct config_list only_it = {.values = {origin}, .count = 1};

    if (origin_allowed(&this_machine, origin) && !is_local(origin))
        BUG("taken for a page of this machine: %s", origin);
    if (!origin_allowed(&all, origin) || !origin_allowed(&only_it, origin))
        BUG("refused though listed: %s", origin);
    const char *host = strstr(origin, "://");
    if (host != NULL && origin_is_listable(origin) &&
        !origin_host_allowed(&only_it, "127.0.0.1", host + 3))
        BUG("its host is refused though listed: %s", origin);
    try_hosts(origin);
    return 0;
}
