// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The C library's names for the allocator; those of the memory functions are in memory.c. Most are plain jumps, so
// that an allocation's first frame is their caller.
#include "state.h"

#if !__STDC_HOSTED__

#define ENOMEM 12
#define EINVAL 22

void *malloc(size_t byte_count) { __attribute__((musttail)) return vitrine_allocate(byte_count); }
void *realloc(void *address, size_t byte_count) {
    __attribute__((musttail)) return vitrine_reallocate(address, byte_count);
}
void *aligned_alloc(size_t alignment, size_t byte_count) {
    __attribute__((musttail)) return vitrine_allocate_aligned(alignment, byte_count);
}
void free(void *address) { __attribute__((musttail)) return vitrine_free(address); }
size_t malloc_usable_size(const void *address) { return vitrine_allocation_byte_count(address); }

void *calloc(size_t count, size_t byte_count) {
    size_t total;
    if (__builtin_mul_overflow(count, byte_count, &total)) total = SIZE_MAX;  // never fits
    void *address = allocate_for(__builtin_frame_address(0), 16, total);
    return address == NULL ? NULL : vitrine_fill(address, 0, total);
}

int posix_memalign(void **address, size_t alignment, size_t byte_count) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *allocated = allocate_for(__builtin_frame_address(0), alignment, byte_count);
    if (allocated == NULL) return ENOMEM;
    *address = allocated;
    return 0;
}

#endif
