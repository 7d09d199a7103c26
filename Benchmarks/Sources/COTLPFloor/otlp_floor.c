// SPDX-License-Identifier: MIT OR Apache-2.0

#include "otlp_floor.h"

#include <cotlp.h>
#include <stdlib.h>
#include <string.h>

typedef VitrineOtlp__ExportTraceServiceRequest Request;
typedef VitrineOtlp__KeyValue KeyValue;

// What is made again, and the bytes that it came from.
static Request *given;
static uint8_t *given_bytes;
static size_t given_byte_count;

// Memory for the messages of one request, and for its bytes.
static uint8_t *block, *output;
static size_t block_byte_count, block_used, output_byte_count;

static void *take(size_t byte_count) {
    if (block_used + byte_count > block_byte_count) abort();
    void *memory = block + block_used;
    block_used += (byte_count + 15) & ~(size_t)15;
    return memory;
}

static KeyValue **make_attributes(size_t count, KeyValue **from) {
    KeyValue **attributes = take(count * sizeof *attributes);
    for (size_t i = 0; i < count; ++i) {
        KeyValue *attribute = attributes[i] = take(sizeof *attribute);
        vitrine_otlp__key_value__init(attribute);
        VitrineOtlp__AnyValue *value = attribute->value = take(sizeof *value);
        vitrine_otlp__any_value__init(value);
        attribute->key = from[i]->key;
        value->value_case = from[i]->value->value_case;
        switch (value->value_case) {
        case VITRINE_OTLP__ANY_VALUE__VALUE_STRING_VALUE: value->string_value = from[i]->value->string_value; break;
        case VITRINE_OTLP__ANY_VALUE__VALUE_BOOL_VALUE: value->bool_value = from[i]->value->bool_value; break;
        case VITRINE_OTLP__ANY_VALUE__VALUE_INT_VALUE: value->int_value = from[i]->value->int_value; break;
        default: value->double_value = from[i]->value->double_value; break;
        }
    }
    return attributes;
}

static VitrineOtlp__Span *make_span(const VitrineOtlp__Span *from) {
    VitrineOtlp__Span *span = take(sizeof *span);
    vitrine_otlp__span__init(span);
    span->trace_id = from->trace_id;
    span->span_id = from->span_id;
    span->parent_span_id = from->parent_span_id;
    span->name = from->name;
    span->kind = from->kind;
    span->start_time_unix_nano = from->start_time_unix_nano;
    span->end_time_unix_nano = from->end_time_unix_nano;
    span->flags = from->flags;
    span->n_attributes = from->n_attributes;
    span->attributes = make_attributes(from->n_attributes, from->attributes);
    span->n_events = from->n_events;
    span->events = take(from->n_events * sizeof *span->events);
    for (size_t i = 0; i < from->n_events; ++i) {
        VitrineOtlp__Span__Event *event = span->events[i] = take(sizeof *event);
        vitrine_otlp__span__event__init(event);
        event->time_unix_nano = from->events[i]->time_unix_nano;
        event->name = from->events[i]->name;
        event->n_attributes = from->events[i]->n_attributes;
        event->attributes = make_attributes(from->events[i]->n_attributes, from->events[i]->attributes);
    }
    return span;
}

// Resource and scope are those of the given request: there is one of each.
static size_t make_and_pack(void) {
    block_used = 0;
    VitrineOtlp__ScopeSpans *from = given->resource_spans[0]->scope_spans[0];
    VitrineOtlp__ScopeSpans scope_spans = *from;
    scope_spans.spans = take(from->n_spans * sizeof *scope_spans.spans);
    for (size_t i = 0; i < from->n_spans; ++i) scope_spans.spans[i] = make_span(from->spans[i]);
    VitrineOtlp__ScopeSpans *scopes[] = {&scope_spans};
    VitrineOtlp__ResourceSpans resource_spans = *given->resource_spans[0];
    resource_spans.scope_spans = scopes;
    VitrineOtlp__ResourceSpans *resources[] = {&resource_spans};
    Request request = *given;
    request.resource_spans = resources;
    if (protobuf_c_message_get_packed_size(&request.base) > given_byte_count) abort();
    return protobuf_c_message_pack(&request.base, output);
}

bool otlp_floor_set(const uint8_t *request, size_t byte_count) {
    if (given != NULL) vitrine_otlp__export_trace_service_request__free_unpacked(given, NULL);
    free(given_bytes);
    free(block);
    free(output);
    given_byte_count = byte_count;
    output_byte_count = 0;
    // A message takes less than 64 times what it has as bytes: an attribute of 12 bytes takes 144.
    block_byte_count = 64 * byte_count;
    block = malloc(block_byte_count);
    output = malloc(byte_count);
    given_bytes = malloc(byte_count);
    if (block == NULL || output == NULL || given_bytes == NULL) return false;
    memcpy(given_bytes, request, byte_count);
    given = vitrine_otlp__export_trace_service_request__unpack(NULL, byte_count, given_bytes);
    return given != NULL && given->n_resource_spans == 1 && given->resource_spans[0]->n_scope_spans == 1;
}

size_t otlp_floor_run(int64_t count) {
    if (given == NULL) return 0;
    for (int64_t i = 0; i < count; ++i) output_byte_count = make_and_pack();
    return output_byte_count;
}

bool otlp_floor_is_equal(void) {
    return output_byte_count == given_byte_count && memcmp(output, given_bytes, given_byte_count) == 0;
}
