/*
 * Values of a channel that both its shapes and its rules use.
 */
#ifndef IVS_CHANNEL_INTERNAL_H
#define IVS_CHANNEL_INTERNAL_H

#define STANDARD "STANDARD"
#define TS "TS"
#define FRAGMENTED_MP4 "FRAGMENTED_MP4"
#define HIGHER_BANDWIDTH_DELIVERY "HIGHER_BANDWIDTH_DELIVERY"

#endif
