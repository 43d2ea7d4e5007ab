#include "app/page.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/http_header.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"

#include <string.h>
#include <strings.h>

/* Quality values (RFC 9110, section 12.4.2) in thousandths. */
enum { QUALITY_MAX = 1000 };

#define STYLE                                                                            \
    ":root{color-scheme:light dark}"                                                     \
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:3em auto;"            \
    "padding:0 1em}"                                                                     \
    "pre{padding:1em;overflow:auto;border:1px solid gray;border-radius:4px}"

static const char *write_page(struct arena *arena, const char *host, const char *region)
{
    return arena_printf(
        arena,
        "<!doctype html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<title>IVS Local</title>\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "<style>" STYLE "</style>\n"
        "</head>\n"
        "<body>\n"
        "<h1>IVS Local %s</h1>\n"
        "<p>This server emulates the API of Amazon Interactive Video Service (IVS). AWS "
        "SDKs, the AWS CLI and Terraform call it instead of AWS:</p>\n"
        "<pre>export AWS_ENDPOINT_URL_IVS=http://%s\n"
        "export AWS_ENDPOINT_URL_IVSCHAT=http://%s\n"
        "export AWS_DEFAULT_REGION=%s\n"
        "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test\n"
        "aws ivs create-channel --name lobby</pre>\n"
        "<ul>\n"
        "<li><a href=\"/_ivs-local/health\">/_ivs-local/health</a>: whether the server "
        "is "
        "well</li>\n"
        "<li><a href=\"/_ivs-local/metrics\">/_ivs-local/metrics</a>: metrics in the "
        "text "
        "format of Prometheus</li>\n"
        "<li><code>curl -d '{}' http://%s/_ivs-local/ListRequests</code>: the last calls "
        "of "
        "the default account and region</li>\n"
        "</ul>\n"
        "<p>The documentation is in the folder <code>docs</code> of the source, and in "
        "<code>man ivs-local</code> and <code>man 7 ivs-local</code> where the program "
        "is "
        "installed. <code>ivs-local --help</code> lists the options.</p>\n"
        "</body>\n"
        "</html>\n",
        ivs_local_version, host, host, region, host);
}

/* Allows the style of the page, and nothing that is not in it. */
static const char *write_policy(struct arena *arena)
{
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_sha256(STYLE, strlen(STYLE), digest);
    return arena_printf(arena,
                        "default-src 'none'; style-src 'sha256-%s'; img-src data:; "
                        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                        base64_encode(arena, digest, sizeof(digest)));
}

/* Parses a quality value; what is none counts as 0. */
static int read_quality(const char *text)
{
    int quality = 0;

    if (text[0] == '1')
        return QUALITY_MAX;
    if (text[0] != '0' || text[1] != '.')
        return 0;
    text += 2;
    for (int unit = QUALITY_MAX / 10; unit > 0 && text_span(text, TEXT_DIGITS, "") > 0;
         unit /= 10)
        quality += (*text++ - '0') * unit;
    return quality;
}

/* The quality of a media range, from its parameters, which `end` ends. */
static int quality_of_range(const char *parameters, const char *end)
{
    for (const char *at = parameters; at < end; at++) {
        if (*at != ';')
            continue;
        const char *name = at + 1 + strspn(at + 1, " \t");
        if (strncasecmp(name, "q=", 2) == 0)
            return read_quality(name + 2);
    }
    return QUALITY_MAX;
}

/* The quality of a media type that an Accept header names; 0: it does not name it. */
static int quality_of(const char *accept, const char *type)
{
    const char *range;
    size_t length;

    while ((range = http_header_next_element(&accept, &length)) != NULL) {
        size_t type_length = strcspn(range, ";, \t");
        if (type_length == strlen(type) && strncasecmp(range, type, type_length) == 0)
            return quality_of_range(range + type_length, range + length);
    }
    return 0;
}

static bool prefers_html(const struct http_request *request)
{
    const char *accept = http_request_header(request, "Accept");

    return accept != NULL &&
           quality_of(accept, "text/html") > quality_of(accept, "application/json");
}

static bool is_for_page(const struct http_request *request)
{
    static const char *const paths[] = {"/", "/_ivs-local", "/_ivs-local/"};
    size_t length = strcspn(request->target, "?");

    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        if (strlen(paths[i]) == length && memcmp(paths[i], request->target, length) == 0)
            return true;
    }
    return false;
}

bool page_respond(const struct http_request *request, const char *host,
                  const char *region, struct http_response *response)
{
    if (request->fault != NULL || !is_for_page(request) || !prefers_html(request))
        return false;
    const char *page = write_page(request->arena, host, region);
    size_t size = strlen(page) + 1;
    char *bytes = mem_alloc(size);
    memcpy(bytes, page, size);
    response->status = 200;
    http_respond_memory(response, bytes, size - 1);
    http_response_header(response, "Content-Type", "text/html; charset=utf-8");
    http_response_header(response, "Cache-Control", "no-store");
    http_response_header(response, "Content-Security-Policy",
                         write_policy(request->arena));
    http_response_header(response, "Referrer-Policy", "no-referrer");
    http_response_header(response, "Vary", "Accept");
    http_response_header(response, "X-Content-Type-Options", "nosniff");
    http_response_header(response, "X-Frame-Options", "DENY");
    return true;
}
