// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vitrine_kick.h"

// Defined by a software CPU's module, when the program links one.
extern void *vitrine_software_backend(void) __attribute__((weak));

void *vitrine_linked_software_backend(void) { return vitrine_software_backend ? vitrine_software_backend() : NULL; }
