// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Failed preconditions, overflows, bad indices and forced nils of Swift code, as guest aborts.
#include "state.h"

// Whether the text contains what Swift prints ahead of a trap's reason.
static bool is_reason(vitrine_text line) {
    static const vitrine_text marks[] = {
        {"atal error", 10},
        {"recondition failed", 18},
        {"ssertion failed", 15},
    };
    for (size_t mark = 0; mark < sizeof(marks) / sizeof(marks[0]); mark++) {
        for (size_t at = 0; at + marks[mark].byte_count <= line.byte_count; at++) {
            if (vitrine_compare(line.bytes + at, marks[mark].bytes, marks[mark].byte_count) == 0) return true;
        }
    }
    return false;
}

_Noreturn void vitrine_swift_trap(void) {
    vitrine_text reason = vitrine_print_last_line();
    text_builder text = {.byte_count = 0};
    text_append(&text, is_reason(reason) ? reason : VITRINE_TEXT("trap"));
    text_append(&text, VITRINE_TEXT(" (at "));
    text_append_address(&text, (uint64_t)__builtin_return_address(0));
    text_append(&text, VITRINE_TEXT(")"));
    vitrine_abort(VITRINE_ERROR_PANIC, text_of(&text));
}
