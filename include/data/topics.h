/*
 * The topics of commits: a transaction notes them with txn_note(), and listeners of a
 * store are called for them.
 */
#ifndef DATA_TOPICS_H
#define DATA_TOPICS_H

enum topic {
    TOPIC_EVENTS = 1 << 0, /* events were written */
    TOPIC_DUE = 1 << 1,    /* something may be due earlier than expected */
    TOPIC_CLOCK = 1 << 2,  /* the clock of a scope was moved or reset */
};

#endif
