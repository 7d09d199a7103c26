// SPDX-License-Identifier: MIT OR Apache-2.0
#include "batch.h"

// The memory behind a message for its identifiers.
#define TRACE_ID_BYTES 16
#define SPAN_ID_BYTES 8

static void set_status(
    vitrine_otlp_batch *batch, VitrineOtlp__Span *span, vitrine_otlp_status code, vitrine_otlp_text message) {
    if (code == VITRINE_OTLP_STATUS_UNSET) return;
    VitrineOtlp__Status *status = vitrine_otlp_message(batch, STATUS, 0);
    if (status == NULL) return;
    status->code = code == VITRINE_OTLP_STATUS_OK ? VITRINE_OTLP__STATUS__STATUS_CODE__STATUS_CODE_OK
                                                  : VITRINE_OTLP__STATUS__STATUS_CODE__STATUS_CODE_ERROR;
    status->message = vitrine_otlp_string(batch, message, ALL_BYTES);
    span->status = status;
}

// Lists of events and of links; false when the batch fails.
static bool make_lists(vitrine_otlp_batch *batch, VitrineOtlp__Span *span, const vitrine_otlp_span *given) {
    batch->span = span;
    batch->event_capacity = batch->link_capacity = 0;
    span->dropped_events_count = given->dropped_events;
    span->dropped_links_count = given->dropped_links;
    if (given->event_capacity > 0) {
        span->events = allocate_array(batch, given->event_capacity, sizeof *span->events);
        if (span->events == NULL) return false;
        batch->event_capacity = given->event_capacity;
    }
    if (given->link_capacity > 0) {
        span->links = allocate_array(batch, given->link_capacity, sizeof *span->links);
        if (span->links == NULL) return false;
        batch->link_capacity = given->link_capacity;
    }
    return true;
}

void vitrine_otlp_add_span(
    vitrine_otlp_batch *batch, const vitrine_otlp_span *given, vitrine_otlp_text name,
    vitrine_otlp_text status_message) {
    batch->event_capacity = batch->link_capacity = 0;
    no_attributes(batch);
    if (batch->signal != VITRINE_OTLP_TRACES || batch->failure != VITRINE_OTLP_FINE) return;
    if (*batch->record_count == batch->record_capacity) return;
    if (!charge(batch, TRACE_ID_BYTES + 2 * SPAN_ID_BYTES)) return;
    VitrineOtlp__Span *span = vitrine_otlp_message(batch, SPAN, TRACE_ID_BYTES + 2 * SPAN_ID_BYTES);
    if (span == NULL) return;
    uint8_t *identifiers = (uint8_t *)(span + 1);
    span->trace_id = trace_identifier(identifiers, given->context);
    span->span_id = identifier(identifiers + TRACE_ID_BYTES, given->context.span);
    if (given->parent != 0)
        span->parent_span_id = identifier(identifiers + TRACE_ID_BYTES + SPAN_ID_BYTES, given->parent);
    span->flags = given->context.flags;
    span->name = vitrine_otlp_string(batch, name, ALL_BYTES);
    span->kind = (VitrineOtlp__Span__SpanKind)given->kind;
    span->start_time_unix_nano = given->start;
    span->end_time_unix_nano = given->end;
    set_status(batch, span, given->status, status_message);
    if (!make_lists(batch, span, given)) return;
    batch->records[(*batch->record_count)++] = &span->base;
    vitrine_otlp_attributes_of(
        batch, &span->attributes, &span->n_attributes, &span->dropped_attributes_count, given->attributes);
}

void vitrine_otlp_add_event(
    vitrine_otlp_batch *batch, uint64_t time, vitrine_otlp_text name, vitrine_otlp_attributes attributes) {
    no_attributes(batch);
    if (batch->event_capacity == 0 || batch->span->n_events == batch->event_capacity) return;
    VitrineOtlp__Span__Event *event = vitrine_otlp_message(batch, EVENT, 0);
    if (event == NULL) return;
    event->time_unix_nano = time;
    event->name = vitrine_otlp_string(batch, name, ALL_BYTES);
    batch->span->events[batch->span->n_events++] = event;
    vitrine_otlp_attributes_of(
        batch, &event->attributes, &event->n_attributes, &event->dropped_attributes_count, attributes);
}

void vitrine_otlp_add_link(
    vitrine_otlp_batch *batch, vitrine_otlp_context context, vitrine_otlp_attributes attributes) {
    no_attributes(batch);
    if (batch->link_capacity == 0 || batch->span->n_links == batch->link_capacity) return;
    if (!charge(batch, TRACE_ID_BYTES + SPAN_ID_BYTES)) return;
    VitrineOtlp__Span__Link *link = vitrine_otlp_message(batch, LINK, TRACE_ID_BYTES + SPAN_ID_BYTES);
    if (link == NULL) return;
    uint8_t *identifiers = (uint8_t *)(link + 1);
    link->trace_id = trace_identifier(identifiers, context);
    link->span_id = identifier(identifiers + TRACE_ID_BYTES, context.span);
    link->flags = context.flags;
    batch->span->links[batch->span->n_links++] = link;
    vitrine_otlp_attributes_of(
        batch, &link->attributes, &link->n_attributes, &link->dropped_attributes_count, attributes);
}
