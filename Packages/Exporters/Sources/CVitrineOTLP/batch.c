// SPDX-License-Identifier: MIT OR Apache-2.0
#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const ProtobufCMessageDescriptor *const descriptors[MESSAGE_TYPE_COUNT] = {
    [TRACE_REQUEST] = &vitrine_otlp__export_trace_service_request__descriptor,
    [METRICS_REQUEST] = &vitrine_otlp__export_metrics_service_request__descriptor,
    [LOGS_REQUEST] = &vitrine_otlp__export_logs_service_request__descriptor,
    [RESOURCE_SPANS] = &vitrine_otlp__resource_spans__descriptor,
    [RESOURCE_METRICS] = &vitrine_otlp__resource_metrics__descriptor,
    [RESOURCE_LOGS] = &vitrine_otlp__resource_logs__descriptor,
    [SCOPE_SPANS] = &vitrine_otlp__scope_spans__descriptor,
    [SCOPE_METRICS] = &vitrine_otlp__scope_metrics__descriptor,
    [SCOPE_LOGS] = &vitrine_otlp__scope_logs__descriptor,
    [RESOURCE] = &vitrine_otlp__resource__descriptor,
    [SCOPE] = &vitrine_otlp__instrumentation_scope__descriptor,
    [KEY_VALUE] = &vitrine_otlp__key_value__descriptor,
    [ANY_VALUE] = &vitrine_otlp__any_value__descriptor,
    [ARRAY_VALUE] = &vitrine_otlp__array_value__descriptor,
    [SPAN] = &vitrine_otlp__span__descriptor,
    [EVENT] = &vitrine_otlp__span__event__descriptor,
    [LINK] = &vitrine_otlp__span__link__descriptor,
    [STATUS] = &vitrine_otlp__status__descriptor,
    [LOG_RECORD] = &vitrine_otlp__log_record__descriptor,
    [METRIC] = &vitrine_otlp__metric__descriptor,
    [GAUGE] = &vitrine_otlp__gauge__descriptor,
    [SUM] = &vitrine_otlp__sum__descriptor,
    [HISTOGRAM] = &vitrine_otlp__histogram__descriptor,
    [EXPONENTIAL_HISTOGRAM] = &vitrine_otlp__exponential_histogram__descriptor,
    [NUMBER_POINT] = &vitrine_otlp__number_data_point__descriptor,
    [HISTOGRAM_POINT] = &vitrine_otlp__histogram_data_point__descriptor,
    [EXPONENTIAL_POINT] = &vitrine_otlp__exponential_histogram_data_point__descriptor,
    [BUCKETS] = &vitrine_otlp__exponential_histogram_data_point__buckets__descriptor,
    [EXEMPLAR] = &vitrine_otlp__exemplar__descriptor,
};

// A tag and a length, and a tag and the longest number. No field of the protocol has a number above 2047, and no length
// more than 31 bits.
#define HEADER_BYTES ((size_t)2 + 5)
#define SCALAR_BYTES ((size_t)2 + 10)

static size_t field_bound(const ProtobufCFieldDescriptor *field) {
    switch (field->type) {
        case PROTOBUF_C_TYPE_MESSAGE: return 0;  // has its header in its own bound
        case PROTOBUF_C_TYPE_STRING:
        case PROTOBUF_C_TYPE_BYTES: return HEADER_BYTES;  // and its bytes are charged with it
        default: return field->label == PROTOBUF_C_LABEL_REPEATED ? HEADER_BYTES : SCALAR_BYTES;
    }
}

// The header of the message in the one around it, and all its fields, of a `oneof` the longest.
static size_t message_bound(const ProtobufCMessageDescriptor *descriptor) {
    size_t bound = HEADER_BYTES;
    for (unsigned index = 0; index < descriptor->n_fields; index++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[index];
        size_t longest = field_bound(field);
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            bool is_first = true;
            for (unsigned other = 0; other < descriptor->n_fields; other++) {
                const ProtobufCFieldDescriptor *member = &descriptor->fields[other];
                bool is_same = (member->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
                    && member->quantifier_offset == field->quantifier_offset;
                if (!is_same) continue;
                if (other < index) is_first = false;
                if (field_bound(member) > longest) longest = field_bound(member);
            }
            if (!is_first) continue;
        }
        bound += longest;
    }
    return bound;
}

