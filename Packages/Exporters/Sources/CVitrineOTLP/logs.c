// SPDX-License-Identifier: MIT OR Apache-2.0
#include "batch.h"

void vitrine_otlp_add_log(
    vitrine_otlp_batch *batch, const vitrine_otlp_log *given, vitrine_otlp_text severity, vitrine_otlp_text body,
    vitrine_otlp_text event_name) {
    no_attributes(batch);
    if (batch->signal != VITRINE_OTLP_LOGS || batch->failure != VITRINE_OTLP_FINE) return;
    if (*batch->record_count == batch->record_capacity || !charge(batch, 24)) return;
    VitrineOtlp__LogRecord *record = vitrine_otlp_message(batch, LOG_RECORD, 24);
    VitrineOtlp__AnyValue *value = vitrine_otlp_message(batch, ANY_VALUE, 0);
    if (record == NULL || value == NULL) return;
    if (given->context.span != 0) {
        uint8_t *identifiers = (uint8_t *)(record + 1);
        record->trace_id = trace_identifier(identifiers, given->context);
        record->span_id = identifier(identifiers + 16, given->context.span);
        record->flags = given->context.flags;
    }
    record->time_unix_nano = given->time;
    record->observed_time_unix_nano = given->observed_time;
    record->severity_number = (VitrineOtlp__SeverityNumber)given->severity;
    record->severity_text = vitrine_otlp_string(batch, severity, ALL_BYTES);
    value->string_value = vitrine_otlp_string(batch, body, ALL_BYTES);
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_STRING_VALUE;
    record->body = value;
    record->event_name = vitrine_otlp_string(batch, event_name, ALL_BYTES);
    batch->records[(*batch->record_count)++] = &record->base;
    vitrine_otlp_attributes_of(
        batch, &record->attributes, &record->n_attributes, &record->dropped_attributes_count, given->attributes);
}
