// SPDX-License-Identifier: MIT OR Apache-2.0
#include "packet.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_BLOCK_BYTES ((size_t)16 << 10)
#define INCREMENTAL_STATE_CLEARED 1

static char nothing[] = "";

vitrine_perfetto_packet *vitrine_perfetto_create(uint32_t sequence, size_t byte_count) {
    if (byte_count < LEAST_BLOCK_BYTES) byte_count = LEAST_BLOCK_BYTES;
    vitrine_perfetto_packet *packet = aligned_alloc(16, (sizeof *packet + byte_count + 15) & ~(size_t)15);
    if (packet == NULL) return NULL;
    memset(packet, 0, sizeof *packet);
    packet->sequence = sequence;
    packet->capacity = byte_count;
    return packet;
}

void vitrine_perfetto_destroy(vitrine_perfetto_packet *packet) { free(packet); }

// U+FFFD for each U+0000 within the limit, which the caller has looked for.
static char *string_with_zeros(vitrine_perfetto_packet *packet, vitrine_perfetto_text text, size_t count) {
    char *result = allocate(packet, 3 * count + 1);
    if (result == NULL) return NULL;
    char *end = result;
    size_t place = 0;
    for (; place < count; place++) {
        // The limit is of what is written, in whole scalars: a first byte tells how many there are.
        uint8_t byte = text.bytes[place];
        size_t length = byte == 0 || byte >= 0xE0 ? 3 + (byte >= 0xF0) : 1 + (byte >= 0xC0);
        if ((byte & 0xC0) != 0x80 && (size_t)(end - result) + length > text.limit) break;
        if (byte == 0) {
            memcpy(end, "\xEF\xBF\xBD", 3);
            end += 3;
        } else {
            *end++ = (char)byte;
        }
    }
    if (place < count) packet->is_cut = true;
    *end = 0;
    return result;
}

char *vitrine_perfetto_string(vitrine_perfetto_packet *packet, vitrine_perfetto_text text) {
    size_t count = text.count;
    if (count > text.limit) {
        packet->is_cut = true;
        count = text.limit;
        while (count > 0 && (text.bytes[count] & 0xC0) == 0x80) count--;
    }
    if (count == 0) return nothing;
    if (memchr(text.bytes, 0, count) != NULL) return string_with_zeros(packet, text, count);
    char *result = allocate(packet, count + 1);
    if (result == NULL) return NULL;
    memcpy(result, text.bytes, count);
    result[count] = 0;
    return result;
}

static void begin(vitrine_perfetto_packet *packet) {
    packet->used = 0;
    packet->is_cut = false;
    packet->depth = 0;
    packet->missing_depth = LIST_DEPTH;
    vitrine_perfetto__trace__init(&packet->trace);
    packet->only_packet = &packet->packet;
    packet->trace.packet = &packet->only_packet;
    packet->trace.n_packet = 1;
    vitrine_perfetto__trace_packet__init(&packet->packet);
    packet->packet.has_trusted_packet_sequence_id = true;
    packet->packet.trusted_packet_sequence_id = packet->sequence;
}

static char *short_string(vitrine_perfetto_packet *packet, vitrine_perfetto_text text) {
    char *result = vitrine_perfetto_string(packet, text);
    return result != NULL ? result : nothing;
}

static void set_clock(vitrine_perfetto_packet *packet, size_t place, uint32_t identifier, uint64_t time) {
    VitrinePerfetto__ClockSnapshot__Clock *clock = &packet->clocks[place];
    vitrine_perfetto__clock_snapshot__clock__init(clock);
    clock->has_clock_id = true;
    clock->clock_id = identifier;
    clock->has_timestamp = true;
    clock->timestamp = time;
    packet->clock_list[place] = clock;
}