vitrine_otlp_batch *vitrine_otlp_batch_create(size_t retained_byte_count, uint64_t hash_seed) {
    vitrine_otlp_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) return NULL;
    batch->retained_bytes = retained_byte_count;
    batch->hash_seed = hash_seed;
    for (int type = 0; type < MESSAGE_TYPE_COUNT; type++) batch->bounds[type] = message_bound(descriptors[type]);
    return batch;
}

void vitrine_otlp_batch_destroy(vitrine_otlp_batch *batch) {
    vitrine_otlp_release_arena(batch);
    free(batch);
}

void *vitrine_otlp_message(vitrine_otlp_batch *batch, enum message_type type, size_t further_bytes) {
    if (!charge(batch, batch->bounds[type])) return NULL;
    const ProtobufCMessageDescriptor *descriptor = descriptors[type];
    ProtobufCMessage *message = allocate(batch, descriptor->sizeof_message + further_bytes);
    if (message != NULL) descriptor->message_init(message);
    return message;
}

// Not protobuf-c's own empty string: a value of a `oneof` that is that one is taken for unset.
static const char nothing[] = "";

// Copies all bytes, with U+FFFD for U+0000.
static char *string_with_zeros(vitrine_otlp_batch *batch, const uint8_t *bytes, size_t count) {
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t zeros = 0;
    for (size_t index = 0; index < count; index++) zeros += bytes[index] == 0;
    char *result = NULL;
    if (charge(batch, count + 2 * zeros)) result = allocate(batch, count + 2 * zeros + 1);
    if (result == NULL) return (char *)nothing;
    char *place = result;
    for (size_t index = 0; index < count; index++) {
        if (bytes[index] != 0) {
            *place++ = (char)bytes[index];
        } else {
            memcpy(place, replacement, 3);
            place += 3;
        }
    }
    *place = 0;
    return result;
}

char *vitrine_otlp_string(vitrine_otlp_batch *batch, vitrine_otlp_text text, size_t limit) {
    size_t count = text.count;
    if (count > limit) {
        count = limit;
        while (count > 0 && (text.bytes[count] & 0xC0) == 0x80) count--;
    }
    if (count == 0) return (char *)nothing;
    if (memchr(text.bytes, 0, count) != NULL) return string_with_zeros(batch, text.bytes, count);
    if (!charge(batch, count)) return (char *)nothing;
    char *result = allocate(batch, count + 1);
    if (result == NULL) return (char *)nothing;
    memcpy(result, text.bytes, count);
    result[count] = 0;
    return result;
}

// The one element of a list of messages.
static void *only_element(vitrine_otlp_batch *batch, enum message_type type, void *list, size_t *count) {
    void **items = allocate(batch, sizeof *items);
    void *message = vitrine_otlp_message(batch, type, 0);
    if (items == NULL || message == NULL) return NULL;
    items[0] = message;
    *(void ***)list = items;
    *count = 1;
    return message;
}

