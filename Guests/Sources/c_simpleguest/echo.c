// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guest functions that give back what they get: one for each type of value.
#include <vitrine_guest.h>

#define ECHO(name, type) \
    VITRINE_GUEST_FUNCTION(name, type, type) { vitrine_return(call, call->parameters[0]); }

ECHO(echo_int32, VITRINE_TYPE_INT32)
ECHO(echo_uint32, VITRINE_TYPE_UINT32)
ECHO(echo_int64, VITRINE_TYPE_INT64)
ECHO(echo_uint64, VITRINE_TYPE_UINT64)
ECHO(echo_float, VITRINE_TYPE_FLOAT)
ECHO(echo_double, VITRINE_TYPE_DOUBLE)
ECHO(echo_bool, VITRINE_TYPE_BOOL)
ECHO(echo_string, VITRINE_TYPE_STRING)
ECHO(echo_bytes, VITRINE_TYPE_BYTES)

VITRINE_GUEST_FUNCTION(echo_void, VITRINE_TYPE_VOID) {}
