// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Host calls that are not what they should be. Should the host resume the guest after a malformed one, the kind's
// number is returned.
#include "hostile.h"

#define CALL VITRINE_MESSAGE_CALL

static void call_host(vitrine_call *call, uint64_t byte_count) {
    send(VITRINE_PORT_CALL_HOST, sequence(), sizeof(vitrine_mailbox), byte_count);
    vitrine_return(call, call->parameters[0]);
}

static void return_error(vitrine_call *call, vitrine_reply reply) {
    if (reply.error_code != 0) vitrine_return_reply_error(call, &reply);
}

void hostile_host_call_missing(vitrine_call *call) {
    return_error(call, VITRINE_CALL_HOST("no such host function", VITRINE_TYPE_INT64));
}

void hostile_host_call_wrong_parameters(vitrine_call *call) {
    return_error(call, VITRINE_CALL_HOST("multiply", VITRINE_TYPE_INT64, vitrine_string(VITRINE_TEXT("six"))));
}

void hostile_host_call_garbage(vitrine_call *call) {
    put_garbage(message_area(), 256);
    call_host(call, 256);
}

void hostile_host_call_empty(vitrine_call *call) { call_host(call, 0); }

void hostile_host_call_result(vitrine_call *call) {
    call_host(call, PUT_WORDS(HEADER(32, VITRINE_MESSAGE_RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_INT32, 4), 7));
}

void hostile_host_call_eleven(vitrine_call *call) {
    call_host(call, PUT_WORDS(HEADER(200, CALL, 11, 3, VITRINE_TYPE_INT64), 0x646461, VALUE(3, 8), 1, VALUE(3, 8), 2,
                        VALUE(3, 8), 3, VALUE(3, 8), 4, VALUE(3, 8), 5, VALUE(3, 8), 6, VALUE(3, 8), 7, VALUE(3, 8), 8,
                        VALUE(3, 8), 9, VALUE(3, 8), 10, VALUE(3, 8), 11));
}

void hostile_host_call_no_name(vitrine_call *call) {
    call_host(call, PUT_WORDS(HEADER(16, CALL, 0, 0, VITRINE_TYPE_INT64)));
}

void hostile_host_call_long_name(vitrine_call *call) {
    PUT_WORDS(HEADER(280, CALL, 0, 257, VITRINE_TYPE_INT64));
    memset(message_area() + 16, 'n', 264);
    call_host(call, 280);
}

void hostile_host_call_not_utf8(vitrine_call *call) {
    call_host(call, PUT_WORDS(HEADER(24, CALL, 0, 8, VITRINE_TYPE_INT64), 0xC0FFFEFDFC80C1F5));
}

void hostile_host_call_unknown_type(vitrine_call *call) {
    call_host(call, PUT_WORDS(HEADER(24, CALL, 0, 8, 77), 0x796C7069746C756D));  // "multiply"
}

void hostile_host_call_future_sequence(vitrine_call *call) {
    uint64_t byte_count = PUT_WORDS(HEADER(24, CALL, 0, 8, VITRINE_TYPE_INT64), 0x796C7069746C756D);
    send(VITRINE_PORT_CALL_HOST, sequence() + 1, sizeof(vitrine_mailbox), byte_count);
    vitrine_return(call, call->parameters[0]);
}

void hostile_host_call_flood(vitrine_call *) {
    for (int i = 0; i < 10000; i++) VITRINE_CALL_HOST("no such host function", VITRINE_TYPE_INT64);
}
