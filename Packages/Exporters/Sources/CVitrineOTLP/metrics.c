// SPDX-License-Identifier: MIT OR Apache-2.0
#include <string.h>

#include "batch.h"

#define CUMULATIVE VITRINE_OTLP__AGGREGATION_TEMPORALITY__AGGREGATION_TEMPORALITY_CUMULATIVE

// Puts the data of a kind into a metric, with room for the points.
#define SET_DATA(batch, metric, points_memory, Data, TYPE, member, MEMBER, ...)     \
    do {                                                                            \
        Data *data = vitrine_otlp_message(batch, TYPE, 0);                          \
        if (data == NULL) return;                                                   \
        data->data_points = (void *)points_memory;                                  \
        batch->point_count = &data->n_data_points;                                  \
        (metric)->member = data;                                                    \
        (metric)->data_case = VITRINE_OTLP__METRIC__DATA_##MEMBER;                  \
        __VA_ARGS__;                                                                \
    } while (0)

void vitrine_otlp_add_metric(
    vitrine_otlp_batch *batch, vitrine_otlp_metric_kind kind, vitrine_otlp_text name, vitrine_otlp_text help,
    vitrine_otlp_text unit, size_t point_capacity) {
    no_attributes(batch);
    batch->point_capacity = batch->exemplar_capacity = 0;
    if (batch->signal != VITRINE_OTLP_METRICS || batch->failure != VITRINE_OTLP_FINE) return;
    if (*batch->record_count == batch->record_capacity) return;
    VitrineOtlp__Metric *metric = vitrine_otlp_message(batch, METRIC, 0);
    ProtobufCMessage **points = allocate_array(batch, point_capacity, sizeof *points);
    if (metric == NULL || points == NULL) return;
    metric->name = vitrine_otlp_string(batch, name, ALL_BYTES);
    metric->description = vitrine_otlp_string(batch, help, ALL_BYTES);
    metric->unit = vitrine_otlp_string(batch, unit, ALL_BYTES);
    switch (kind) {
        case VITRINE_OTLP_GAUGE:
            SET_DATA(batch, metric, points, VitrineOtlp__Gauge, GAUGE, gauge, GAUGE);
            break;
        case VITRINE_OTLP_SUM:
        case VITRINE_OTLP_MONOTONIC_SUM:
            SET_DATA(batch, metric, points, VitrineOtlp__Sum, SUM, sum, SUM,
                     data->aggregation_temporality = CUMULATIVE,
                     data->is_monotonic = kind == VITRINE_OTLP_MONOTONIC_SUM);
            break;
        case VITRINE_OTLP_HISTOGRAM:
            SET_DATA(batch, metric, points, VitrineOtlp__Histogram, HISTOGRAM, histogram, HISTOGRAM,
                     data->aggregation_temporality = CUMULATIVE);
            break;
        case VITRINE_OTLP_EXPONENTIAL_HISTOGRAM:
            SET_DATA(batch, metric, points, VitrineOtlp__ExponentialHistogram, EXPONENTIAL_HISTOGRAM,
                     exponential_histogram, EXPONENTIAL_HISTOGRAM, data->aggregation_temporality = CUMULATIVE);
            break;
    }
    batch->records[(*batch->record_count)++] = &metric->base;
    batch->metric_kind = kind;
    batch->points = points;
    batch->point_capacity = point_capacity;
}

// A point in the last metric; NULL if it has no room or is of another kind.
static void *add_point(vitrine_otlp_batch *batch, enum message_type type, bool is_of_kind) {
    no_attributes(batch);
    batch->exemplar_capacity = 0;
    if (!is_of_kind || batch->point_capacity == 0 || *batch->point_count == batch->point_capacity) return NULL;
    ProtobufCMessage *point = vitrine_otlp_message(batch, type, 0);
    if (point != NULL) batch->points[(*batch->point_count)++] = point;
    return point;
}

// What all points have.
#define FILL_POINT(batch, message, given)                                                                          \
    do {                                                                                                           \
        (message)->start_time_unix_nano = (given).start;                                                           \
        (message)->time_unix_nano = (given).time;                                                                  \
        if ((given).exemplar_capacity > 0) {                                                                       \
            (message)->exemplars = allocate_array(batch, (given).exemplar_capacity, sizeof *(message)->exemplars); \
            if ((message)->exemplars == NULL) return;                                                              \
            (batch)->exemplars = (message)->exemplars;                                                             \
            (batch)->exemplar_count = &(message)->n_exemplars;                                                     \
            (batch)->exemplar_capacity = (given).exemplar_capacity;                                                \
        }                                                                                                          \
        vitrine_otlp_attributes_of(batch, &(message)->attributes, &(message)->n_attributes, NULL,                  \
                                   (vitrine_otlp_attributes){.capacity = (given).attribute_capacity});             \
    } while (0)

