#include "common/headers.h"

#include <stddef.h>

/* Sent by the service with every response, success or error; the colon in max-age is as
 * observed. Fidelity: common-headers-1 */
const struct http_header common_headers[] = {
    {"Access-Control-Expose-Headers",
     "Access-Control-Allow-Origin,Access-Control-Expose-Headers,Cache-Control,"
     "Content-Length,Content-Security-Policy,Content-Type,date,Strict-Transport-Security,"
     "x-amz-apigw-id,x-amzn-errormessage,x-amzn-errortype,x-amzn-requestid,"
     "x-amzn-trace-id,X-Content-Type-Options,X-Frame-Options"                         },
    {"Cache-Control",                 "no-store, no-cache"                            },
    {"Content-Security-Policy",       "default-src 'self'; upgrade-insecure-requests;"},
    {"Strict-Transport-Security",     "max-age:47304000; includeSubDomains"           },
    {"X-Content-Type-Options",        "nosniff"                                       },
    {"X-Frame-Options",               "DENY"                                          },
    {NULL,                            NULL                                            },
};
