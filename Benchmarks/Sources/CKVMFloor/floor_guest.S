// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The floor's guest: waits in READY, does the operation that the mailbox names, waits again. Position-independent but
// for the absolute addresses of floor_layout.h. Runs at CPL 3 without a stack.
#include "floor_layout.h"

        .section .rodata
        .balign 16
        .globl  floor_guest_begin, floor_guest_end
floor_guest_begin:
ready:  out     %al, $FLOOR_PORT_READY
dispatch:
        mov     FLOOR_OPERATION, %rax
        cmp     $FLOOR_ADD, %rax
        je      add
        cmp     $FLOOR_HOST_CALLS, %rax
        je      host_calls
        cmp     $FLOOR_COPY, %rax
        je      copy
        cmp     $FLOOR_SPIN, %rax
        je      spin
        jmp     ready

add:    mov     FLOOR_FIRST, %rax
        add     FLOOR_SECOND, %rax
        mov     %rax, FLOOR_RESULT
        jmp     ready

host_calls:
        mov     FLOOR_FIRST, %rcx
        xor     %ebx, %ebx
        movq    $3, FLOOR_SECOND
1:      mov     %rcx, FLOOR_FIRST
        out     %al, $FLOOR_PORT_CALL_HOST
        add     FLOOR_REPLY, %rbx
        dec     %rcx
        jnz     1b
        mov     %rbx, FLOOR_RESULT
        jmp     ready

copy:   mov     $FLOOR_INPUT, %esi
        mov     $FLOOR_OUTPUT, %edi
        mov     FLOOR_FIRST, %rcx
        rep movsb
        jmp     ready

spin:   cmpq    $FLOOR_SPIN, FLOOR_OPERATION
        je      spin
        jmp     dispatch
floor_guest_end:

        .section .note.GNU-stack, "", @progbits
