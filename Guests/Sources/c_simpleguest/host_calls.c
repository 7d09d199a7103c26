// SPDX-License-Identifier: MIT OR Apache-2.0
#include <vitrine_guest.h>

// Returns the host function's result, or its error.
static void return_reply(vitrine_call *call, vitrine_reply reply) {
    if (reply.error_code != 0) {
        vitrine_return_reply_error(call, &reply);
    } else {
        vitrine_return(call, reply.value);
    }
}

VITRINE_GUEST_FUNCTION(call_host_multiply, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    return_reply(call, vitrine_call_host(VITRINE_TEXT("multiply"), VITRINE_TYPE_INT64, call->parameters, 2));
}

VITRINE_GUEST_FUNCTION(call_host, VITRINE_TYPE_INT64, VITRINE_TYPE_STRING, VITRINE_TYPE_INT64) {
    vitrine_text name = vitrine_value_text(call->parameters[0]);
    return_reply(call, vitrine_call_host(name, VITRINE_TYPE_INT64, &call->parameters[1], 1));
}

VITRINE_GUEST_FUNCTION(call_host_string, VITRINE_TYPE_STRING, VITRINE_TYPE_STRING, VITRINE_TYPE_INT64) {
    vitrine_text name = vitrine_value_text(call->parameters[0]);
    return_reply(call, vitrine_call_host(name, VITRINE_TYPE_STRING, &call->parameters[1], 1));
}

// Calls `multiply(i, 1)` for i in 0 ..< n and returns the sum of the answers.
VITRINE_GUEST_FUNCTION(call_host_many, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    int64_t sum = 0;
    for (int64_t i = 0; i < call->parameters[0].int64; i++) {
        vitrine_reply reply = VITRINE_CALL_HOST("multiply", VITRINE_TYPE_INT64, vitrine_int64(i), vitrine_int64(1));
        if (reply.error_code != 0) {
            vitrine_return_reply_error(call, &reply);
            return;
        }
        sum += reply.value.int64;
    }
    vitrine_return(call, vitrine_int64(sum));
}

// Calls `multiply` with one string: the host must refuse it.
VITRINE_GUEST_FUNCTION(call_host_wrong, VITRINE_TYPE_INT64) {
    return_reply(call, VITRINE_CALL_HOST("multiply", VITRINE_TYPE_INT64, vitrine_string(VITRINE_TEXT("six"))));
}

VITRINE_GUEST_FUNCTION(guest_error, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32, VITRINE_TYPE_STRING) {
    vitrine_return_error(call, (uint32_t)call->parameters[0].int32, vitrine_value_text(call->parameters[1]));
}
