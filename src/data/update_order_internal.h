/*
 * The order of updates, for resources that are listed with the newest update first.
 */
#ifndef DATA_UPDATE_ORDER_INTERNAL_H
#define DATA_UPDATE_ORDER_INTERNAL_H

#include <stdint.h>

#include "base/attrs.h"
#include "store/txn.h"

/* Sets *out to the next place in the order, which no row has had before. DB_DONE: done.
 */
enum db_result update_order_next(struct txn *txn, int64_t *out) NODISCARD;

#endif
