// SPDX-License-Identifier: MIT OR Apache-2.0
#include <protobuf-c/protobuf-c.h>
