// SPDX-License-Identifier: MIT OR Apache-2.0
#include "hypercall.h"
#include "state.h"

static vitrine_reply failure(uint32_t code, vitrine_text text) {
    return (vitrine_reply){code, vitrine_string(text)};
}

vitrine_message_writer vitrine_host_call_begin(vitrine_text name, uint32_t result_type, uint32_t parameter_count) {
    vitrine_state *state = &vitrine_runtime;
    uint64_t taken = MESSAGE_AREA_OFFSET + state->reserved_output;
    vitrine_message_writer writer = {state->output + taken, state->output_byte_count - taken, 0, false};
    vitrine_write_header(&writer, VITRINE_MESSAGE_CALL, (uint16_t)parameter_count, name, result_type);
    return writer;
}

vitrine_reply vitrine_host_call_finish(vitrine_message_writer *writer, uint32_t result_type) {
    if (!vitrine_runtime.serving) {
        return failure(VITRINE_ERROR_HOST_FUNCTION_FAILED,
                       VITRINE_TEXT("host functions can be called only while a guest function is being served"));
    }
    if (!vitrine_write_finish(writer)) {
        return failure(VITRINE_ERROR_BUFFER_TOO_SMALL, VITRINE_TEXT("the host call does not fit the output buffer"));
    }
    const volatile vitrine_control *control = vitrine_control_page;
    uint64_t sequence = control->request_sequence;
    vitrine_mailbox *mailbox = (vitrine_mailbox *)vitrine_runtime.output;
    mailbox->reply_sequence = sequence;
    mailbox->message_offset = (uint64_t)(writer->start - vitrine_runtime.output);
    mailbox->message_byte_count = writer->used;
    vitrine_print_flush();
    vitrine_ring(VITRINE_PORT_CALL_HOST);

    uint64_t offset = control->request_offset, byte_count = control->request_byte_count;
    vitrine_message message;
    if (control->request_sequence == sequence || offset > control->input_byte_count
        || byte_count > control->input_byte_count - offset
        || !vitrine_message_read((const uint8_t *)(control->input_address + offset), byte_count, &message)
        || message.kind == VITRINE_MESSAGE_CALL) {
        return failure(VITRINE_ERROR_MALFORMED, VITRINE_TEXT("the host's answer is not a result or error message"));
    }
    if (message.kind == VITRINE_MESSAGE_ERROR) {
        uint32_t code = message.code_or_type != 0 ? message.code_or_type : VITRINE_ERROR_HOST_FUNCTION_FAILED;
        return (vitrine_reply){code, message.values[0]};
    }
    if (message.values[0].type != result_type) {
        return failure(VITRINE_ERROR_WRONG_RESULT, VITRINE_TEXT("the host's answer is not of the type asked for"));
    }
    return (vitrine_reply){0, message.values[0]};
}

vitrine_reply vitrine_call_host(vitrine_text name, uint32_t result_type, const vitrine_value *parameters,
                                uint32_t parameter_count) {
    vitrine_message_writer writer = vitrine_host_call_begin(name, result_type, parameter_count);
    for (uint32_t i = 0; i < parameter_count; i++) vitrine_write_value(&writer, parameters[i]);
    return vitrine_host_call_finish(&writer, result_type);
}

void vitrine_return_reply_error(vitrine_call *call, const vitrine_reply *reply) {
    vitrine_return_error(call, reply->error_code, vitrine_value_text(reply->value));
}
