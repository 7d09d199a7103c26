// SPDX-License-Identifier: MIT OR Apache-2.0
//
// All messages of OTLP, as `just generate-otlp` makes them of the files in Protos.
#ifndef COTLP_H
#define COTLP_H

#include "google/rpc/status.pb-c.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb-c.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.pb-c.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb-c.h"

#endif
