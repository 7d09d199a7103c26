// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Builds one request of OTLP after the other out of protobuf-c's messages, in an arena, and packs them.
//
// A batch is filled from the top down: begin, resource, scope, then each record with what belongs to it behind it.
// Attributes go to what was added last. Nothing that was given is read after the call. When there is no memory, or the
// request may become larger than its limit, the batch fails: further calls do nothing, and vitrine_otlp_failure tells.
#ifndef VITRINE_OTLP_H
#define VITRINE_OTLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_otlp_batch vitrine_otlp_batch;

// Valid UTF-8. What would end a C string, U+0000, is written as U+FFFD.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} vitrine_otlp_text;

// A span of a trace; none if the span is 0.
typedef struct {
    uint64_t trace_high;
    uint64_t trace_low;
    uint64_t span;
    uint32_t flags;
} vitrine_otlp_context;

// How many attributes there is room for, and how many more were dropped before. What finds no room is added to those.
typedef struct {
    size_t capacity;
    uint32_t dropped;
} vitrine_otlp_attributes;

typedef enum { VITRINE_OTLP_TRACES, VITRINE_OTLP_METRICS, VITRINE_OTLP_LOGS } vitrine_otlp_signal;

typedef enum { VITRINE_OTLP_FINE, VITRINE_OTLP_NO_MEMORY, VITRINE_OTLP_TOO_LARGE } vitrine_otlp_failure_kind;

// A batch that gives memory beyond `retained_byte_count` back when it is begun anew, or NULL. `hash_seed` is for finding
// equal keys; whoever chooses the keys should not know it.
vitrine_otlp_batch *vitrine_otlp_batch_create(size_t retained_byte_count, uint64_t hash_seed);
void vitrine_otlp_batch_destroy(vitrine_otlp_batch *batch);

// Empties the batch for at most so many records. Requests of more than `maximum_byte_count`, at most INT32_MAX, fail.
void vitrine_otlp_begin(
    vitrine_otlp_batch *batch, vitrine_otlp_signal signal, size_t record_capacity, size_t maximum_byte_count);
void vitrine_otlp_resource(vitrine_otlp_batch *batch, vitrine_otlp_text schema_url, vitrine_otlp_attributes attributes);
void vitrine_otlp_scope(
    vitrine_otlp_batch *batch, vitrine_otlp_text name, vitrine_otlp_text version, vitrine_otlp_text schema_url,
    vitrine_otlp_attributes attributes);

vitrine_otlp_failure_kind vitrine_otlp_failure(const vitrine_otlp_batch *batch);
// No packed request is longer.
size_t vitrine_otlp_bound(const vitrine_otlp_batch *batch);
// Packs the request where there is room for the bound; how many bytes it took.
size_t vitrine_otlp_pack(vitrine_otlp_batch *batch, uint8_t *bytes, size_t room);
// How many bytes of memory the batch holds.
size_t vitrine_otlp_held_bytes(const vitrine_otlp_batch *batch);

// Attributes. An empty key is dropped. Of equal keys the first keeps its place and the last its value, but no later one
// touches those before vitrine_otlp_protect_attributes, which also gives back what of the room for so many was not used.
void vitrine_otlp_protect_attributes(vitrine_otlp_batch *batch, size_t reserved);
// At most `limit` bytes of the value, whole scalars.
void vitrine_otlp_add_text(vitrine_otlp_batch *batch, vitrine_otlp_text key, vitrine_otlp_text value, size_t limit);
void vitrine_otlp_add_bool(vitrine_otlp_batch *batch, vitrine_otlp_text key, bool value);
void vitrine_otlp_add_int(vitrine_otlp_batch *batch, vitrine_otlp_text key, int64_t value);
// A text in decimal, where an int64 has no such value.
void vitrine_otlp_add_unsigned(vitrine_otlp_batch *batch, vitrine_otlp_text key, uint64_t value);
void vitrine_otlp_add_double(vitrine_otlp_batch *batch, vitrine_otlp_text key, double value);
void vitrine_otlp_add_bools(vitrine_otlp_batch *batch, vitrine_otlp_text key, const bool *values, size_t count);
void vitrine_otlp_add_ints(vitrine_otlp_batch *batch, vitrine_otlp_text key, const int64_t *values, size_t count);
void vitrine_otlp_add_doubles(vitrine_otlp_batch *batch, vitrine_otlp_text key, const double *values, size_t count);
// An array of texts; they come by vitrine_otlp_add_element, at most so many.
void vitrine_otlp_add_texts(vitrine_otlp_batch *batch, vitrine_otlp_text key, size_t count);
void vitrine_otlp_add_element(vitrine_otlp_batch *batch, vitrine_otlp_text value, size_t limit);

