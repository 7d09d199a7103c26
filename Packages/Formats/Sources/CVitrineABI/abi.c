// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The module is its header; compiling it here runs the header's layout assertions.
#include "vitrine_abi.h"
