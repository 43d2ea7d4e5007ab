/*
 * libcurl, loaded when the first request is sent. It depends on twenty other libraries:
 * linking it would cost 3 ms and 3 MiB at every start, though few servers send anything.
 */
#ifndef HTTP_CURL_INTERNAL_H
#define HTTP_CURL_INTERNAL_H

#include "base/attrs.h"

/* Options that newer headers advise against are needed for older libraries. */
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>

/* The functions of the library that are used here, by their own names. */
struct curl_api {
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *easy);
    void (*easy_reset)(CURL *easy);
    CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
    const char *(*easy_strerror)(CURLcode code);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *multi);
    CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_perform)(CURLM *multi, int *running);
    CURLMcode (*multi_poll)(CURLM *multi, struct curl_waitfd fds[], unsigned count,
                            int timeout_ms, int *ready);
    CURLMcode (*multi_wakeup)(CURLM *multi);
    CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
};

/* Loads the library, once for the process, and fills *out. -1 if it is not available. */
int curl_api_load(struct curl_api *out) NODISCARD;

/*
 * The library may be older than the headers that we were built with: all versions since
 * 2006 have the same soname. These set options that it may not know.
 */

/* Only HTTP and HTTPS. Before 7.85 with another option. */
CURLcode curl_allow_http_only(const struct curl_api *curl, CURL *easy) NODISCARD;

/* A name server that does not respond must not delay the end of the program. Before 7.87
 * nothing prevents that: this does nothing. */
CURLcode curl_abandon_look_ups(const struct curl_api *curl, CURL *easy) NODISCARD;

#endif
