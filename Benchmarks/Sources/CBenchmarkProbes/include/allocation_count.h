// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Counts the allocations of a process: whatever links this target has its malloc, calloc, realloc, posix_memalign,
// aligned_alloc and memalign pass through here on their way to glibc. For benchmarks only.
#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>
#include <stdint.h>

// Whether to count, from now on and on all threads. It begins with no: an allocation then costs one load more.
void allocation_counting_set(bool is_counting);

// How many there were while it counted. A realloc is one, whether it moves or not; a failed one counts as well.
uint64_t allocation_count(void);

// The same of the calling thread alone.
uint64_t allocation_count_of_thread(void);

#endif