void vitrine_otlp_add_number(vitrine_otlp_batch *batch, vitrine_otlp_point point, vitrine_otlp_number value) {
    bool is_of_kind = batch->metric_kind <= VITRINE_OTLP_MONOTONIC_SUM;
    VitrineOtlp__NumberDataPoint *message = add_point(batch, NUMBER_POINT, is_of_kind);
    if (message == NULL) return;
    if (value.is_double) {
        message->as_double = value.double_value;
        message->value_case = VITRINE_OTLP__NUMBER_DATA_POINT__VALUE_AS_DOUBLE;
    } else {
        message->as_int = value.int_value;
        message->value_case = VITRINE_OTLP__NUMBER_DATA_POINT__VALUE_AS_INT;
    }
    FILL_POINT(batch, message, point);
}

// A copy of numbers that take at most so many bytes each in a request; NULL when the batch fails.
static void *copy_numbers(vitrine_otlp_batch *batch, const void *numbers, size_t count, size_t packed_bytes) {
    if (count > batch->maximum) {
        batch->failure = VITRINE_OTLP_TOO_LARGE;
        return NULL;
    }
    if (!charge(batch, count * packed_bytes)) return NULL;
    void *copy = allocate_array(batch, count, 8);
    if (copy != NULL && count > 0) memcpy(copy, numbers, count * 8);
    return copy;
}

void vitrine_otlp_add_histogram(
    vitrine_otlp_batch *batch, vitrine_otlp_point point, const vitrine_otlp_histogram *value) {
    bool is_of_kind = batch->metric_kind == VITRINE_OTLP_HISTOGRAM;
    VitrineOtlp__HistogramDataPoint *message = add_point(batch, HISTOGRAM_POINT, is_of_kind);
    if (message == NULL) return;
    message->count = value->count;
    message->sum = value->sum;
    message->optional_sum_case = VITRINE_OTLP__HISTOGRAM_DATA_POINT__OPTIONAL_SUM_SUM;
    uint64_t *counts = copy_numbers(batch, value->bucket_counts, value->bucket_count, 8);
    double *bounds = copy_numbers(batch, value->bounds, value->bound_count, 8);
    if (counts == NULL || bounds == NULL) return;
    message->bucket_counts = counts;
    message->n_bucket_counts = value->bucket_count;
    message->explicit_bounds = bounds;
    message->n_explicit_bounds = value->bound_count;
    FILL_POINT(batch, message, point);
}

void vitrine_otlp_add_exponential_histogram(
    vitrine_otlp_batch *batch, vitrine_otlp_point point, const vitrine_otlp_exponential_histogram *value) {
    bool is_of_kind = batch->metric_kind == VITRINE_OTLP_EXPONENTIAL_HISTOGRAM;
    VitrineOtlp__ExponentialHistogramDataPoint *message = add_point(batch, EXPONENTIAL_POINT, is_of_kind);
    if (message == NULL) return;
    message->count = value->count;
    message->sum = value->sum;
    message->optional_sum_case = VITRINE_OTLP__EXPONENTIAL_HISTOGRAM_DATA_POINT__OPTIONAL_SUM_SUM;
    message->scale = value->scale;
    message->zero_count = value->zero_count;
    message->zero_threshold = value->zero_threshold;
    if (value->bucket_count > 0) {
        VitrineOtlp__ExponentialHistogramDataPoint__Buckets *buckets = vitrine_otlp_message(batch, BUCKETS, 0);
        uint64_t *counts = copy_numbers(batch, value->bucket_counts, value->bucket_count, 10);
        if (buckets == NULL || counts == NULL) return;
        buckets->offset = value->offset;
        buckets->bucket_counts = counts;
        buckets->n_bucket_counts = value->bucket_count;
        message->positive = buckets;
    }
    FILL_POINT(batch, message, point);
}

void vitrine_otlp_add_exemplar(
    vitrine_otlp_batch *batch, vitrine_otlp_context context, uint64_t time, vitrine_otlp_number value,
    size_t attribute_capacity) {
    no_attributes(batch);
    if (batch->exemplar_capacity == 0 || *batch->exemplar_count == batch->exemplar_capacity) return;
    if (!charge(batch, 24)) return;
    VitrineOtlp__Exemplar *exemplar = vitrine_otlp_message(batch, EXEMPLAR, 24);
    if (exemplar == NULL) return;
    exemplar->time_unix_nano = time;
    if (context.span != 0) {
        uint8_t *identifiers = (uint8_t *)(exemplar + 1);
        exemplar->trace_id = trace_identifier(identifiers, context);
        exemplar->span_id = identifier(identifiers + 16, context.span);
    }
    if (value.is_double) {
        exemplar->as_double = value.double_value;
        exemplar->value_case = VITRINE_OTLP__EXEMPLAR__VALUE_AS_DOUBLE;
    } else {
        exemplar->as_int = value.int_value;
        exemplar->value_case = VITRINE_OTLP__EXEMPLAR__VALUE_AS_INT;
    }
    batch->exemplars[(*batch->exemplar_count)++] = exemplar;
    vitrine_otlp_attributes_of(batch, &exemplar->filtered_attributes, &exemplar->n_filtered_attributes, NULL,
                               (vitrine_otlp_attributes){.capacity = attribute_capacity});
}