void vitrine_perfetto_begin_clocks(
    vitrine_perfetto_packet *packet, uint64_t realtime, uint64_t monotonic, uint64_t boottime) {
    begin(packet);
    packet->packet.has_sequence_flags = true;
    packet->packet.sequence_flags = INCREMENTAL_STATE_CLEARED;
    vitrine_perfetto__clock_snapshot__init(&packet->snapshot);
    set_clock(packet, 0, VITRINE_PERFETTO__BUILTIN_CLOCK__BUILTIN_CLOCK_REALTIME, realtime);
    set_clock(packet, 1, VITRINE_PERFETTO__BUILTIN_CLOCK__BUILTIN_CLOCK_MONOTONIC, monotonic);
    set_clock(packet, 2, VITRINE_PERFETTO__BUILTIN_CLOCK__BUILTIN_CLOCK_BOOTTIME, boottime);
    packet->snapshot.clocks = packet->clock_list;
    packet->snapshot.n_clocks = 3;
    packet->snapshot.has_primary_trace_clock = true;
    packet->snapshot.primary_trace_clock = VITRINE_PERFETTO__BUILTIN_CLOCK__BUILTIN_CLOCK_REALTIME;
    packet->packet.clock_snapshot = &packet->snapshot;
}

static VitrinePerfetto__TrackDescriptor *begin_descriptor(vitrine_perfetto_packet *packet, uint64_t track) {
    begin(packet);
    VitrinePerfetto__TrackDescriptor *descriptor = &packet->descriptor;
    vitrine_perfetto__track_descriptor__init(descriptor);
    descriptor->has_uuid = true;
    descriptor->uuid = track;
    packet->packet.track_descriptor = descriptor;
    return descriptor;
}

void vitrine_perfetto_begin_root(vitrine_perfetto_packet *packet) {
    VitrinePerfetto__TrackDescriptor *descriptor = begin_descriptor(packet, 0);
    descriptor->has_process_ordering = true;
    descriptor->process_ordering = VITRINE_PERFETTO__TRACK_DESCRIPTOR__PROCESS_ORDERING__PROCESS_ORDERING_EXPLICIT;
}

static void set_rank(VitrinePerfetto__TrackDescriptor *descriptor, int32_t rank) {
    descriptor->has_sibling_order_rank = true;
    descriptor->sibling_order_rank = rank;
}

void vitrine_perfetto_begin_process(
    vitrine_perfetto_packet *packet, uint64_t track, int32_t pid, int32_t rank, vitrine_perfetto_text name) {
    VitrinePerfetto__TrackDescriptor *descriptor = begin_descriptor(packet, track);
    vitrine_perfetto__process_descriptor__init(&packet->process);
    packet->process.has_pid = true;
    packet->process.pid = pid;
    packet->process.process_name = short_string(packet, name);
    descriptor->process = &packet->process;
    descriptor->has_child_ordering = true;
    descriptor->child_ordering = VITRINE_PERFETTO__TRACK_DESCRIPTOR__CHILD_TRACKS_ORDERING__EXPLICIT;
    set_rank(descriptor, rank);
}

void vitrine_perfetto_begin_track(
    vitrine_perfetto_packet *packet, uint64_t track, uint64_t parent, int32_t rank, vitrine_perfetto_text name) {
    VitrinePerfetto__TrackDescriptor *descriptor = begin_descriptor(packet, track);
    descriptor->has_parent_uuid = true;
    descriptor->parent_uuid = parent;
    descriptor->name = short_string(packet, name);
    set_rank(descriptor, rank);
}

void vitrine_perfetto_begin_counter(
    vitrine_perfetto_packet *packet, uint64_t track, uint64_t parent, int32_t rank, vitrine_perfetto_text name,
    vitrine_perfetto_unit unit, vitrine_perfetto_text unit_name) {
    vitrine_perfetto_begin_track(packet, track, parent, rank, name);
    vitrine_perfetto__counter_descriptor__init(&packet->counter);
    packet->counter.has_unit = unit == VITRINE_PERFETTO_COUNT || unit == VITRINE_PERFETTO_BYTES;
    packet->counter.unit = unit == VITRINE_PERFETTO_BYTES ? VITRINE_PERFETTO__COUNTER_DESCRIPTOR__UNIT__UNIT_SIZE_BYTES
                                                          : VITRINE_PERFETTO__COUNTER_DESCRIPTOR__UNIT__UNIT_COUNT;
    if (unit == VITRINE_PERFETTO_OTHER_UNIT) packet->counter.unit_name = short_string(packet, unit_name);
    packet->descriptor.counter = &packet->counter;
}

