// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One call from request to reply.
#include "state.h"

static const char *const type_names[] = {"void",  "int32",  "uint32", "int64",  "uint64",
                                         "float", "double", "bool",   "string", "bytes"};

static void append_type(text_builder *text, uint32_t type) {
    bool known = type < sizeof(type_names) / sizeof(type_names[0]);
    const char *name = known ? type_names[type] : "?";
    text_append(text, (vitrine_text){name, __builtin_strlen(name)});
}

// WRONG_PARAMETERS: "add takes (int64, int64), was given (int64)".
static void refuse_parameters(vitrine_call *call, const vitrine_message *message) {
    text_builder text = {.byte_count = 0};
    text_append(&text, message->name);
    text_append(&text, VITRINE_TEXT(" takes ("));
    for (uint32_t i = 0; i < call->function->parameter_count; i++) {
        if (i > 0) text_append(&text, VITRINE_TEXT(", "));
        append_type(&text, call->function->parameter_types[i]);
    }
    text_append(&text, VITRINE_TEXT("), was given ("));
    for (uint32_t i = 0; i < message->value_count; i++) {
        if (i > 0) text_append(&text, VITRINE_TEXT(", "));
        append_type(&text, message->values[i].type);
    }
    text_append(&text, VITRINE_TEXT(")"));
    vitrine_return_error(call, VITRINE_ERROR_WRONG_PARAMETERS, text_of(&text));
}

// WRONG_RESULT: "add returns int64, string was asked for".
static void refuse_result(vitrine_call *call, vitrine_text verb, uint32_t given, vitrine_text rest, uint32_t wanted) {
    text_builder text = {.byte_count = 0};
    text_append(&text, (vitrine_text){call->function->name, call->function->name_byte_count});
    text_append(&text, verb);
    append_type(&text, given);
    text_append(&text, rest);
    append_type(&text, wanted);
    vitrine_return_error(call, VITRINE_ERROR_WRONG_RESULT, text_of(&text));
}

static bool parameters_match(const vitrine_guest_function *function, const vitrine_message *message) {
    if (function->parameter_count != message->value_count) return false;
    for (uint32_t i = 0; i < message->value_count; i++) {
        if (function->parameter_types[i] != message->values[i].type) return false;
    }
    return true;
}

static void run_function(vitrine_call *call) {
    call->function->body(call);
    uint8_t declared = call->function->result_type;
    if (call->outcome == 0 && declared == VITRINE_TYPE_VOID) {
        vitrine_return(call, vitrine_void());
    } else if (call->outcome == 0) {
        refuse_result(call, VITRINE_TEXT(" returned without a result, it declares "), declared,
                      VITRINE_TEXT(", wanted was "), call->expected_type);
    } else if (call->outcome == VITRINE_MESSAGE_RESULT && call->outcome_type != declared) {
        refuse_result(call, VITRINE_TEXT(" returned "), call->outcome_type, VITRINE_TEXT(", it declares "), declared);
    }
}

static void serve_message(vitrine_call *call, const uint8_t *bytes, uint64_t byte_count) {
    vitrine_message message;
    if (!vitrine_message_read(bytes, byte_count, &message) || message.kind != VITRINE_MESSAGE_CALL) {
        vitrine_return_error(call, VITRINE_ERROR_MALFORMED, VITRINE_TEXT("the request is not a call message"));
        return;
    }
    call->expected_type = message.code_or_type;
    call->function = find_function(message.name);
    if (call->function == NULL) {
        text_builder text = {.byte_count = 0};
        text_append(&text, VITRINE_TEXT("no guest function is named "));
        text_append(&text, message.name);
        vitrine_return_error(call, VITRINE_ERROR_UNKNOWN_FUNCTION, text_of(&text));
        return;
    }
    if (!parameters_match(call->function, &message)) {
        refuse_parameters(call, &message);
        return;
    }
    if (call->function->result_type != call->expected_type) {
        refuse_result(call, VITRINE_TEXT(" returns "), call->function->result_type, VITRINE_TEXT(", asked for was "),
                      call->expected_type);
        return;
    }
    call->parameter_count = message.value_count;
    for (uint32_t i = 0; i < message.value_count; i++) call->parameters[i] = message.values[i];
    run_function(call);
}

void vitrine_runtime_serve(void) {
    const volatile vitrine_control *control = vitrine_control_page;
    vitrine_call call;
    call.function = NULL;
    call.parameter_count = 0;
    call.outcome = 0;
    call.reply_byte_count = 0;
    vitrine_runtime.reserved_output = 0;
    vitrine_runtime.current_span = 0;
    vitrine_runtime.open_spans = 0;

    uint64_t offset = control->request_offset, byte_count = control->request_byte_count;
    uint64_t input_byte_count = control->input_byte_count;
    if (offset > input_byte_count || byte_count > input_byte_count - offset) byte_count = 0;

    vitrine_runtime.serving = true;
    serve_message(&call, (const uint8_t *)(control->input_address + offset), byte_count);
    vitrine_runtime.serving = false;
    vitrine_print_flush();

    vitrine_mailbox *mailbox = (vitrine_mailbox *)vitrine_runtime.output;
    mailbox->reply_sequence = control->request_sequence;  // host calls have moved it on
    mailbox->message_offset = MESSAGE_AREA_OFFSET;
    mailbox->message_byte_count = call.reply_byte_count;
}
