#include "http/client.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/memory.h"
#include "base/version.h"
#include "curl_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Sets an option of a sender. */
#define SET(sender, option, value)                                                       \
    require_success((sender)->curl.easy_setopt((sender)->easy, (option), (value)))

/* The library counts its users, before version 7.84 without a lock of its own. */
static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

struct http_sender {
    struct curl_api curl;
    CURLM *multi; /* its poll can be woken, unlike a plain transfer */
    CURL *easy;
    atomic_bool cancelled;
    char reason[CURL_ERROR_SIZE];
};

/* A request in progress, and its result so far. */
struct transfer {
    struct http_sender *sender;
    const struct http_client_request *request;
    struct arena *arena;
    int64_t sent;             /* bytes of the file */
    const char *send_failure; /* NULL: the file has been readable so far */
    struct buf body;          /* of the response */
    bool body_cut;
    bool ignores_headers;        /* those that are being read are not of the response */
    struct http_header *headers; /* the requested ones of the response, and the end */
    size_t header_count;
};

/* The arguments of these calls do not depend on external input, so a failure is a bug. */
static void require_success(CURLcode code)
{
    if (code != CURLE_OK)
        BUG("libcurl: error %d", (int)code);
}

static const struct method {
    const char *name;
    enum { BODY_NEVER, BODY_OPTIONAL, BODY_ALWAYS } body; /* which may be empty */
} methods[] = {
    {"GET",    BODY_NEVER   },
    {"HEAD",   BODY_NEVER   },
    {"POST",   BODY_ALWAYS  },
    {"PUT",    BODY_ALWAYS  },
    {"DELETE", BODY_OPTIONAL},
};

static const struct method *method_of(const struct http_client_request *request)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (strcmp(methods[i].name, request->method) == 0)
            return &methods[i];
    }
    BUG("unknown method %s", request->method);
}

static size_t read_file(char *out, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    int64_t got = http_file_read(transfer->request->body_file, transfer->sent, out,
                                 size * count, transfer->arena, &transfer->send_failure);

    if (got < 0)
        return CURL_READFUNC_ABORT;
    transfer->sent += got;
    return (size_t)got;
}

/* A reused connection may turn out to be closed: libcurl then sends the body again on a
 * new one. */
static int seek_file(void *context, curl_off_t offset, int origin)
{
    struct transfer *transfer = context;

    if (origin != SEEK_SET || offset < 0 || offset > transfer->request->body_file->length)
        return CURL_SEEKFUNC_CANTSEEK;
    transfer->sent = offset;
    return CURL_SEEKFUNC_OK;
}

/* Whether the response, of which the headers have arrived, is a success. */
static bool is_success(const struct transfer *transfer)
{
    struct http_sender *sender = transfer->sender;
    long status;

    require_success(
        sender->curl.easy_getinfo(sender->easy, CURLINFO_RESPONSE_CODE, &status));
    return status >= 200 && status < 300;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    const struct http_client_request *request = transfer->request;
    struct buf *body = &transfer->body;
    size_t length = size * count, room = body->limit - body->length;

    if (request->receive != NULL && is_success(transfer)) {
        transfer->body_cut = !request->receive(request->receive_context, bytes, length);
        return transfer->body_cut ? 0 : length;
    }
    transfer->body_cut = length > room;
    buf_add(body, bytes, length < room ? length : room);
    return transfer->body_cut ? 0 : length; /* fewer bytes than it got end the transfer */
}

static const char *wanted_name(const struct transfer *transfer, const char *line,
                               size_t length)
{
    const char *const *name = transfer->request->result_headers;

    for (; name != NULL && *name != NULL; name++) {
        if (strlen(*name) == length && strncasecmp(*name, line, length) == 0)
            return *name;
    }
    return NULL;
}

static void keep_header(struct transfer *transfer, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    const char *name =
        colon != NULL ? wanted_name(transfer, line, (size_t)(colon - line)) : NULL;

    if (name == NULL || http_header_find(transfer->headers, name) != NULL)
        return;
    size_t value_length = (size_t)(line + length - (colon + 1));
    const char *value = http_header_trim(colon + 1, &value_length);
    if (value_length > HTTP_RESULT_HEADER_MAX_BYTES)
        return;
    transfer->headers[transfer->header_count++] =
        (struct http_header){name, arena_strndup(transfer->arena, value, value_length)};
}

/* Reads a line of a header section: of the response; or of an interim response before it,
 * or of the trailers behind its body, from which nothing is kept (RFC 9110, sections 15.2
 * and 6.5.1). */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    static const char status_line[] = "HTTP/1.1 ";
    struct transfer *transfer = context;
    size_t length = size * count;

    if (length > strlen(status_line) && memcmp(line, status_line, strlen("HTTP/")) == 0)
        transfer->ignores_headers = line[strlen(status_line)] == '1';
    else if (line[0] == '\r' || line[0] == '\n') /* the end of the section */
        transfer->ignores_headers = true;
    else if (!transfer->ignores_headers)
        keep_header(transfer, line, length);
    return length;
}

