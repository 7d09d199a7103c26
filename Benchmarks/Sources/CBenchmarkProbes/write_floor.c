// SPDX-License-Identifier: MIT OR Apache-2.0

#include "write_floor.h"

#include <string.h>
#include <unistd.h>

int64_t write_floor(int descriptor, int64_t count) {
    char line[100];
    memset(line, 'a', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    int64_t byte_count = 0;
    for (int64_t index = 0; index < count; index++) {
        ssize_t written = write(descriptor, line, sizeof(line));
        if (written < 0) return -1;
        byte_count += written;
    }
    return byte_count;
}
