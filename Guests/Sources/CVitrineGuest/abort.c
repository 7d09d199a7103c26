// SPDX-License-Identifier: MIT OR Apache-2.0
#include "hypercall.h"
#include "state.h"

_Noreturn void vitrine_abort(uint32_t code, vitrine_text text) {
    vitrine_print_flush();
    vitrine_call unreturned;
    vitrine_return_error(&unreturned, code, text);
    vitrine_mailbox *mailbox = (vitrine_mailbox *)vitrine_runtime.output;
    mailbox->reply_sequence = vitrine_control_page->request_sequence;
    mailbox->message_offset = MESSAGE_AREA_OFFSET;
    mailbox->message_byte_count = unreturned.reply_byte_count;
    for (;;) vitrine_ring(VITRINE_PORT_ABORT);
}

_Noreturn void vitrine_assertion_failed(vitrine_text expression, vitrine_text file, uint32_t line) {
    text_builder text = {.byte_count = 0};
    text_append(&text, VITRINE_TEXT("assertion failed: "));
    text_append(&text, expression);
    text_append(&text, VITRINE_TEXT(", "));
    text_append(&text, file);
    text_append(&text, VITRINE_TEXT(":"));
    text_append_number(&text, line);
    vitrine_abort(VITRINE_ERROR_PANIC, text_of(&text));
}

#if !__STDC_HOSTED__
_Noreturn void abort(void) { vitrine_abort(VITRINE_ERROR_PANIC, VITRINE_TEXT("abort() was called")); }
#endif
