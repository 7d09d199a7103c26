// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vitrine_kvm.h"
