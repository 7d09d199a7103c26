// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The guest SDK for C: what a guest author uses. README.md of this package shows a whole guest on one page.
//
// A guest is a static ELF program without an operating system. It offers guest functions to the host, may call host
// functions while it serves one, and tells what it does through spans, events and printed text. Everything runs on one
// thread: there is no locking anywhere, and nothing here may be called from two places at once.
#ifndef VITRINE_GUEST_H
#define VITRINE_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vitrine_abi.h>

// MARK: - Text

// Bytes with a length. Text is UTF-8 and needs no terminator. A text that lies in the guest's read-only image (a string
// literal) travels in telemetry as an address and a length, any other text is copied.
typedef struct vitrine_text {
    const char *bytes;
    size_t byte_count;
} vitrine_text;

// The text of a string literal, without computing its length at run time.
#define VITRINE_TEXT(literal) ((vitrine_text){(literal), sizeof(literal) - 1})

// MARK: - Values

// One parameter, result or host call argument. `type` is one of VITRINE_TYPE_...; it tells which member holds.
// For strings and bytes, `bytes` is borrowed: a parameter lives in the input buffer until its guest function returns,
// a host call's result until the next host call.
typedef struct vitrine_value {
    uint32_t type;
    uint32_t byte_count;  // of the payload
    union {
        int32_t int32;
        uint32_t uint32;
        int64_t int64;
        uint64_t uint64;
        float float32;
        double float64;
        bool boolean;
        const uint8_t *bytes;
    };
} vitrine_value;

static inline vitrine_value vitrine_void(void) { return (vitrine_value){VITRINE_TYPE_VOID, 0, {.uint64 = 0}}; }
static inline vitrine_value vitrine_int32(int32_t v) {
    return (vitrine_value){VITRINE_TYPE_INT32, 4, {.int32 = v}};
}
static inline vitrine_value vitrine_uint32(uint32_t v) {
    return (vitrine_value){VITRINE_TYPE_UINT32, 4, {.uint32 = v}};
}
static inline vitrine_value vitrine_int64(int64_t v) {
    return (vitrine_value){VITRINE_TYPE_INT64, 8, {.int64 = v}};
}
static inline vitrine_value vitrine_uint64(uint64_t v) {
    return (vitrine_value){VITRINE_TYPE_UINT64, 8, {.uint64 = v}};
}
static inline vitrine_value vitrine_float(float v) { return (vitrine_value){VITRINE_TYPE_FLOAT, 4, {.float32 = v}}; }
static inline vitrine_value vitrine_double(double v) { return (vitrine_value){VITRINE_TYPE_DOUBLE, 8, {.float64 = v}}; }
static inline vitrine_value vitrine_bool(bool v) { return (vitrine_value){VITRINE_TYPE_BOOL, 1, {.boolean = v}}; }

// A string of at most 4 GiB; longer ones are cut when they are written, and the message with them is refused.
static inline vitrine_value vitrine_string(vitrine_text text) {
    return (vitrine_value){VITRINE_TYPE_STRING, (uint32_t)text.byte_count, {.bytes = (const uint8_t *)text.bytes}};
}
static inline vitrine_value vitrine_bytes(const void *bytes, uint32_t byte_count) {
    return (vitrine_value){VITRINE_TYPE_BYTES, byte_count, {.bytes = (const uint8_t *)bytes}};
}

// The bytes of a string value as a text.
static inline vitrine_text vitrine_value_text(vitrine_value value) {
    return (vitrine_text){(const char *)value.bytes, value.byte_count};
}

// MARK: - Guest functions

struct vitrine_guest_function;

// The call being served. The runtime has checked the number and the types of the parameters before the body runs, so
// `call->parameters[i]` is of the declared type for every declared parameter.
typedef struct vitrine_call {
    const struct vitrine_guest_function *function;
    uint32_t parameter_count;
    uint32_t expected_type;           // what the host wants back
    uint32_t outcome;                 // 0 none yet, else the kind of the reply message
    uint32_t outcome_type;            // of a result
    uint64_t reply_byte_count;        // of the reply message, from the start of the output buffer's message area
    vitrine_value parameters[VITRINE_LIMIT_PARAMETERS];
} vitrine_call;

