// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The functions of the C library's math that compilers call for square roots and rounding, which plain SSE2 has no
// instructions for (but for the root). Other mathematics is the guest's own business.
#include "state.h"

#if !__STDC_HOSTED__

double sqrt(double value) {
    __asm__("sqrtsd %1, %0" : "=x"(value) : "x"(value));
    return value;
}

float sqrtf(float value) {
    __asm__("sqrtss %1, %0" : "=x"(value) : "x"(value));
    return value;
}

// From this magnitude on every double is whole; also true for infinities and, as the comparison fails, for NaN.
static bool is_whole(double value) { return !(__builtin_fabs(value) < 0x1p52); }

double trunc(double value) {
    return is_whole(value) ? value : __builtin_copysign((double)(int64_t)value, value);
}

double floor(double value) {
    double whole = trunc(value);
    return whole > value ? whole - 1 : whole;
}

double ceil(double value) {
    double whole = trunc(value);
    return whole < value ? __builtin_copysign(whole + 1, value) : whole;
}

// Halves away from zero.
double round(double value) {
    double whole = trunc(value);
    if (is_whole(value) || __builtin_fabs(value - whole) < 0.5) return whole;
    return whole + __builtin_copysign(1, value);
}

// Halves to even: adding 2^52 leaves no room for a fraction, so the processor rounds. The volatile keeps the sum.
double rint(double value) {
    if (is_whole(value)) return value;
    volatile double sum = __builtin_fabs(value) + 0x1p52;
    return __builtin_copysign(sum - 0x1p52, value);
}

float truncf(float value) { return (float)trunc(value); }
float floorf(float value) { return (float)floor(value); }
float ceilf(float value) { return (float)ceil(value); }
float roundf(float value) { return (float)round(value); }
float rintf(float value) { return (float)rint(value); }

#endif
