// SPDX-License-Identifier: MIT OR Apache-2.0
#include <vitrine_guest.h>

// Allocates `bytes` bytes `count` times and frees each; returns the bytes allocated in all.
VITRINE_GUEST_FUNCTION(allocate, VITRINE_TYPE_INT64, VITRINE_TYPE_INT32, VITRINE_TYPE_INT32) {
    int64_t total = 0;
    for (int32_t i = 0; i < call->parameters[0].int32; i++) {
        size_t byte_count = (size_t)call->parameters[1].int32;
        uint8_t *memory = malloc(byte_count);
        if (memory == NULL) {
            vitrine_return_error(call, VITRINE_ERROR_OUT_OF_MEMORY, VITRINE_TEXT("malloc returned NULL"));
            return;
        }
        *(volatile uint8_t *)memory = (uint8_t)i;  // so that the compiler leaves the pair in
        total += (int64_t)byte_count;
        free(memory);
    }
    vitrine_return(call, vitrine_int64(total));
}

// Allocates and forgets.
VITRINE_GUEST_FUNCTION(leak, VITRINE_TYPE_VOID, VITRINE_TYPE_INT64) {
    uint8_t *volatile memory = malloc((size_t)call->parameters[0].int64);
    (void)memory;
}

// Allocates until nothing is left, then gives up.
VITRINE_GUEST_FUNCTION(out_of_memory, VITRINE_TYPE_VOID) {
    for (;;) {
        uint8_t *volatile memory = malloc(64 << 10);
        if (memory == NULL) vitrine_abort(VITRINE_ERROR_OUT_OF_MEMORY, VITRINE_TEXT("the heap is exhausted"));
    }
}