typedef struct vitrine_guest_function {
    const char *name;
    uint32_t name_byte_count;
    uint8_t result_type;
    uint8_t parameter_count;
    uint8_t parameter_types[VITRINE_LIMIT_PARAMETERS];
    void (*body)(vitrine_call *call);
    void *context;                    // for the body; the runtime does not look at it
} __attribute__((aligned(16))) vitrine_guest_function;

// Defines a guest function and puts it into the image's table; nothing runs and no memory is touched at start.
//
//     VITRINE_GUEST_FUNCTION(add, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
//         vitrine_return(call, vitrine_int64(call->parameters[0].int64 + call->parameters[1].int64));
//     }
//
// The first type is the result's, the others (at most 10) are the parameters'. The body sees `call`.
#define VITRINE_GUEST_FUNCTION(function_name, result, ...)                                            \
    static void vitrine_body_##function_name(vitrine_call *call);                                     \
    __attribute__((section("vitrine_functions"), used, retain))                                       \
    static const vitrine_guest_function vitrine_entry_##function_name = {                             \
        .name = #function_name,                                                                       \
        .name_byte_count = sizeof(#function_name) - 1,                                                \
        .result_type = (result),                                                                      \
        .parameter_count = sizeof((uint8_t[]){0 __VA_OPT__(,) __VA_ARGS__}) - 1,                      \
        .parameter_types = {__VA_ARGS__},                                                             \
        .body = vitrine_body_##function_name,                                                         \
    };                                                                                                \
    static void vitrine_body_##function_name(__attribute__((unused)) vitrine_call *call)

// Adds a function at run time, from `main`. The name must stay valid; the description is copied. A name registered
// twice aborts the guest.
void vitrine_guest_register(const vitrine_guest_function *function);

// Returns a value to the host: writes it into the output buffer. Of several calls the last one counts. A value that
// does not fit becomes the error VITRINE_ERROR_BUFFER_TOO_SMALL. A function of result type void needs not call it.
void vitrine_return(vitrine_call *call, vitrine_value value);

// Returns bytes or a string (`type`) without a copy: makes `byte_count` bytes of result in the output buffer and gives
// their address, 8-byte aligned, to be filled before the function returns. NULL (and the error
// VITRINE_ERROR_BUFFER_TOO_SMALL set) when they do not fit. Host calls made meanwhile do not disturb them.
void *vitrine_return_in_place(vitrine_call *call, uint32_t type, size_t byte_count);

// Returns an error to the host; the guest stays usable. A guest's own codes start at VITRINE_ERROR_FIRST_USER. The text
// is cut at VITRINE_LIMIT_ERROR_TEXT_BYTES.
void vitrine_return_error(vitrine_call *call, uint32_t code, vitrine_text text);

// MARK: - Host functions

// What a host function answered. `error_code` 0: `value` is the result, of the type asked for. Otherwise `value` is
// the error's text. Strings and bytes are valid until the next host call.
typedef struct vitrine_reply {
    uint32_t error_code;
    vitrine_value value;
} vitrine_reply;

// Calls a host function and waits for its answer. Costs two exits' worth of switching. Only while a guest function is
// being served; otherwise, and when the call does not fit the output buffer, an error comes back without an exit.
vitrine_reply vitrine_call_host(vitrine_text name, uint32_t result_type, const vitrine_value *parameters,
                                uint32_t parameter_count);

