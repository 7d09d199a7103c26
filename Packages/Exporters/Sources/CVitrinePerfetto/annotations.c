// SPDX-License-Identifier: MIT OR Apache-2.0
#include "packet.h"

// A new argument of the innermost open list, or NULL if there is no room for it.
static VitrinePerfetto__DebugAnnotation *add(vitrine_perfetto_packet *packet, vitrine_perfetto_text key) {
    if (packet->depth == 0 || packet->missing_depth < packet->depth) return NULL;
    struct annotation_list *list = &packet->lists[packet->depth - 1];
    if (*list->count >= list->capacity) {
        packet->is_cut = true;
        return NULL;
    }
    VitrinePerfetto__DebugAnnotation *annotation = allocate(packet, sizeof *annotation);
    if (annotation == NULL) return NULL;
    vitrine_perfetto__debug_annotation__init(annotation);
    if (list->has_keys) {
        annotation->name = vitrine_perfetto_string(packet, key);
        if (annotation->name == NULL) return NULL;
    }
    list->items[(*list->count)++] = annotation;
    return annotation;
}

void vitrine_perfetto_add_text(
    vitrine_perfetto_packet *packet, vitrine_perfetto_text key, vitrine_perfetto_text value) {
    // A value without room leaves nothing of its argument, so it comes first.
    char *text = vitrine_perfetto_string(packet, value);
    VitrinePerfetto__DebugAnnotation *annotation = text != NULL ? add(packet, key) : NULL;
    if (annotation == NULL) return;
    annotation->value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_STRING_VALUE;
    annotation->string_value = text;
}

void vitrine_perfetto_add_bool(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, bool value) {
    VitrinePerfetto__DebugAnnotation *annotation = add(packet, key);
    if (annotation == NULL) return;
    annotation->value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_BOOL_VALUE;
    annotation->bool_value = value;
}

void vitrine_perfetto_add_int(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, int64_t value) {
    VitrinePerfetto__DebugAnnotation *annotation = add(packet, key);
    if (annotation == NULL) return;
    annotation->value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_INT_VALUE;
    annotation->int_value = value;
}

void vitrine_perfetto_add_unsigned(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, uint64_t value) {
    if (value > INT64_MAX) {
        // Perfetto keeps integers as int64.
        uint8_t digits[20];
        size_t start = sizeof digits;
        for (; value > 0; value /= 10) digits[--start] = (uint8_t)('0' + value % 10);
        size_t count = sizeof digits - start;
        vitrine_perfetto_text text = {.bytes = digits + start, .count = count, .limit = count};
        vitrine_perfetto_add_text(packet, key, text);
        return;
    }
    VitrinePerfetto__DebugAnnotation *annotation = add(packet, key);
    if (annotation == NULL) return;
    annotation->value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_UINT_VALUE;
    annotation->uint_value = value;
}

void vitrine_perfetto_add_double(vitrine_perfetto_packet *packet, vitrine_perfetto_text key, double value) {
    VitrinePerfetto__DebugAnnotation *annotation = add(packet, key);
    if (annotation == NULL) return;
    annotation->value_case = VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_DOUBLE_VALUE;
    annotation->double_value = value;
}

void vitrine_perfetto_open(
    vitrine_perfetto_packet *packet, vitrine_perfetto_text key, size_t capacity, bool has_keys) {
    VitrinePerfetto__DebugAnnotation *annotation = packet->depth < LIST_DEPTH ? add(packet, key) : NULL;
    VitrinePerfetto__DebugAnnotation **items = NULL;
    if (annotation != NULL && capacity < packet->capacity / sizeof *items)
        items = allocate(packet, (capacity + (capacity == 0)) * sizeof *items);
    if (items == NULL) {
        // What is to be in it is left out with it.
        packet->is_cut = true;
        if (packet->missing_depth > packet->depth) packet->missing_depth = packet->depth;
        packet->depth++;
        return;
    }
    struct annotation_list *list = &packet->lists[packet->depth++];
    *list = (struct annotation_list){.items = items, .capacity = capacity, .has_keys = has_keys};
    if (has_keys) {
        annotation->dict_entries = items;
        list->count = &annotation->n_dict_entries;
    } else {
        annotation->array_values = items;
        list->count = &annotation->n_array_values;
    }
}

void vitrine_perfetto_close(vitrine_perfetto_packet *packet) {
    if (packet->depth <= 1) return;
    packet->depth--;
    if (packet->missing_depth >= packet->depth) packet->missing_depth = LIST_DEPTH;
}
