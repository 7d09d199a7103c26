// SPDX-License-Identifier: MIT OR Apache-2.0
#include "hypercall.h"
#include "state.h"

const volatile vitrine_control *vitrine_control_page;
vitrine_state vitrine_runtime;

void vitrine_runtime_attach(const vitrine_control *control) {
    vitrine_control_page = control;
    vitrine_runtime = (vitrine_state){
        .output = (uint8_t *)control->output_address,
        .output_byte_count = control->output_byte_count,
    };
#if __STDC_HOSTED__
    reset_heap();  // a guest attaches once, tests many times
#endif
}

void vitrine_abort_when_out_of_memory(bool aborts) { vitrine_runtime.aborts_when_out_of_memory = aborts; }

#if __STDC_HOSTED__
static void (*ring_handler)(uint16_t port);
void vitrine_test_on_ring(void (*handler)(uint16_t port)) { ring_handler = handler; }
void vitrine_test_ring(uint16_t port) { ring_handler(port); }
#else

// The ELF note by which a host knows the ABI before it runs anything.
__attribute__((section(".note.vitrine"), used, retain, aligned(4))) static const struct {
    uint32_t name_byte_count, descriptor_byte_count, type;
    char name[sizeof(VITRINE_NOTE_OWNER)];
    uint32_t version;
} vitrine_note = {sizeof(VITRINE_NOTE_OWNER), 4, VITRINE_NOTE_TYPE, VITRINE_NOTE_OWNER, VITRINE_ABI_VERSION};

// The program's own part: a Swift guest's `@main`, or a C guest's optional `main`.
int main(int argc, char **argv) __attribute__((weak));

extern void (*const vitrine_initializers_start[])(void);
extern void (*const vitrine_initializers_end[])(void);

_Noreturn __attribute__((used)) static void begin(const vitrine_control *control) {
    if (control->magic != VITRINE_CONTROL_MAGIC || control->abi_version != VITRINE_ABI_VERSION) {
        __builtin_trap();  // nothing is known about where to write a message
    }
    vitrine_runtime_attach(control);
    for (void (*const *initializer)(void) = vitrine_initializers_start; initializer < vitrine_initializers_end;
         initializer++) {
        (*initializer)();
    }
    if (main) {
        char *no_arguments[] = {NULL};
        main(0, no_arguments);
    }
    vitrine_runtime_run();
}

// The entry point: rdi holds the control page's address. A zero frame pointer ends every stack walk.
__attribute__((naked, used)) void _start(void) {
    __asm__("xorl %ebp, %ebp\n\tandq $-16, %rsp\n\tcallq begin");
}
#endif

_Noreturn void vitrine_runtime_run(void) {
    vitrine_mailbox *mailbox = (vitrine_mailbox *)vitrine_runtime.output;
    *mailbox = (vitrine_mailbox){0};
    vitrine_print_flush();
    vitrine_ring(VITRINE_PORT_READY);
    for (;;) {
        vitrine_runtime_serve();
        vitrine_ring(VITRINE_PORT_READY);
    }
}
