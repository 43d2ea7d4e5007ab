/*
 * The version of this program.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* Such as 0.1.0; defined once, in CMakeLists.txt. */
extern const char ivs_local_version[];

#endif
