// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Where things lie in the floor's guest memory (guest-physical = guest-virtual), for C and the assembler.
#ifndef FLOOR_LAYOUT_H
#define FLOOR_LAYOUT_H

#define FLOOR_PML4 0x1000
#define FLOOR_PDPT 0x2000
#define FLOOR_PD 0x3000
#define FLOOR_PT 0x4000
#define FLOOR_GDT 0x5000
#define FLOOR_TSS 0x6000
#define FLOOR_CODE 0x8000     // user, read and execute
#define FLOOR_MAILBOX 0x9000  // user, read and write
#define FLOOR_INPUT 0x200000
#define FLOOR_OUTPUT 0x400000

// Words of the mailbox.
#define FLOOR_OPERATION 0x9000
#define FLOOR_FIRST 0x9008
#define FLOOR_SECOND 0x9010
#define FLOOR_RESULT 0x9018
#define FLOOR_REPLY 0x9020

// Operations.
#define FLOOR_ADD 1
#define FLOOR_HOST_CALLS 2
#define FLOOR_COPY 3
#define FLOOR_SPIN 4

#define FLOOR_PORT_READY 0xE0
#define FLOOR_PORT_CALL_HOST 0xE2

#endif
