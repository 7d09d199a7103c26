// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Random bytes for hash seeds, from the sandbox's own seed. Not for secrets: the host knows them all.
#include "state.h"

#if !__STDC_HOSTED__
void arc4random_buf(void *bytes, size_t byte_count) {
    static uint64_t state;
    if (state == 0) state = vitrine_control_page->random_seed[1];
    for (size_t at = 0; at < byte_count; at++) {
        if (at % 8 == 0) state += 0x9E3779B97F4A7C15ull;
        uint64_t mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9ull;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
        ((uint8_t *)bytes)[at] = (uint8_t)((mixed ^ mixed >> 31) >> at % 8 * 8);
    }
}
#endif
