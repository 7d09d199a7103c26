// SPDX-License-Identifier: MIT OR Apache-2.0

#include "allocation_count.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// glibc's own, under the names that it keeps for those who replace the others. free needs no replacement: the memory is
// glibc's.
extern void *__libc_malloc(size_t byte_count);
extern void *__libc_calloc(size_t count, size_t byte_count);
extern void *__libc_realloc(void *memory, size_t byte_count);
extern void *__libc_memalign(size_t alignment, size_t byte_count);

// Statically initialized: the first allocation of a process comes before any code of it runs.
static atomic_bool counts;
static _Atomic uint64_t count_so_far;
static _Thread_local uint64_t count_of_thread;

void allocation_counting_set(bool is_counting) { atomic_store_explicit(&counts, is_counting, memory_order_relaxed); }

uint64_t allocation_count(void) { return atomic_load_explicit(&count_so_far, memory_order_relaxed); }

uint64_t allocation_count_of_thread(void) { return count_of_thread; }

static inline void note(void) {
    if (!atomic_load_explicit(&counts, memory_order_relaxed)) return;
    atomic_fetch_add_explicit(&count_so_far, 1, memory_order_relaxed);
    ++count_of_thread;
}

void *malloc(size_t byte_count) {
    note();
    return __libc_malloc(byte_count);
}

void *calloc(size_t count, size_t byte_count) {
    note();
    return __libc_calloc(count, byte_count);
}

void *realloc(void *memory, size_t byte_count) {
    note();
    return __libc_realloc(memory, byte_count);
}

void *memalign(size_t alignment, size_t byte_count) {
    note();
    return __libc_memalign(alignment, byte_count);
}

void *aligned_alloc(size_t alignment, size_t byte_count) {
    note();
    return __libc_memalign(alignment, byte_count);
}

// POSIX: the alignment is a power of two and a multiple of a pointer's size; the error is returned, errno stays.
int posix_memalign(void **memory, size_t alignment, size_t byte_count) {
    note();
    if (alignment == 0 || alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int error = errno;
    void *made = __libc_memalign(alignment, byte_count);
    errno = error;
    if (made == NULL) return ENOMEM;
    *memory = made;
    return 0;
}
