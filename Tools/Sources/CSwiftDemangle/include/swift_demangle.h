// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The demangler of the Swift runtime, which every Swift program on Linux links: the runtime exports it without a header.
#ifndef VITRINE_SWIFT_DEMANGLE_H
#define VITRINE_SWIFT_DEMANGLE_H

#include <stddef.h>
#include <stdint.h>

// The readable form of a mangled Swift name, as a C string to be released with free(); null when the name is none.
// `output` and `output_byte_count` are null for a new string; `flags` is 0. Origin: swift/Demangling/Demangle.h.
char *swift_demangle(const char *name, size_t name_byte_count, char *output, size_t *output_byte_count,
                     uint32_t flags);

#endif
