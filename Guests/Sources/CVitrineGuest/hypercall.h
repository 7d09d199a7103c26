// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef VITRINE_HYPERCALL_H
#define VITRINE_HYPERCALL_H

#include "vitrine_guest_runtime.h"

// Leaves the machine; comes back when the host resumes it. One byte wide, as the ports are. The jump ends the
// instruction stream's block, so that a software CPU stops exactly behind the `out`. Memory is clobbered: the host
// reads what was written before, and what is read afterwards may be new. A macro, as the port is an immediate operand.
#if __STDC_HOSTED__
#define vitrine_ring(port) vitrine_test_ring((uint16_t)(port))
#else
#define vitrine_ring(port) \
    __asm__ volatile("xorl %%eax, %%eax\n\toutb %%al, %0\n\tjmp 1f\n1:" : : "i"((uint8_t)(port)) : "rax", "memory")
#endif

#endif
