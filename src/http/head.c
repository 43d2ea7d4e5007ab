#include "head_internal.h"

#include "base/text.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *name)
{
    size_t length =
        text_span(name, TEXT_DIGITS | TEXT_LOWER | TEXT_UPPER, "!#$%&'*+-.^_`|~");

    return length > 0 && name[length] == '\0';
}

void head_add(struct head *head, const char *name, const char *value)
{
    if (!is_token(name))
        head->bad_name = true;
    else if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0)
        head->hosts++;
    else if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
        head->lengths++;
    else if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        head->codings++;
        /* Exactly as libmicrohttpd compares it: for any other value, even one with a
         * space at its end, 0.9.75 reads no chunks. */
        head->chunked = value != NULL && strcasecmp(value, "chunked") == 0;
    }
}

/* RFC 9112, sections 5.1, 6.1 and 6.3. */
static const char *framing_fault(const struct head *head, bool is_old)
{
    if (head->bad_name)
        return "The name of a header is not a token";
    if (head->lengths > 1)
        return "The request has more than one Content-Length";
    if (head->lengths > 0 && head->codings > 0)
        return "The request has both Content-Length and Transfer-Encoding";
    if (head->codings > 1 || (head->codings == 1 && !head->chunked))
        return "The only supported Transfer-Encoding is chunked";
    if (head->codings > 0 && is_old)
        return "HTTP/1.0 has no Transfer-Encoding";
    return NULL;
}

const char *head_fault(const struct head *head, const char *version, bool *unframed)
{
    bool is_old = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    const char *fault = framing_fault(head, is_old);

    *unframed = fault != NULL;
    if (fault != NULL)
        return fault;
    if (head->hosts > 1) /* RFC 9112, section 3.2 */
        return "The request has more than one Host";
    return head->hosts == 0 && !is_old ? "The request has no Host" : NULL;
}
