// SPDX-License-Identifier: MIT OR Apache-2.0
#include <vitrine_guest.h>

VITRINE_GUEST_FUNCTION(add, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    uint64_t sum = call->parameters[0].uint64 + call->parameters[1].uint64;  // unsigned: overflow wraps
    vitrine_return(call, vitrine_int64((int64_t)sum));
}

VITRINE_GUEST_FUNCTION(sub, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    uint64_t difference = call->parameters[0].uint64 - call->parameters[1].uint64;
    vitrine_return(call, vitrine_int64((int64_t)difference));
}

VITRINE_GUEST_FUNCTION(multiply, VITRINE_TYPE_DOUBLE, VITRINE_TYPE_DOUBLE, VITRINE_TYPE_DOUBLE) {
    vitrine_return(call, vitrine_double(call->parameters[0].float64 * call->parameters[1].float64));
}

VITRINE_GUEST_FUNCTION(sum10, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64,
                       VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64,
                       VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < call->parameter_count; i++) sum += call->parameters[i].uint64;
    vitrine_return(call, vitrine_int64((int64_t)sum));
}

// The number of calls so far: state that is kept between calls.
VITRINE_GUEST_FUNCTION(count, VITRINE_TYPE_INT64) {
    static int64_t calls;
    vitrine_return(call, vitrine_int64(++calls));
}
