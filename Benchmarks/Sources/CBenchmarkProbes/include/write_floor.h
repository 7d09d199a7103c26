// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The floor of a line that is written: the system call alone.
#ifndef WRITE_FLOOR_H
#define WRITE_FLOOR_H

#include <stdint.h>

// Writes a line of 100 bytes to a descriptor, `count` times. How many bytes went out, or -1.
int64_t write_floor(int descriptor, int64_t count);

#endif
