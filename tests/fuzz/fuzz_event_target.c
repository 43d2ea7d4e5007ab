/*
 * Targets of events, in the syntax of --events-to, and what would be sent to accepted
 * ones.
 */
#include "../../src/events/target_internal.h"
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "base/text.h"
#include "events/delivery.h"

#include <string.h>

static const struct event event = {
    .detail_type = "IVS Stream State Change",
    .resource_arn = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh",
    .envelope =
        "{\"version\":\"0\",\"id\":\"0\",\"detail-type\":\"IVS Stream State Change\","
        "\"source\":\"aws.ivs\",\"account\":\"000000000000\",\"time\":"
        "\"2021-04-07T00:00:00Z\",\"region\":\"us-east-1\",\"resources\":[],\"detail\":{}"
        "}",
};

static void check_place(const char *url, const struct place *place)
{
    for (const char *at = url; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~')
            BUG("taken with a byte that no URL has: %s", url);
    }
    if (!text_starts_with(place->url, "http://") &&
        !text_starts_with(place->url, "https://"))
        BUG("%s would be asked for %s", place->url, url);
    if (!text_ends_with(url, place->url) || !text_starts_with(url, place->label) ||
        strlen(place->label) <= strlen("http://"))
        BUG("taken apart wrongly: %s", url);
}

static void check_request(const struct http_client_request *request)
{
    if (request->url == NULL || strlen(request->body) != request->body_length)
        BUG("a request without a URL, or of another length");
    for (const struct http_header *h = request->headers; h->name != NULL; h++) {
        if (strpbrk(h->value, "\r\n") != NULL)
            BUG("the header %s has two lines: %s", h->name, h->value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *url AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct place place;
    struct http_client_request request;
    const struct protocol *protocol = target_read(arena, url, &place);

    if (delivery_takes_target(url) != (protocol != NULL))
        BUG("an option that is taken is no target, or the reverse: %s", url);
    if (protocol == NULL)
        return 0;
    check_place(url, &place);
    protocol->compose(arena, &place, &event, &request);
    check_request(&request);
    return 0;
}
