// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Strings and bytes, read where the host put them and written where the host reads them.
#include <vitrine_guest.h>

VITRINE_GUEST_FUNCTION(concat, VITRINE_TYPE_STRING, VITRINE_TYPE_STRING, VITRINE_TYPE_STRING) {
    vitrine_text first = vitrine_value_text(call->parameters[0]), second = vitrine_value_text(call->parameters[1]);
    char *result = vitrine_return_in_place(call, VITRINE_TYPE_STRING, first.byte_count + second.byte_count);
    if (result == NULL) return;
    memcpy(result, first.bytes, first.byte_count);
    memcpy(result + first.byte_count, second.bytes, second.byte_count);
}

VITRINE_GUEST_FUNCTION(sum_bytes, VITRINE_TYPE_UINT64, VITRINE_TYPE_BYTES) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < call->parameters[0].byte_count; i++) sum += call->parameters[0].bytes[i];
    vitrine_return(call, vitrine_uint64(sum));
}

VITRINE_GUEST_FUNCTION(fill_bytes, VITRINE_TYPE_BYTES, VITRINE_TYPE_INT64, VITRINE_TYPE_INT32) {
    void *result = vitrine_return_in_place(call, VITRINE_TYPE_BYTES, (size_t)call->parameters[0].int64);
    if (result != NULL) memset(result, call->parameters[1].int32, (size_t)call->parameters[0].int64);
}
