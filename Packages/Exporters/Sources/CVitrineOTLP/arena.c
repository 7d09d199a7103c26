// SPDX-License-Identifier: MIT OR Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "arena.h"

// Chunks double, so that a batch of any size takes a handful of them, and the next one of that size none.
#define FIRST_CHUNK_BYTES ((size_t)64 << 10)
#define LARGEST_STEP_BYTES ((size_t)16 << 20)

struct chunk {
    struct chunk *next;
    size_t count;
    uint8_t bytes[];
};

static struct chunk *new_chunk(vitrine_otlp_batch *batch, size_t count) {
    struct chunk *chunk = malloc(sizeof *chunk + count);
    if (chunk == NULL) return NULL;
    chunk->count = count;
    chunk->next = batch->chunks;
    batch->chunks = chunk;
    batch->held_bytes += count;
    batch->free = chunk->bytes;
    batch->free_count = count;
    return chunk;
}

void *vitrine_otlp_allocate_slowly(vitrine_otlp_batch *batch, size_t count) {
    size_t step = batch->held_bytes < FIRST_CHUNK_BYTES ? FIRST_CHUNK_BYTES : batch->held_bytes;
    if (step > LARGEST_STEP_BYTES) step = LARGEST_STEP_BYTES;
    if (new_chunk(batch, count > step ? count : step) == NULL) {
        batch->failure = VITRINE_OTLP_NO_MEMORY;
        return NULL;
    }
    return allocate(batch, count);
}

void vitrine_otlp_release_arena(vitrine_otlp_batch *batch) {
    while (batch->chunks != NULL) {
        struct chunk *next = batch->chunks->next;
        free(batch->chunks);
        batch->chunks = next;
    }
    batch->held_bytes = 0;
    batch->free = NULL;
    batch->free_count = 0;
}

void vitrine_otlp_empty_arena(vitrine_otlp_batch *batch) {
    if (batch->chunks == NULL) return;
    if (batch->chunks->next == NULL && batch->held_bytes <= batch->retained_bytes) {
        batch->free = batch->chunks->bytes;
        batch->free_count = batch->chunks->count;
        return;
    }
    // One chunk that takes all of the last request, if that may be kept.
    size_t count = batch->held_bytes < batch->retained_bytes ? batch->held_bytes : batch->retained_bytes;
    vitrine_otlp_release_arena(batch);
    if (count > 0) new_chunk(batch, count);
}
