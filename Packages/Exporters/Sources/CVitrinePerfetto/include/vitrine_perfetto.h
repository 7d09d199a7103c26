// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Builds one packet of a Perfetto trace after the other out of protobuf-c's messages, in one block of memory, and packs
// them. A packet is begun by one of the calls that say what it is, then filled, then packed. Nothing that was given is
// read after the call. What finds no room in the block is left out, and the packet says so.
#ifndef VITRINE_PERFETTO_H
#define VITRINE_PERFETTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_perfetto_packet vitrine_perfetto_packet;

// Valid UTF-8. What would end a C string, U+0000, is written as U+FFFD. At most `limit` bytes are written, whole scalars.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t limit;
} vitrine_perfetto_text;

// A packet in a block of so many bytes, at least 16 KiB, or NULL. The sequence is the writer's number, not 0.
vitrine_perfetto_packet *vitrine_perfetto_create(uint32_t sequence, size_t byte_count);
void vitrine_perfetto_destroy(vitrine_perfetto_packet *packet);

// The same moment on three clocks. Times of events are on the first one.
void vitrine_perfetto_begin_clocks(
    vitrine_perfetto_packet *packet, uint64_t realtime, uint64_t monotonic, uint64_t boottime);
// Says that processes come in the order of their ranks.
void vitrine_perfetto_begin_root(vitrine_perfetto_packet *packet);
// A process, and its tracks, which come in the order of their ranks.
void vitrine_perfetto_begin_process(
    vitrine_perfetto_packet *packet, uint64_t track, int32_t pid, int32_t rank, vitrine_perfetto_text name);
void vitrine_perfetto_begin_track(
    vitrine_perfetto_packet *packet, uint64_t track, uint64_t parent, int32_t rank, vitrine_perfetto_text name);

typedef enum {
    VITRINE_PERFETTO_NO_UNIT,
    VITRINE_PERFETTO_COUNT,
    VITRINE_PERFETTO_BYTES,
    VITRINE_PERFETTO_OTHER_UNIT
} vitrine_perfetto_unit;

void vitrine_perfetto_begin_counter(
    vitrine_perfetto_packet *packet, uint64_t track, uint64_t parent, int32_t rank, vitrine_perfetto_text name,
    vitrine_perfetto_unit unit, vitrine_perfetto_text unit_name);

typedef enum {
    VITRINE_PERFETTO_BEGIN = 1,
    VITRINE_PERFETTO_END,
    VITRINE_PERFETTO_INSTANT,
    VITRINE_PERFETTO_VALUE
} vitrine_perfetto_event;

// An event of a track, with so many arguments at most.
void vitrine_perfetto_begin_event(
    vitrine_perfetto_packet *packet, vitrine_perfetto_event event, uint64_t time, uint64_t track, size_t capacity);
void vitrine_perfetto_set_name(vitrine_perfetto_packet *packet, vitrine_perfetto_text name, vitrine_perfetto_text category);
void vitrine_perfetto_set_int(vitrine_perfetto_packet *packet, int64_t value);
void vitrine_perfetto_set_double(vitrine_perfetto_packet *packet, double value);
// Arrows that begin here and, if it is not 0, one that ends here.
void vitrine_perfetto_set_flows(
    vitrine_perfetto_packet *packet, const uint64_t *beginning, size_t count, uint64_t ending);

// Arguments, also the elements of an array, which have no keys. Whoever opens a list closes it; lists in lists in lists
// are as deep as it goes.
void vitrine_perfetto_add_text(
    vitrine_perfetto_packet *packet, vitrine_perfetto_text key, vitrine_perfetto_text value);
void vitrine_perfetto_add_bool(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, bool value);
void vitrine_perfetto_add_int(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, int64_t value);
// A text in decimal beyond INT64_MAX.
void vitrine_perfetto_add_unsigned(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, uint64_t value);
void vitrine_perfetto_add_double(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, double value);
void vitrine_perfetto_open(
    vitrine_perfetto_packet *packet, vitrine_perfetto_text key, size_t capacity, bool has_keys);
void vitrine_perfetto_close(vitrine_perfetto_packet *packet);

// Says that something was left out.
void vitrine_perfetto_mark_cut(vitrine_perfetto_packet *packet);
bool vitrine_perfetto_is_cut(const vitrine_perfetto_packet *packet);

// No packed packet is longer.
size_t vitrine_perfetto_bound(const vitrine_perfetto_packet *packet);
// Packs the packet where there is room for the bound; how many bytes it took.
size_t vitrine_perfetto_pack(vitrine_perfetto_packet *packet, uint8_t *bytes, size_t room);

#endif
