// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table of guest functions: the image's own part, which costs nothing at start, and the part added at run time.
#include "state.h"

static bool has_name(const vitrine_guest_function *function, vitrine_text name) {
    return function->name_byte_count == name.byte_count
        && vitrine_compare(function->name, name.bytes, name.byte_count) == 0;
}

// Linear, as guests have tens of functions; a repeated name is found at once.
const vitrine_guest_function *find_function(vitrine_text name) {
    const vitrine_guest_function *last = vitrine_runtime.last_found;
    if (last != NULL && has_name(last, name)) return last;
#if !__STDC_HOSTED__
    for (const vitrine_guest_function *function = vitrine_functions_start; function < vitrine_functions_end;
         function++) {
        if (has_name(function, name)) return vitrine_runtime.last_found = function;
    }
#endif
    for (uint32_t i = 0; i < vitrine_runtime.registered_count; i++) {
        const vitrine_guest_function *function = &vitrine_runtime.registered[i];
        if (has_name(function, name)) return vitrine_runtime.last_found = function;
    }
    return NULL;
}

void vitrine_guest_register(const vitrine_guest_function *function) {
    vitrine_state *state = &vitrine_runtime;
    bool valid = function->parameter_count <= VITRINE_LIMIT_PARAMETERS && function->name_byte_count > 0
        && function->name_byte_count <= VITRINE_LIMIT_NAME_BYTES;
    if (!valid || find_function((vitrine_text){function->name, function->name_byte_count}) != NULL) {
        text_builder text = {.byte_count = 0};
        text_append(&text, VITRINE_TEXT("a guest function is registered twice or against the limits: "));
        text_append(&text, (vitrine_text){function->name, function->name_byte_count});
        vitrine_abort(VITRINE_ERROR_PANIC, text_of(&text));
    }
    if (state->registered_count == state->registered_capacity) {
        uint32_t capacity = state->registered_capacity == 0 ? 64 : state->registered_capacity * 2;
        void *moved = vitrine_reallocate(state->registered, capacity * sizeof(vitrine_guest_function));
        if (moved == NULL) {
            vitrine_abort(VITRINE_ERROR_OUT_OF_MEMORY, VITRINE_TEXT("no memory for the table of guest functions"));
        }
        state->registered = moved;
        state->registered_capacity = capacity;
        state->last_found = NULL;  // may point into the old table
    }
    state->registered[state->registered_count++] = *function;
}
