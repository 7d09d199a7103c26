// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The messages of Perfetto's trace format, as `just generate-perfetto` makes them of the files in Protos.
#ifndef CPERFETTO_H
#define CPERFETTO_H

#include "perfetto/trace/trace.pb-c.h"

#endif
