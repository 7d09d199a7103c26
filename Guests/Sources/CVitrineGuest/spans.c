// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Spans and events as telemetry records.
#include "state.h"

#if VITRINE_TRACE_GUEST

typedef struct record_content {
    uint64_t span, parent;
    vitrine_text text;  // name or message
    const vitrine_location *location;
    const vitrine_field *fields;
    uint32_t field_count;
} record_content;

// Line and field count share a word; the count is patched in when the fields are written.
static void put_fields(record_writer *record, uint64_t count_at, const record_content *content) {
    uint32_t count = content->field_count < VITRINE_LIMIT_FIELDS ? content->field_count : VITRINE_LIMIT_FIELDS;
    if (count < content->field_count) record->flags |= VITRINE_RECORD_TRUNCATED;
    uint32_t written = 0;
    for (; written < count; written++) {
        const vitrine_field *field = &content->fields[written];
        uint64_t before = record->used;
        record_put_text(record, field->key, 16);
        record_put_u64(record, field->type);
        if (field->type == VITRINE_FIELD_STRING) {
            record_put_text(record, field->text, 0);
        } else {
            record_put_u64(record, field->bits);
        }
        if (record->failed) {  // leave this field and the rest out
            record->failed = false;
            record->cut = true;
            record->flags |= VITRINE_RECORD_TRUNCATED;
            record->used = before;
            break;
        }
    }
    __builtin_memcpy(record->start + count_at, &written, 4);
}

static void put_described(record_writer *record, const record_content *content) {
    uint64_t count_at = record->used + 4;
    record_put_u64(record, content->location->line);
    record_put_text(record, content->text, 16);  // two more texts follow, each at least its header
    record_put_text(record, content->location->target, 8);
    record_put_text(record, content->location->file, 0);
    if (!record->failed) put_fields(record, count_at, content);
}

static void put_event(record_writer *record, const void *content) {
    record_put_u64(record, ((const record_content *)content)->span);
    put_described(record, content);
}

static void put_span_open(record_writer *record, const void *content) {
    record_put_u64(record, ((const record_content *)content)->span);
    record_put_u64(record, ((const record_content *)content)->parent);
    put_described(record, content);
}

static void put_span_edit(record_writer *record, const void *content) {
    record_put_u64(record, ((const record_content *)content)->span);
    uint64_t count_at = record->used + 4;
    record_put_u64(record, 0);
    if (!record->failed) put_fields(record, count_at, content);
}

static void put_span_close(record_writer *record, const void *content) {
    record_put_u64(record, ((const record_content *)content)->span);
}

void vitrine_event(uint32_t level, vitrine_text message, const vitrine_location *location, const vitrine_field *fields,
                   uint32_t field_count) {
    record_content content = {vitrine_runtime.current_span, 0, message, location, fields, field_count};
    write_record(VITRINE_RECORD_EVENT, (uint8_t)level, put_event, &content);
}

vitrine_span vitrine_span_open(uint32_t level, vitrine_text name, const vitrine_location *location,
                               const vitrine_field *fields, uint32_t field_count) {
    vitrine_state *state = &vitrine_runtime;
    if (state->open_spans >= VITRINE_LIMIT_OPEN_SPANS) return (vitrine_span){0, 0};
    vitrine_span span = {++state->last_span, state->current_span};
    record_content content = {span.id, span.parent, name, location, fields, field_count};
    write_record(VITRINE_RECORD_SPAN_OPEN, (uint8_t)level, put_span_open, &content);
    state->current_span = span.id;
    state->open_spans++;
    return span;
}

void vitrine_span_edit(vitrine_span span, const vitrine_field *fields, uint32_t field_count) {
    if (span.id == 0) return;
    record_content content = {.span = span.id, .fields = fields, .field_count = field_count};
    write_record(VITRINE_RECORD_SPAN_EDIT, 0, put_span_edit, &content);
}

void vitrine_span_close(vitrine_span span) {
    if (span.id == 0) return;
    record_content content = {.span = span.id};
    write_record(VITRINE_RECORD_SPAN_CLOSE, 0, put_span_close, &content);
    vitrine_runtime.current_span = span.parent;
    if (vitrine_runtime.open_spans > 0) vitrine_runtime.open_spans--;
}

#else

void vitrine_event(uint32_t level, vitrine_text message, const vitrine_location *location, const vitrine_field *fields,
                   uint32_t field_count) {
    (void)level, (void)message, (void)location, (void)fields, (void)field_count;
}
vitrine_span vitrine_span_open(uint32_t level, vitrine_text name, const vitrine_location *location,
                               const vitrine_field *fields, uint32_t field_count) {
    (void)level, (void)name, (void)location, (void)fields, (void)field_count;
    return (vitrine_span){0, 0};
}
void vitrine_span_edit(vitrine_span span, const vitrine_field *fields, uint32_t field_count) {
    (void)span, (void)fields, (void)field_count;
}
void vitrine_span_close(vitrine_span span) { (void)span; }

#endif
