// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The package manager wants a source file of each C target; the declaration is all there is.
#include "swift_demangle.h"
