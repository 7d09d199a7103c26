// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef VITRINE_OTLP_BATCH_H
#define VITRINE_OTLP_BATCH_H

#include "cotlp.h"
#include "vitrine_otlp.h"

struct chunk;

// The messages that we build. Each knows how long it can become in a request, without the bytes of its texts and without
// the messages in it.
enum message_type {
    TRACE_REQUEST,
    METRICS_REQUEST,
    LOGS_REQUEST,
    RESOURCE_SPANS,
    RESOURCE_METRICS,
    RESOURCE_LOGS,
    SCOPE_SPANS,
    SCOPE_METRICS,
    SCOPE_LOGS,
    RESOURCE,
    SCOPE,
    KEY_VALUE,
    ANY_VALUE,
    ARRAY_VALUE,
    SPAN,
    EVENT,
    LINK,
    STATUS,
    LOG_RECORD,
    METRIC,
    GAUGE,
    SUM,
    HISTOGRAM,
    EXPONENTIAL_HISTOGRAM,
    NUMBER_POINT,
    HISTOGRAM_POINT,
    EXPONENTIAL_POINT,
    BUCKETS,
    EXEMPLAR,
    MESSAGE_TYPE_COUNT
};

// The attributes of what was added last, and how equal keys are found among them.
struct attribute_list {
    VitrineOtlp__KeyValue **items;
    size_t *count;
    uint32_t *dropped;
    size_t capacity;
    size_t protected_count;
    uint64_t *hashes;
    // From hashes to places, counted from 1, when there are too many to look at each; else NULL.
    uint32_t *table;
    size_t table_mask;
};

struct vitrine_otlp_batch {
    // The arena: the rest of its first chunk.
    uint8_t *free;
    size_t free_count;
    struct chunk *chunks;
    size_t held_bytes;
    size_t retained_bytes;

    // What the request can be at most, and what it may.
    size_t bound;
    size_t maximum;
    vitrine_otlp_failure_kind failure;
    size_t bounds[MESSAGE_TYPE_COUNT];

    vitrine_otlp_signal signal;
    ProtobufCMessage *request;
    VitrineOtlp__Resource **resource;
    VitrineOtlp__InstrumentationScope **scope;
    char **resource_schema_url;
    char **scope_schema_url;
    ProtobufCMessage **records;
    size_t *record_count;
    size_t record_capacity;

    uint64_t hash_seed;
    struct attribute_list attributes;
    uint32_t ignored_drops;
    VitrineOtlp__ArrayValue *array;
    size_t array_capacity;

    VitrineOtlp__Span *span;
    size_t event_capacity;
    size_t link_capacity;

    vitrine_otlp_metric_kind metric_kind;
    ProtobufCMessage **points;
    size_t *point_count;
    size_t point_capacity;
    VitrineOtlp__Exemplar **exemplars;
    size_t *exemplar_count;
    size_t exemplar_capacity;
};

// Memory until the batch is begun anew, aligned to 8 bytes; NULL when the batch fails.
void *vitrine_otlp_allocate_slowly(vitrine_otlp_batch *batch, size_t count);

static inline void *allocate(vitrine_otlp_batch *batch, size_t count) {
    if (count > (size_t)INT32_MAX) {
        batch->failure = VITRINE_OTLP_TOO_LARGE;
        return NULL;
    }
    count = count == 0 ? 8 : (count + 7) & ~(size_t)7;
    if (count > batch->free_count) return vitrine_otlp_allocate_slowly(batch, count);
    void *result = batch->free;
    batch->free += count;
    batch->free_count -= count;
    return result;
}

// Memory for so many elements.
static inline void *allocate_array(vitrine_otlp_batch *batch, size_t count, size_t element_bytes) {
    return allocate(batch, count > (size_t)INT32_MAX ? SIZE_MAX : count * element_bytes);
}

// Adds to what the request can be at most; false when that is too much, or the batch has failed before.
static inline bool charge(vitrine_otlp_batch *batch, size_t count) {
    if (batch->failure != VITRINE_OTLP_FINE) return false;
    if (count > batch->maximum - batch->bound) {
        batch->failure = VITRINE_OTLP_TOO_LARGE;
        return false;
    }
    batch->bound += count;
    return true;
}

// A message without fields, with so many bytes behind it, charged; NULL when the batch fails.
void *vitrine_otlp_message(vitrine_otlp_batch *batch, enum message_type type, size_t further_bytes);

// A text as a C string, at most `limit` bytes of it, charged; the empty string when the batch fails.
char *vitrine_otlp_string(vitrine_otlp_batch *batch, vitrine_otlp_text text, size_t limit);

// Makes a list of a message the one that attributes go to. `dropped` may be NULL.
void vitrine_otlp_attributes_of(
    vitrine_otlp_batch *batch, VitrineOtlp__KeyValue ***items, size_t *count, uint32_t *dropped,
    vitrine_otlp_attributes attributes);

// Attributes go nowhere, and are not counted.
static inline void no_attributes(vitrine_otlp_batch *batch) {
    batch->attributes = (struct attribute_list){.dropped = &batch->ignored_drops};
    batch->array_capacity = 0;
}

// The bytes of an identifier, the first in the top bits.
static inline ProtobufCBinaryData identifier(uint8_t *place, uint64_t value) {
    value = __builtin_bswap64(value);
    __builtin_memcpy(place, &value, 8);
    return (ProtobufCBinaryData){.len = 8, .data = place};
}

static inline ProtobufCBinaryData trace_identifier(uint8_t *place, vitrine_otlp_context context) {
    identifier(place, context.trace_high);
    identifier(place + 8, context.trace_low);
    return (ProtobufCBinaryData){.len = 16, .data = place};
}

#define ALL_BYTES SIZE_MAX

#endif
