// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef VITRINE_PERFETTO_PACKET_H
#define VITRINE_PERFETTO_PACKET_H

#include "cperfetto.h"
#include "vitrine_perfetto.h"

// The event's own arguments, a dictionary or an array in them, and an array in that.
#define LIST_DEPTH 4

// Arguments that are being added.
struct annotation_list {
    VitrinePerfetto__DebugAnnotation **items;
    size_t *count;
    size_t capacity;
    bool has_keys;
};

struct vitrine_perfetto_packet {
    VitrinePerfetto__Trace trace;
    VitrinePerfetto__TracePacket packet;
    VitrinePerfetto__TracePacket *only_packet;
    VitrinePerfetto__TrackEvent event;
    VitrinePerfetto__TrackDescriptor descriptor;
    VitrinePerfetto__ProcessDescriptor process;
    VitrinePerfetto__CounterDescriptor counter;
    VitrinePerfetto__ClockSnapshot snapshot;
    VitrinePerfetto__ClockSnapshot__Clock clocks[3];
    VitrinePerfetto__ClockSnapshot__Clock *clock_list[3];
    VitrinePerfetto__DebugAnnotation cut_mark;
    char *category;
    uint64_t ending_flow;
    uint32_t sequence;
    bool is_cut;

    struct annotation_list lists[LIST_DEPTH];
    // How many lists are open, those for which there was no room included.
    size_t depth;
    // Of the open ones the first for which there was none; arguments in it are left out.
    size_t missing_depth;

    size_t used;
    size_t capacity;
    _Alignas(16) uint8_t block[];
};

// Room in the block, or NULL.
static inline void *allocate(vitrine_perfetto_packet *packet, size_t count) {
    size_t rounded = (count + 7) & ~(size_t)7;
    if (rounded < count || rounded > packet->capacity - packet->used) {
        packet->is_cut = true;
        return NULL;
    }
    void *result = packet->block + packet->used;
    packet->used += rounded;
    return result;
}

// A C string of a text, or NULL if there is no room for one.
char *vitrine_perfetto_string(vitrine_perfetto_packet *packet, vitrine_perfetto_text text);

#endif
