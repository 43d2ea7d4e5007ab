#include "curl_internal.h"

#include "base/log.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define FUNCTION(name) "curl_" #name, offsetof(struct curl_api, name)

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    {FUNCTION(global_init)},      {FUNCTION(global_cleanup)},
    {FUNCTION(easy_init)},        {FUNCTION(easy_cleanup)},
    {FUNCTION(easy_reset)},       {FUNCTION(easy_setopt)},
    {FUNCTION(easy_getinfo)},     {FUNCTION(easy_strerror)},
    {FUNCTION(multi_init)},       {FUNCTION(multi_cleanup)},
    {FUNCTION(multi_add_handle)}, {FUNCTION(multi_remove_handle)},
    {FUNCTION(multi_perform)},    {FUNCTION(multi_poll)},
    {FUNCTION(multi_wakeup)},     {FUNCTION(multi_info_read)},
    {FUNCTION(slist_append)},     {FUNCTION(slist_free_all)},
};

int curl_api_load(struct curl_api *out)
{
    /* Never unloaded: an abandoned name look-up may still be running in it. */
    void *library = dlopen(IVS_LOCAL_CURL, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);

    for (size_t i = 0; library != NULL && i < COUNT_OF(functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (function == NULL)
            library = NULL;
        /* POSIX lets a data pointer hold a function pointer; C does not. */
        memcpy((char *)out + functions[i].offset, &function, sizeof(function));
    }
    if (library == NULL) {
        char quoted[LOG_QUOTED_BYTES];
        log_error("libcurl cannot be loaded", "reason=%s", log_quoted(dlerror(), quoted));
        return -1;
    }
    return 0;
}

CURLcode curl_allow_http_only(const struct curl_api *curl, CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code != CURLE_UNKNOWN_OPTION)
        return code;
#endif
    return curl->easy_setopt(easy, CURLOPT_PROTOCOLS,
                             (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
}

CURLcode curl_abandon_look_ups(const struct curl_api *curl, CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    CURLcode code = curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    return code != CURLE_UNKNOWN_OPTION ? code : CURLE_OK;
#else
    (void)curl;
    (void)easy;
    return CURLE_OK;
#endif
}
