// SPDX-License-Identifier: MIT OR Apache-2.0

#include "vitrine_clock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#if defined(__x86_64__)

// The kernel leaves its clock source when it finds it unsteady (Documentation/timers/timekeeping.rst).
static bool kernel_keeps_time_by_it(void)
{
    int file = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char name[8] = {0};
    ssize_t length = read(file, name, sizeof name - 1);
    close(file);
    return length > 0 && strcmp(name, "tsc\n") == 0;
}

// A process may have the instruction forbidden, prctl(2).
static bool may_be_read(void)
{
    int mode = 0;
    return prctl(PR_GET_TSC, &mode) == 0 && mode == PR_TSC_ENABLE;
}

bool vitrine_cycles_are_steady(void) { return may_be_read() && kernel_keeps_time_by_it(); }

#else

bool vitrine_cycles_are_steady(void) { return false; }

#endif
