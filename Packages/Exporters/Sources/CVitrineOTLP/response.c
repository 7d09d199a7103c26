// SPDX-License-Identifier: MIT OR Apache-2.0

#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "cotlp.h"
#include "vitrine_otlp.h"

// Reads a response of one of the signals, which differ in their names only.
#define READ(Response, response, rejected)                                                             \
    do {                                                                                               \
        Response *answer = response##__unpack(NULL, count, bytes);                                     \
        if (answer == NULL) return false;                                                              \
        if (answer->partial_success != NULL) {                                                         \
            *rejected_count = answer->partial_success->rejected;                                       \
            *message = strdup(answer->partial_success->error_message);                                 \
        }                                                                                              \
        response##__free_unpacked(answer, NULL);                                                       \
        return true;                                                                                   \
    } while (0)

bool vitrine_otlp_read_response(
    vitrine_otlp_signal signal, const uint8_t *bytes, size_t count, int64_t *rejected_count, char **message) {
    *rejected_count = 0;
    *message = NULL;
    switch (signal) {
        case VITRINE_OTLP_TRACES:
            READ(VitrineOtlp__ExportTraceServiceResponse, vitrine_otlp__export_trace_service_response, rejected_spans);
        case VITRINE_OTLP_METRICS:
            READ(VitrineOtlp__ExportMetricsServiceResponse, vitrine_otlp__export_metrics_service_response,
                 rejected_data_points);
        case VITRINE_OTLP_LOGS:
            READ(VitrineOtlp__ExportLogsServiceResponse, vitrine_otlp__export_logs_service_response,
                 rejected_log_records);
    }
    return false;
}

bool vitrine_otlp_read_status(const uint8_t *bytes, size_t count, int32_t *code, char **message) {
    *message = NULL;
    VitrineOtlpRpc__Status *status = vitrine_otlp_rpc__status__unpack(NULL, count, bytes);
    if (status == NULL) return false;
    *code = status->code;
    *message = strdup(status->message);
    vitrine_otlp_rpc__status__free_unpacked(status, NULL);
    return true;
}
