/*
 * The topics of commits: what a transaction notes with txn_note(), and what listeners of
 * a store are called for.
 */
#ifndef DATA_TOPICS_H
#define DATA_TOPICS_H

enum topic {
    TOPIC_EVENTS = 1 << 0, /* events were written */
    TOPIC_DUE = 1 << 1,    /* something may be due earlier than the next thing was */
};

#endif