static void set_options(struct http_sender *sender)
{
    require_success(curl_allow_http_only(&sender->curl, sender->easy));
    require_success(curl_abandon_look_ups(&sender->curl, sender->easy));
    SET(sender, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(sender, CURLOPT_FOLLOWLOCATION, 0L);
    SET(sender, CURLOPT_PROXY, "");      /* ignore the environment's proxy */
    SET(sender, CURLOPT_PATH_AS_IS, 1L); /* as it was signed */
    SET(sender, CURLOPT_NOSIGNAL, 1L);
    SET(sender, CURLOPT_ERRORBUFFER, sender->reason);
    SET(sender, CURLOPT_READFUNCTION, read_file);
    SET(sender, CURLOPT_SEEKFUNCTION, seek_file);
    SET(sender, CURLOPT_WRITEFUNCTION, take_body);
    SET(sender, CURLOPT_HEADERFUNCTION, take_header);
}

struct http_sender *http_sender_new(void)
{
    struct http_sender *sender = mem_zalloc(sizeof(*sender));

    if (curl_api_load(&sender->curl) != 0) {
        free(sender);
        return NULL;
    }
    pthread_mutex_lock(&library_lock);
    CURLcode code = sender->curl.global_init(CURL_GLOBAL_DEFAULT);
    pthread_mutex_unlock(&library_lock);
    require_success(code);
    sender->multi = sender->curl.multi_init();
    sender->easy = sender->curl.easy_init();
    if (sender->multi == NULL || sender->easy == NULL)
        BUG("libcurl cannot be initialized");
    atomic_init(&sender->cancelled, false);
    return sender;
}

void http_sender_free(struct http_sender *sender)
{
    if (sender == NULL)
        return;
    sender->curl.easy_cleanup(sender->easy);
    (void)sender->curl.multi_cleanup(sender->multi);
    pthread_mutex_lock(&library_lock);
    sender->curl.global_cleanup();
    pthread_mutex_unlock(&library_lock);
    free(sender);
}

void http_sender_cancel(struct http_sender *sender)
{
    atomic_store(&sender->cancelled, true);
    (void)sender->curl.multi_wakeup(sender->multi);
}

/* Runs the transfer until it ends or is cancelled. */
static CURLcode run_transfer(struct http_sender *sender)
{
    const struct curl_api *curl = &sender->curl;
    int running, left;

    while (!atomic_load(&sender->cancelled)) {
        if (curl->multi_perform(sender->multi, &running) != CURLM_OK)
            return CURLE_FAILED_INIT;
        const CURLMsg *done = curl->multi_info_read(sender->multi, &left);
        if (done != NULL)
            return done->data.result;
        /* Returns earlier if libcurl itself has a timeout. */
        if (curl->multi_poll(sender->multi, NULL, 0, HTTP_TOTAL_TIMEOUT_MS, NULL) !=
            CURLM_OK)
            return CURLE_FAILED_INIT;
    }
    return CURLE_ABORTED_BY_CALLBACK;
}

static struct curl_slist *add_line(struct http_sender *sender, struct curl_slist *list,
                                   const char *line)
{
    struct curl_slist *longer = sender->curl.slist_append(list, line);

    if (longer == NULL)
        BUG("out of memory for a header");
    return longer;
}

/* A header in libcurl's format: one without a value needs a semicolon to be sent. */
static const char *header_line(struct arena *arena, const struct http_header *header)
{
    if (strpbrk(header->value, "\r\n") != NULL)
        BUG("the header %s has a line break", header->name);
    if (header->value[strspn(header->value, " \t")] == '\0')
        return arena_printf(arena, "%s;", header->name);
    return arena_printf(arena, "%s: %s", header->name, header->value);
}

static struct curl_slist *header_list(struct http_sender *sender,
                                      const struct http_client_request *request,
                                      struct arena *arena)
{
    const char *agent =
        arena_printf(arena, "User-Agent: ivs-local/%s", ivs_local_version);
    struct curl_slist *list = add_line(sender, NULL, agent);

    /* Removes headers that libcurl adds: with the first it would wait up to a second for
     * a 100, and the second declares a type that was not set. */
    list = add_line(sender, list, "Expect:");
    list = add_line(sender, list, "Content-Type:");
    for (const struct http_header *h = request->headers; h != NULL && h->name != NULL;
         h++)
        list = add_line(sender, list, header_line(arena, h));
    return list;
}

static void set_method(struct http_sender *sender,
                       const struct http_client_request *request)
{
    const struct method *method = method_of(request);
    bool has_body = request->body_file != NULL || request->body_length > 0;

    if (has_body && method->body == BODY_NEVER)
        BUG("%s with a body", method->name);
    /* libcurl derives the method from the source of the body, unless it is set as
     * well. */
    if (request->body_file != NULL) {
        SET(sender, CURLOPT_UPLOAD, 1L);
        SET(sender, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_file->length);
    } else if (has_body || method->body == BODY_ALWAYS) {
        SET(sender, CURLOPT_POSTFIELDS, has_body ? request->body : "");
        SET(sender, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    } else if (strcmp(method->name, "HEAD") == 0) {
        SET(sender, CURLOPT_NOBODY, 1L);
    }
    SET(sender, CURLOPT_CUSTOMREQUEST, method->name);
}

static void set_transfer(struct http_sender *sender, struct transfer *transfer,
                         const struct curl_slist *headers)
{
    const struct http_client_request *request = transfer->request;
    int connect_ms = request->connect_timeout_ms, total_ms = request->total_timeout_ms;

    sender->reason[0] = '\0';
    sender->curl.easy_reset(sender->easy);
    set_options(sender);
    set_method(sender, request);
    SET(sender, CURLOPT_URL, request->url);
    SET(sender, CURLOPT_HTTPHEADER, headers);
    SET(sender, CURLOPT_CONNECTTIMEOUT_MS,
        (long)(connect_ms > 0 ? connect_ms : HTTP_CONNECT_TIMEOUT_MS));
    SET(sender, CURLOPT_TIMEOUT_MS,
        total_ms < 0 ? 0L : (long)(total_ms > 0 ? total_ms : HTTP_TOTAL_TIMEOUT_MS));
    SET(sender, CURLOPT_READDATA, transfer);
    SET(sender, CURLOPT_SEEKDATA, transfer);
    SET(sender, CURLOPT_WRITEDATA, transfer);
    SET(sender, CURLOPT_HEADERDATA, transfer);
}

static void begin_request(struct transfer *transfer)
{
    const struct http_client_request *request = transfer->request;
    const char *const *wanted = request->result_headers;
    size_t count = 0;

    while (wanted != NULL && wanted[count] != NULL)
        count++;
    transfer->headers =
        arena_alloc(transfer->arena, (count + 1) * sizeof(*transfer->headers));
    buf_init(&transfer->body, request->result_max_bytes > 0 ? request->result_max_bytes
                                                            : HTTP_RESULT_MAX_BYTES);
}

static const char *failure_of(struct http_sender *sender, CURLcode code,
                              const struct transfer *transfer)
{
    if (transfer->send_failure != NULL)
        return transfer->send_failure;
    if (atomic_load(&sender->cancelled))
        return "cancelled";
    if (code == CURLE_OK)
        return "the response came before the whole file was sent";
    return sender->reason[0] != '\0' ? arena_strdup(transfer->arena, sender->reason)
                                     : sender->curl.easy_strerror(code);
}

/* The status of the response, or 0. A body over the limit is truncated, but its status is
 * valid. A server that responds early may refuse a file, but cannot have accepted it. */
static int status_of(struct http_sender *sender, CURLcode code,
                     const struct transfer *transfer)
{
    const struct http_file *file = transfer->request->body_file;
    long status;

    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && transfer->body_cut))
        return 0;
    require_success(
        sender->curl.easy_getinfo(sender->easy, CURLINFO_RESPONSE_CODE, &status));
    bool succeeded = status >= 200 && status < 300;
    return succeeded && file != NULL && transfer->sent < file->length ? 0 : (int)status;
}

