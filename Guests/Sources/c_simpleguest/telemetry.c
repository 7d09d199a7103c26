// SPDX-License-Identifier: MIT OR Apache-2.0
#define VITRINE_TARGET "c_simpleguest"
#include <vitrine_guest.h>

VITRINE_GUEST_FUNCTION(print, VITRINE_TYPE_VOID, VITRINE_TYPE_STRING) {
    vitrine_print(vitrine_value_text(call->parameters[0]));
}

VITRINE_GUEST_FUNCTION(log, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32, VITRINE_TYPE_STRING) {
    VITRINE_EVENT((uint32_t)call->parameters[0].int32, vitrine_value_text(call->parameters[1]));
}

// One span inside the other, `depth` of them, with a field and an event in each.
static void nest(int32_t depth, int32_t deepest) {
    vitrine_span span = VITRINE_SPAN_OPEN(VITRINE_LEVEL_INFO, "nested",
                                          vitrine_field_int64(VITRINE_TEXT("depth"), depth));
    VITRINE_LOG(VITRINE_LEVEL_INFO, "entered", vitrine_field_int64(VITRINE_TEXT("depth"), depth),
                vitrine_field_bool(VITRINE_TEXT("deepest"), depth == deepest));
    if (depth < deepest) nest(depth + 1, deepest);
    VITRINE_SPAN_EDIT(span, vitrine_field_string(VITRINE_TEXT("outcome"), VITRINE_TEXT("done")));
    vitrine_span_close(span);
}

VITRINE_GUEST_FUNCTION(trace_nested, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32) {
    if (call->parameters[0].int32 > 0) nest(1, call->parameters[0].int32);
}

// A guest span with a host call inside.
VITRINE_GUEST_FUNCTION(span_across_host_call, VITRINE_TYPE_INT64) {
    vitrine_span span = VITRINE_SPAN_OPEN(VITRINE_LEVEL_INFO, "across",
                                          vitrine_field_double(VITRINE_TEXT("ratio"), 0.5));
    vitrine_reply reply = VITRINE_CALL_HOST("multiply", VITRINE_TYPE_INT64, vitrine_int64(6), vitrine_int64(7));
    VITRINE_LOG(VITRINE_LEVEL_INFO, "back in the guest",
                vitrine_field_int64(VITRINE_TEXT("product"), reply.value.int64));
    vitrine_span_close(span);
    if (reply.error_code != 0) {
        vitrine_return_reply_error(call, &reply);
    } else {
        vitrine_return(call, reply.value);
    }
}
