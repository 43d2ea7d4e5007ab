#include "http/client.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/memory.h"
#include "base/version.h"
#include "curl_internal.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Sets an option of a sender. */
#define SET(sender, option, value)                                                       \
    check((sender)->curl.easy_setopt((sender)->easy, (option), (value)))

struct http_sender {
    struct curl_api curl;
    CURLM *multi; /* its poll can be woken, which a plain transfer cannot */
    CURL *easy;
    atomic_bool cancelled;
    char reason[CURL_ERROR_SIZE];
};

/* What these calls take does not depend on what comes from outside. */
static void check(CURLcode code)
{
    if (code != CURLE_OK)
        BUG("libcurl: error %d", (int)code);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct buf *body = context;

    buf_add(body, bytes, size * count);
    return body->overflow ? 0 : size * count; /* less than all of it ends the transfer */
}

static void allow_http_only(struct http_sender *sender)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(sender, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(sender, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* A name server that does not answer must not keep the program from ending. Older
 * versions have no such option: with them it does. */
static void leave_look_ups_behind(struct http_sender *sender)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(sender, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)sender;
#endif
}

static void set_options(struct http_sender *sender)
{
    allow_http_only(sender);
    leave_look_ups_behind(sender);
    SET(sender, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(sender, CURLOPT_FOLLOWLOCATION, 0L);
    SET(sender, CURLOPT_PROXY, ""); /* not that of the environment */
    SET(sender, CURLOPT_NOSIGNAL, 1L);
    SET(sender, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_TIMEOUT_MS);
    SET(sender, CURLOPT_TIMEOUT_MS, (long)HTTP_TOTAL_TIMEOUT_MS);
    SET(sender, CURLOPT_ERRORBUFFER, sender->reason);
    SET(sender, CURLOPT_WRITEFUNCTION, take_body);
    SET(sender, CURLOPT_POST, 1L);
}

struct http_sender *http_sender_new(void)
{
    struct http_sender *sender = mem_zalloc(sizeof(*sender));

    if (curl_api_load(&sender->curl) != 0) {
        free(sender);
        return NULL;
    }
    /* Counted by the library: only the first one does anything. */
    check(sender->curl.global_init(CURL_GLOBAL_DEFAULT));
    sender->multi = sender->curl.multi_init();
    sender->easy = sender->curl.easy_init();
    if (sender->multi == NULL || sender->easy == NULL)
        BUG("libcurl does not start");
    atomic_init(&sender->cancelled, false);
    set_options(sender);
    return sender;
}

void http_sender_free(struct http_sender *sender)
{
    if (sender == NULL)
        return;
    sender->curl.easy_cleanup(sender->easy);
    (void)sender->curl.multi_cleanup(sender->multi);
    sender->curl.global_cleanup();
    free(sender);
}

void http_sender_cancel(struct http_sender *sender)
{
    atomic_store(&sender->cancelled, true);
    (void)sender->curl.multi_wakeup(sender->multi);
}

/* Runs the transfer to its end, which cancelling is too. */
static CURLcode run(struct http_sender *sender)
{
    const struct curl_api *curl = &sender->curl;
    int running, left;

    while (!atomic_load(&sender->cancelled)) {
        if (curl->multi_perform(sender->multi, &running) != CURLM_OK)
            return CURLE_FAILED_INIT;
        const CURLMsg *done = curl->multi_info_read(sender->multi, &left);
        if (done != NULL)
            return done->data.result;
        if (curl->multi_poll(sender->multi, NULL, 0, HTTP_TOTAL_TIMEOUT_MS, NULL) !=
            CURLM_OK)
            return CURLE_FAILED_INIT;
    }
    return CURLE_ABORTED_BY_CALLBACK;
}

static struct curl_slist *add_header(struct http_sender *sender, struct curl_slist *list,
                                     struct arena *arena,
                                     const struct http_header *header)
{
    struct curl_slist *longer = sender->curl.slist_append(
        list, arena_printf(arena, "%s: %s", header->name, header->value));

    if (longer == NULL)
        BUG("out of memory for a header");
    return longer;
}

static struct curl_slist *header_list(struct http_sender *sender,
                                      const struct http_post *post, struct arena *arena)
{
    const struct http_header agent = {
        "User-Agent", arena_printf(arena, "ivs-local/%s", ivs_local_version)};
    struct curl_slist *list = add_header(sender, NULL, arena, &agent);

    for (const struct http_header *h = post->headers; h->name != NULL; h++)
        list = add_header(sender, list, arena, h);
    return list;
}

static void read_result(struct http_sender *sender, CURLcode code, const struct buf *body,
                        struct arena *arena, struct http_result *out)
{
    const char *reason = sender->reason;
    long status = 0;

    /* A body over the limit is cut, and its status counts all the same. */
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && body->overflow))
        check(sender->curl.easy_getinfo(sender->easy, CURLINFO_RESPONSE_CODE, &status));
    if (reason[0] == '\0')
        reason = sender->curl.easy_strerror(code);
    *out = (struct http_result){
        .status = (int)status,
        .failure = status == 0 ? arena_strdup(arena, reason) : NULL,
        .body = arena_strndup(arena, body->bytes, body->length),
        .body_length = body->length,
    };
}

void http_sender_post(struct http_sender *sender, const struct http_post *post,
                      struct arena *arena, struct http_result *out)
{
    struct buf body AUTO(buf_done);
    struct curl_slist *headers = header_list(sender, post, arena);

    buf_init(&body, HTTP_RESULT_MAX_BYTES);
    sender->reason[0] = '\0';
    SET(sender, CURLOPT_URL, post->url);
    SET(sender, CURLOPT_HTTPHEADER, headers);
    SET(sender, CURLOPT_POSTFIELDS, post->body);
    SET(sender, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body_length);
    SET(sender, CURLOPT_WRITEDATA, &body);

    if (sender->curl.multi_add_handle(sender->multi, sender->easy) != CURLM_OK)
        BUG("libcurl takes no transfer");
    CURLcode code = run(sender);
    read_result(sender, code, &body, arena, out);
    (void)sender->curl.multi_remove_handle(sender->multi, sender->easy);
    sender->curl.slist_free_all(headers);
}