// The same with the parameters listed:
//     vitrine_reply reply = VITRINE_CALL_HOST("multiply", VITRINE_TYPE_INT64, vitrine_int64(6), vitrine_int64(7));
#define VITRINE_CALL_HOST(name, result_type, ...)                                                     \
    vitrine_call_host(VITRINE_TEXT(name), (result_type),                                              \
                      (vitrine_value[]){vitrine_void() __VA_OPT__(,) __VA_ARGS__} + 1,                \
                      sizeof((vitrine_value[]){vitrine_void() __VA_OPT__(,) __VA_ARGS__}) / sizeof(vitrine_value) - 1)

// Hands a host function's error on as this call's own error.
void vitrine_return_reply_error(vitrine_call *call, const vitrine_reply *reply);

// MARK: - Giving up

// Ends the guest for good: the host gets `code` and the text as a guest abort, the sandbox is poisoned.
_Noreturn void vitrine_abort(uint32_t code, vitrine_text text);

// The failing branch of VITRINE_ASSERT.
_Noreturn void vitrine_assertion_failed(vitrine_text expression, vitrine_text file, uint32_t line);

// Aborts with the expression, the file and the line when `condition` is false. Never compiled out.
#define VITRINE_ASSERT(condition)                                                                     \
    ((condition) ? (void)0                                                                            \
                 : vitrine_assertion_failed(VITRINE_TEXT(#condition), VITRINE_TEXT(__FILE_NAME__), __LINE__))

// MARK: - Printing

// Sends text to the host's `onPrint`, at once and whole (in pieces of at most VITRINE_LIMIT_STRING_BYTES bytes).
void vitrine_print(vitrine_text text);

// MARK: - Spans and events (SwiftPM trait `trace_guest`, VITRINE_TRACE_GUEST in C)

// A field of a span or event: a key with a typed value. `type` is one of VITRINE_FIELD_...
typedef struct vitrine_field {
    vitrine_text key;
    uint32_t type;
    union {
        uint64_t bits;  // bool, integers, or the bits of a double
        vitrine_text text;
    };
} vitrine_field;

static inline vitrine_field vitrine_field_bool(vitrine_text key, bool value) {
    return (vitrine_field){key, VITRINE_FIELD_BOOL, {.bits = value}};
}
static inline vitrine_field vitrine_field_int64(vitrine_text key, int64_t value) {
    return (vitrine_field){key, VITRINE_FIELD_INT64, {.bits = (uint64_t)value}};
}
static inline vitrine_field vitrine_field_uint64(vitrine_text key, uint64_t value) {
    return (vitrine_field){key, VITRINE_FIELD_UINT64, {.bits = value}};
}
static inline vitrine_field vitrine_field_double(vitrine_text key, double value) {
    return (vitrine_field){key, VITRINE_FIELD_DOUBLE, {.bits = __builtin_bit_cast(uint64_t, value)}};
}
static inline vitrine_field vitrine_field_string(vitrine_text key, vitrine_text value) {
    return (vitrine_field){key, VITRINE_FIELD_STRING, {.text = value}};
}

// Where a span or event comes from.
typedef struct vitrine_location {
    vitrine_text target;  // the part of the program: a module's name
    vitrine_text file;
    uint32_t line;
} vitrine_location;

// An open span. `id` 0: the span is off, closing or editing it does nothing.
typedef struct vitrine_span {
    uint64_t id;
    uint64_t parent;
} vitrine_span;

// The control page, set before `main` runs; read-only.
extern const volatile vitrine_control *vitrine_control_page;

// The host's live switches: the highest level wanted in the low half, the features in the high half. One load.
static inline uint64_t vitrine_switches(void) {
    return *(const volatile uint64_t *)&vitrine_control_page->maximum_level;
}

// Whether the host wants events, or spans, of `level` now.
static inline bool vitrine_events_on(uint32_t level) { return level <= (uint32_t)vitrine_switches(); }
static inline bool vitrine_spans_on(uint32_t level) {
    uint64_t switches = vitrine_switches();
    return level <= (uint32_t)switches && ((switches >> 32) & VITRINE_FEATURE_SPANS) != 0;
}

// The functions behind the macros; they do not look at the switches.
void vitrine_event(uint32_t level, vitrine_text message, const vitrine_location *location, const vitrine_field *fields,
                   uint32_t field_count);
vitrine_span vitrine_span_open(uint32_t level, vitrine_text name, const vitrine_location *location,
                               const vitrine_field *fields, uint32_t field_count);
void vitrine_span_edit(vitrine_span span, const vitrine_field *fields, uint32_t field_count);
void vitrine_span_close(vitrine_span span);

// The target that this file's spans and events carry; define it before including this header to choose another.
#ifndef VITRINE_TARGET
#define VITRINE_TARGET "guest"
#endif

#define VITRINE_LOCATION (vitrine_location){VITRINE_TEXT(VITRINE_TARGET), VITRINE_TEXT(__FILE_NAME__), __LINE__}
#define VITRINE_FIELDS(...) ((const vitrine_field[]){{{0, 0}, 0, {0}} __VA_OPT__(,) __VA_ARGS__})
#define VITRINE_FIELD_COUNT(...) (uint32_t)(sizeof(VITRINE_FIELDS(__VA_ARGS__)) / sizeof(vitrine_field) - 1)

#if VITRINE_TRACE_GUEST
// An event with fields: VITRINE_EVENT(VITRINE_LEVEL_INFO, VITRINE_TEXT("ready"), vitrine_field_int64(...), ...).
// The message and the fields are evaluated only when the level is on.
#define VITRINE_EVENT(level, message, ...)                                                            \
    do {                                                                                              \
        if (vitrine_events_on(level)) {                                                               \
            const vitrine_location vitrine_here = VITRINE_LOCATION;                                   \
            vitrine_event((level), (message), &vitrine_here, VITRINE_FIELDS(__VA_ARGS__) + 1,         \
                          VITRINE_FIELD_COUNT(__VA_ARGS__));                                          \
        }                                                                                             \
    } while (0)

// Opens a span below the one open now and makes it the current one. Close spans in the reverse order.
#define VITRINE_SPAN_OPEN(level, name, ...)                                                           \
    (vitrine_spans_on(level)                                                                          \
         ? vitrine_span_open((level), VITRINE_TEXT(name), &VITRINE_LOCATION,                          \
                             VITRINE_FIELDS(__VA_ARGS__) + 1, VITRINE_FIELD_COUNT(__VA_ARGS__))       \
         : (vitrine_span){0, 0})

// Adds fields to an open span, or replaces the values of those it has.
#define VITRINE_SPAN_EDIT(span, ...)                                                                  \
    vitrine_span_edit((span), VITRINE_FIELDS(__VA_ARGS__) + 1, VITRINE_FIELD_COUNT(__VA_ARGS__))
#else
#define VITRINE_EVENT(level, message, ...) ((void)0)
#define VITRINE_SPAN_OPEN(level, name, ...) ((vitrine_span){0, 0})
#define VITRINE_SPAN_EDIT(span, ...) ((void)(span))
#endif

// An event whose message is a literal.
#define VITRINE_LOG(level, literal, ...) VITRINE_EVENT((level), VITRINE_TEXT(literal) __VA_OPT__(,) __VA_ARGS__)

// MARK: - The part of the C library that a guest has

#if !__STDC_HOSTED__
void *malloc(size_t byte_count);
void *calloc(size_t count, size_t byte_count);
void *realloc(void *address, size_t byte_count);
void *aligned_alloc(size_t alignment, size_t byte_count);
int posix_memalign(void **address, size_t alignment, size_t byte_count);
void free(void *address);
void *memcpy(void *restrict destination, const void *restrict source, size_t byte_count);
void *memmove(void *destination, const void *source, size_t byte_count);
void *memset(void *destination, int byte, size_t byte_count);
int memcmp(const void *left, const void *right, size_t byte_count);
size_t strlen(const char *text);
_Noreturn void abort(void);

// Collects a line, which is sent when it ends, is full, or the guest stops.
int putchar(int character);
#endif

#endif