static void read_result(struct http_sender *sender, CURLcode code,
                        const struct transfer *transfer, struct http_result *out)
{
    int status = status_of(sender, code, transfer);

    *out = (struct http_result){
        .status = status,
        .failure = status == 0 ? failure_of(sender, code, transfer) : NULL,
        .body =
            arena_strndup(transfer->arena, transfer->body.bytes, transfer->body.length),
        .body_length = transfer->body.length,
        .body_cut = transfer->body_cut,
        .headers = transfer->headers,
    };
}

void http_sender_send(struct http_sender *sender,
                      const struct http_client_request *request, struct arena *arena,
                      struct http_result *out)
{
    struct transfer transfer = {.sender = sender, .request = request, .arena = arena};
    struct curl_slist *headers = header_list(sender, request, arena);

    begin_request(&transfer);
    set_transfer(sender, &transfer, headers);
    if (sender->curl.multi_add_handle(sender->multi, sender->easy) != CURLM_OK)
        BUG("libcurl does not accept the transfer");
    CURLcode code = run_transfer(sender);
    read_result(sender, code, &transfer, out);
    (void)sender->curl.multi_remove_handle(sender->multi, sender->easy);
    sender->curl.slist_free_all(headers);
    buf_done(&transfer.body);
}

const char *http_result_header(const struct http_result *result, const char *name)
{
    return http_header_find(result->headers, name);
}
