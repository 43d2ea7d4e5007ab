#include "base/version.h"

const char ivs_local_version[] = IVS_LOCAL_VERSION;