// A request with one resource and one scope.
#define BEGIN(batch, Request, Resource, Scope, REQUEST, RESOURCE_TYPE, SCOPE_TYPE, resource_list, scope_list, list)  \
    do {                                                                                                             \
        Request *request = vitrine_otlp_message(batch, REQUEST, 0);                                                  \
        if (request == NULL) return;                                                                                 \
        Resource *resource =                                                                                         \
            only_element(batch, RESOURCE_TYPE, &request->resource_list, &request->n_##resource_list);                \
        if (resource == NULL) return;                                                                                \
        Scope *scope = only_element(batch, SCOPE_TYPE, &resource->scope_list, &resource->n_##scope_list);            \
        if (scope == NULL) return;                                                                                   \
        scope->list = (void *)records;                                                                               \
        batch->request = &request->base;                                                                             \
        batch->resource = &resource->resource;                                                                       \
        batch->resource_schema_url = &resource->schema_url;                                                          \
        batch->scope = &scope->scope;                                                                                \
        batch->scope_schema_url = &scope->schema_url;                                                                \
        batch->record_count = &scope->n_##list;                                                                      \
    } while (0)

void vitrine_otlp_begin(
    vitrine_otlp_batch *batch, vitrine_otlp_signal signal, size_t record_capacity, size_t maximum_byte_count) {
    vitrine_otlp_empty_arena(batch);
    batch->failure = VITRINE_OTLP_FINE;
    batch->bound = 0;
    batch->maximum = maximum_byte_count < (size_t)INT32_MAX ? maximum_byte_count : (size_t)INT32_MAX;
    batch->signal = signal;
    batch->request = NULL;
    batch->resource = NULL;
    batch->scope = NULL;
    batch->record_capacity = 0;
    no_attributes(batch);
    batch->event_capacity = batch->link_capacity = 0;
    batch->point_capacity = batch->exemplar_capacity = 0;
    batch->span = NULL;
    ProtobufCMessage **records = allocate_array(batch, record_capacity, sizeof *records);
    if (records == NULL) return;
    batch->records = records;
    switch (signal) {
        case VITRINE_OTLP_TRACES:
            BEGIN(batch, VitrineOtlp__ExportTraceServiceRequest, VitrineOtlp__ResourceSpans, VitrineOtlp__ScopeSpans,
                  TRACE_REQUEST, RESOURCE_SPANS, SCOPE_SPANS, resource_spans, scope_spans, spans);
            break;
        case VITRINE_OTLP_METRICS:
            BEGIN(batch, VitrineOtlp__ExportMetricsServiceRequest, VitrineOtlp__ResourceMetrics,
                  VitrineOtlp__ScopeMetrics, METRICS_REQUEST, RESOURCE_METRICS, SCOPE_METRICS, resource_metrics,
                  scope_metrics, metrics);
            break;
        case VITRINE_OTLP_LOGS:
            BEGIN(batch, VitrineOtlp__ExportLogsServiceRequest, VitrineOtlp__ResourceLogs, VitrineOtlp__ScopeLogs,
                  LOGS_REQUEST, RESOURCE_LOGS, SCOPE_LOGS, resource_logs, scope_logs, log_records);
            break;
    }
    batch->record_capacity = record_capacity;
}

void vitrine_otlp_resource(vitrine_otlp_batch *batch, vitrine_otlp_text schema_url, vitrine_otlp_attributes attributes) {
    VitrineOtlp__Resource *resource = vitrine_otlp_message(batch, RESOURCE, 0);
    if (resource == NULL) return;
    *batch->resource = resource;
    *batch->resource_schema_url = vitrine_otlp_string(batch, schema_url, ALL_BYTES);
    vitrine_otlp_attributes_of(
        batch, &resource->attributes, &resource->n_attributes, &resource->dropped_attributes_count, attributes);
}

void vitrine_otlp_scope(
    vitrine_otlp_batch *batch, vitrine_otlp_text name, vitrine_otlp_text version, vitrine_otlp_text schema_url,
    vitrine_otlp_attributes attributes) {
    VitrineOtlp__InstrumentationScope *scope = vitrine_otlp_message(batch, SCOPE, 0);
    if (scope == NULL) return;
    *batch->scope = scope;
    *batch->scope_schema_url = vitrine_otlp_string(batch, schema_url, ALL_BYTES);
    scope->name = vitrine_otlp_string(batch, name, ALL_BYTES);
    scope->version = vitrine_otlp_string(batch, version, ALL_BYTES);
    vitrine_otlp_attributes_of(
        batch, &scope->attributes, &scope->n_attributes, &scope->dropped_attributes_count, attributes);
}

vitrine_otlp_failure_kind vitrine_otlp_failure(const vitrine_otlp_batch *batch) { return batch->failure; }

size_t vitrine_otlp_bound(const vitrine_otlp_batch *batch) { return batch->bound; }

size_t vitrine_otlp_held_bytes(const vitrine_otlp_batch *batch) { return batch->held_bytes; }

size_t vitrine_otlp_pack(vitrine_otlp_batch *batch, uint8_t *bytes, size_t room) {
    if (batch->failure != VITRINE_OTLP_FINE || batch->request == NULL || room < batch->bound) return 0;
    // Each message was charged once and stands in one place, so it is packed once: no size has to be asked for first.
    return protobuf_c_message_pack(batch->request, bytes);
}