typedef enum {
    VITRINE_OTLP_SPAN_INTERNAL = 1,
    VITRINE_OTLP_SPAN_SERVER,
    VITRINE_OTLP_SPAN_CLIENT,
    VITRINE_OTLP_SPAN_PRODUCER,
    VITRINE_OTLP_SPAN_CONSUMER
} vitrine_otlp_span_kind;

typedef enum { VITRINE_OTLP_STATUS_UNSET, VITRINE_OTLP_STATUS_OK, VITRINE_OTLP_STATUS_ERROR } vitrine_otlp_status;

typedef struct {
    vitrine_otlp_context context;
    uint64_t parent;  // 0 for a root
    uint64_t start;
    uint64_t end;
    vitrine_otlp_span_kind kind;
    vitrine_otlp_status status;
    vitrine_otlp_attributes attributes;
    size_t event_capacity;
    uint32_t dropped_events;
    size_t link_capacity;
    uint32_t dropped_links;
} vitrine_otlp_span;

void vitrine_otlp_add_span(
    vitrine_otlp_batch *batch, const vitrine_otlp_span *span, vitrine_otlp_text name, vitrine_otlp_text status_message);
// An event and a link of the last span.
void vitrine_otlp_add_event(
    vitrine_otlp_batch *batch, uint64_t time, vitrine_otlp_text name, vitrine_otlp_attributes attributes);
void vitrine_otlp_add_link(
    vitrine_otlp_batch *batch, vitrine_otlp_context context, vitrine_otlp_attributes attributes);

typedef struct {
    vitrine_otlp_context context;
    uint64_t time;
    uint64_t observed_time;
    int32_t severity;
    vitrine_otlp_attributes attributes;
} vitrine_otlp_log;

void vitrine_otlp_add_log(
    vitrine_otlp_batch *batch, const vitrine_otlp_log *log, vitrine_otlp_text severity, vitrine_otlp_text body,
    vitrine_otlp_text event_name);

// Sums and histograms are cumulative.
typedef enum {
    VITRINE_OTLP_GAUGE,
    VITRINE_OTLP_SUM,
    VITRINE_OTLP_MONOTONIC_SUM,
    VITRINE_OTLP_HISTOGRAM,
    VITRINE_OTLP_EXPONENTIAL_HISTOGRAM
} vitrine_otlp_metric_kind;

typedef struct {
    bool is_double;
    int64_t int_value;
    double double_value;
} vitrine_otlp_number;

typedef struct {
    uint64_t start;
    uint64_t time;
    size_t attribute_capacity;
    size_t exemplar_capacity;
} vitrine_otlp_point;

// Without bounds and buckets only count and sum are written.
typedef struct {
    uint64_t count;
    double sum;
    const uint64_t *bucket_counts;
    size_t bucket_count;
    const double *bounds;
    size_t bound_count;
} vitrine_otlp_histogram;

typedef struct {
    uint64_t count;
    double sum;
    int32_t scale;
    uint64_t zero_count;
    double zero_threshold;
    int32_t offset;
    const uint64_t *bucket_counts;
    size_t bucket_count;
} vitrine_otlp_exponential_histogram;

void vitrine_otlp_add_metric(
    vitrine_otlp_batch *batch, vitrine_otlp_metric_kind kind, vitrine_otlp_text name, vitrine_otlp_text help,
    vitrine_otlp_text unit, size_t point_capacity);
// Points of the last metric, of its kind.
void vitrine_otlp_add_number(vitrine_otlp_batch *batch, vitrine_otlp_point point, vitrine_otlp_number value);
void vitrine_otlp_add_histogram(
    vitrine_otlp_batch *batch, vitrine_otlp_point point, const vitrine_otlp_histogram *value);
void vitrine_otlp_add_exponential_histogram(
    vitrine_otlp_batch *batch, vitrine_otlp_point point, const vitrine_otlp_exponential_histogram *value);
// An exemplar of the last point.
void vitrine_otlp_add_exemplar(
    vitrine_otlp_batch *batch, vitrine_otlp_context context, uint64_t time, vitrine_otlp_number value,
    size_t attribute_capacity);

// What a receiver answered; the message, which may be NULL, is the caller's to free. False for bytes that are no such
// message.
bool vitrine_otlp_read_response(
    vitrine_otlp_signal signal, const uint8_t *bytes, size_t count, int64_t *rejected_count, char **message);
bool vitrine_otlp_read_status(const uint8_t *bytes, size_t count, int32_t *code, char **message);

#endif
