/*
 * What this program is called and which one it is.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* Such as 0.1.0; stated once, in CMakeLists.txt. */
extern const char ivs_local_version[];

#endif
