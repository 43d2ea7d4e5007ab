#include "shelf_internal.h"

void shelf_free(struct shelf *shelf)
{
    if (shelf == NULL)
        return;
    pthread_mutex_destroy(&shelf->lock);
    shelf->kind->free(shelf);
}