void vitrine_perfetto_begin_event(
    vitrine_perfetto_packet *packet, vitrine_perfetto_event event, uint64_t time, uint64_t track, size_t capacity) {
    begin(packet);
    packet->packet.has_timestamp = true;
    packet->packet.timestamp = time;
    packet->packet.has_timestamp_clock_id = true;
    packet->packet.timestamp_clock_id = VITRINE_PERFETTO__BUILTIN_CLOCK__BUILTIN_CLOCK_REALTIME;
    vitrine_perfetto__track_event__init(&packet->event);
    packet->event.has_type = true;
    packet->event.type = (VitrinePerfetto__TrackEvent__Type)event;
    packet->event.has_track_uuid = true;
    packet->event.track_uuid = track;
    packet->packet.track_event = &packet->event;
    // One more, to say that something was left out.
    VitrinePerfetto__DebugAnnotation **items = NULL;
    if (capacity < packet->capacity / sizeof *items) items = allocate(packet, (capacity + 1) * sizeof *items);
    packet->event.debug_annotations = items;
    packet->lists[0] = (struct annotation_list){
        .items = items,
        .count = &packet->event.n_debug_annotations,
        .capacity = items != NULL ? capacity : 0,
        .has_keys = true};
    packet->depth = 1;
}

void vitrine_perfetto_set_name(
    vitrine_perfetto_packet *packet, vitrine_perfetto_text name, vitrine_perfetto_text category) {
    packet->event.name = short_string(packet, name);
    packet->category = short_string(packet, category);
    packet->event.categories = &packet->category;
    packet->event.n_categories = 1;
}

void vitrine_perfetto_set_int(vitrine_perfetto_packet *packet, int64_t value) {
    packet->event.has_counter_value = true;
    packet->event.counter_value = value;
}

void vitrine_perfetto_set_double(vitrine_perfetto_packet *packet, double value) {
    packet->event.has_double_counter_value = true;
    packet->event.double_counter_value = value;
}

void vitrine_perfetto_set_flows(
    vitrine_perfetto_packet *packet, const uint64_t *beginning, size_t count, uint64_t ending) {
    if (ending != 0) {
        packet->ending_flow = ending;
        packet->event.terminating_flow_ids = &packet->ending_flow;
        packet->event.n_terminating_flow_ids = 1;
    }
    // Twice the room, for the bound: on the wire a number has two bytes more.
    if (count == 0 || count > packet->capacity / (2 * sizeof *beginning)) return;
    uint64_t *flows = allocate(packet, 2 * count * sizeof *flows);
    if (flows == NULL) return;
    memcpy(flows, beginning, count * sizeof *flows);
    packet->event.flow_ids = flows;
    packet->event.n_flow_ids = count;
}

void vitrine_perfetto_mark_cut(vitrine_perfetto_packet *packet) { packet->is_cut = true; }

bool vitrine_perfetto_is_cut(const vitrine_perfetto_packet *packet) { return packet->is_cut; }

// Every message in the block takes more of it than it has bytes on the wire besides its texts, which have as many.
size_t vitrine_perfetto_bound(const vitrine_perfetto_packet *packet) { return packet->used + 512; }

size_t vitrine_perfetto_pack(vitrine_perfetto_packet *packet, uint8_t *bytes, size_t room) {
    if (room < vitrine_perfetto_bound(packet)) return 0;
    if (packet->packet.track_event != NULL && packet->is_cut && packet->event.debug_annotations != NULL) {
        vitrine_perfetto__debug_annotation__init(&packet->cut_mark);
        packet->cut_mark.name = "cut";
        packet->cut_mark.value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_BOOL_VALUE;
        packet->cut_mark.bool_value = true;
        packet->event.debug_annotations[packet->event.n_debug_annotations++] = &packet->cut_mark;
    }
    return vitrine_perfetto__trace__pack(&packet->trace, bytes);
}
