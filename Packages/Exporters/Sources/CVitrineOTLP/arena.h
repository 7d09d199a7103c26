// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef VITRINE_OTLP_ARENA_H
#define VITRINE_OTLP_ARENA_H

#include "batch.h"

// Makes all memory free again, and gives back what is not to be retained.
void vitrine_otlp_empty_arena(vitrine_otlp_batch *batch);
// Gives all memory back.
void vitrine_otlp_release_arena(vitrine_otlp_batch *batch);

#endif
