// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The floor of a request with spans: protobuf-c alone makes the messages of a given request again and packs them. Texts and
// identifiers are not copied, nothing is checked, memory comes out of one block without a call.
#ifndef OTLP_FLOOR_H
#define OTLP_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Takes a request whose attributes are texts, truth values, integers and doubles, without links; false if it is none.
bool otlp_floor_set(const uint8_t *_Nonnull request, size_t byte_count);

// Makes and packs the messages so many times; the bytes of the last request, 0 without one.
size_t otlp_floor_run(int64_t count);

// Whether the last request has the bytes of the one that was given.
bool otlp_floor_is_equal(void);

#endif
