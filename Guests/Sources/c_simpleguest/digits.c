// SPDX-License-Identifier: MIT OR Apache-2.0
#include <vitrine_guest.h>

// Every number of parameters: what `add`, `sum10` and the echoes leave out. The parameters are decimal digits, so that
// their order shows in the result.
static void return_digits(vitrine_call *call) {
    uint64_t number = 0;
    for (uint32_t i = 0; i < call->parameter_count; i++) number = number * 10 + call->parameters[i].uint64;
    vitrine_return(call, vitrine_int64((int64_t)number));
}

#define I64 VITRINE_TYPE_INT64

VITRINE_GUEST_FUNCTION(digits3, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits4, I64, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits5, I64, I64, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits6, I64, I64, I64, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits7, I64, I64, I64, I64, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits8, I64, I64, I64, I64, I64, I64, I64, I64, I64) { return_digits(call); }
VITRINE_GUEST_FUNCTION(digits9, I64, I64, I64, I64, I64, I64, I64, I64, I64, I64) { return_digits(call); }

// Calls the host functions `noteN`, which returns nothing, and `digitsN` with 1, 2, … N; returns the latter's result.
VITRINE_GUEST_FUNCTION(call_host_digits, I64, VITRINE_TYPE_INT32) {
    static const char *const notes[] = {"note0", "note1", "note2", "note3", "note4", "note5",
                                        "note6", "note7", "note8", "note9", "note10"};
    static const char *const digits[] = {"digits0", "digits1", "digits2", "digits3", "digits4", "digits5",
                                         "digits6", "digits7", "digits8", "digits9", "digits10"};
    uint32_t count = (uint32_t)call->parameters[0].int32;
    if (count > 10) count = 10;
    vitrine_value values[10];
    for (uint32_t i = 0; i < 10; i++) values[i] = vitrine_int64(i + 1);
    vitrine_text note = {notes[count], strlen(notes[count])};
    vitrine_text name = {digits[count], strlen(digits[count])};
    vitrine_reply reply = vitrine_call_host(note, VITRINE_TYPE_VOID, values, count);
    if (reply.error_code == 0) reply = vitrine_call_host(name, I64, values, count);
    if (reply.error_code != 0) {
        vitrine_return_reply_error(call, &reply);
    } else {
        vitrine_return(call, reply.value);
    }
}
