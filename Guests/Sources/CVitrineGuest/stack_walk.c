// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Walks frame pointers: [rbp] is the caller's rbp, [rbp + 8] the return address. A frame counts only if it lies in the
// stack, above the one before, and returns into the image's code, so a broken chain ends the walk and nothing else.
#include "state.h"

static bool is_code(uint64_t address) {
#if __STDC_HOSTED__
    return address != 0;
#else
    return address >= (uint64_t)vitrine_code_start && address < (uint64_t)vitrine_code_end;
#endif
}

uint32_t walk_stack(const void *frame, uint64_t *addresses, uint32_t limit, bool *cut) {
    const volatile vitrine_control *control = vitrine_control_page;
    uint64_t lowest = control->stack_address;
    uint64_t end = lowest + control->stack_byte_count;
    uint64_t at = (uint64_t)frame;
    uint32_t count = 0;
    *cut = false;
    while (at >= lowest && at <= end - 16 && at % 8 == 0) {
        const uint64_t *pair = (const uint64_t *)at;
        if (!is_code(pair[1])) break;
        if (count == limit) {
            *cut = true;
            break;
        }
        addresses[count++] = pair[1];
        if (pair[0] <= at) break;
        lowest = at;
        at = pair[0];
    }
    return count;
}
