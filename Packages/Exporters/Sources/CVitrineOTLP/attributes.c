// SPDX-License-Identifier: MIT OR Apache-2.0
#include <string.h>

#include "batch.h"

// Up to so many attributes, looking at all their hashes is faster than a table.
#define SMALL_LIST 32

// A key and its value, which are always made together.
struct attribute {
    VitrineOtlp__KeyValue pair;
    VitrineOtlp__AnyValue value;
};

void vitrine_otlp_attributes_of(
    vitrine_otlp_batch *batch, VitrineOtlp__KeyValue ***items, size_t *count, uint32_t *dropped,
    vitrine_otlp_attributes attributes) {
    struct attribute_list *list = &batch->attributes;
    *list = (struct attribute_list){.count = count, .dropped = dropped != NULL ? dropped : &batch->ignored_drops};
    *list->dropped = attributes.dropped;
    batch->array_capacity = 0;
    if (attributes.capacity == 0 || batch->failure != VITRINE_OTLP_FINE) return;
    list->items = allocate_array(batch, attributes.capacity, sizeof *list->items);
    list->hashes = allocate_array(batch, attributes.capacity, sizeof *list->hashes);
    if (list->items == NULL || list->hashes == NULL) return;
    if (attributes.capacity > SMALL_LIST) {
        size_t slots = 2 * SMALL_LIST;
        while (slots < 2 * attributes.capacity) slots *= 2;
        list->table = allocate_array(batch, slots, sizeof *list->table);
        if (list->table == NULL) return;
        memset(list->table, 0, slots * sizeof *list->table);
        list->table_mask = slots - 1;
    }
    *items = list->items;
    list->capacity = attributes.capacity;
}

void vitrine_otlp_protect_attributes(vitrine_otlp_batch *batch, size_t reserved) {
    struct attribute_list *list = &batch->attributes;
    if (list->count == NULL) return;
    list->protected_count = *list->count;
    // None after a failure, and then there is no capacity either.
    if (list->capacity >= reserved && *list->count < reserved) list->capacity -= reserved - *list->count;
}

static inline uint64_t mix(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// Eight bytes at a time, each multiplied into what is so far; the seed keeps a guest from choosing keys that collide.
static inline uint64_t hash(uint64_t seed, const uint8_t *bytes, size_t count) {
    const uint64_t factor = 0x9E3779B97F4A7C15;
    uint64_t result = seed ^ (count * factor);
    if (count >= 8) {
        for (size_t place = 0; place + 8 < count; place += 8) result = mix(result ^ word(bytes + place), factor | 1);
        return mix(result ^ word(bytes + count - 8), ~seed | 1);
    }
    uint64_t last = 0;
    for (size_t place = 0; place < count; place++) last = last << 8 | bytes[place];
    return mix(result ^ last, ~seed | 1);
}

static inline bool is_key(const struct attribute_list *list, size_t place, vitrine_otlp_text key) {
    const char *known = list->items[place]->key;
    return strncmp(known, (const char *)key.bytes, key.count) == 0 && known[key.count] == 0;
}

// The place of a key, or the count if it is new.
static inline size_t find(const struct attribute_list *list, uint64_t hash, vitrine_otlp_text key) {
    size_t count = *list->count;
    if (list->table == NULL) {
        for (size_t place = 0; place < count; place++)
            if (list->hashes[place] == hash && is_key(list, place, key)) return place;
        return count;
    }
    for (size_t slot = hash & list->table_mask; list->table[slot] != 0; slot = (slot + 1) & list->table_mask) {
        size_t place = list->table[slot] - 1;
        if (list->hashes[place] == hash && is_key(list, place, key)) return place;
    }
    return count;
}

static void enter(struct attribute_list *list, uint64_t hash, size_t place) {
    list->hashes[place] = hash;
    if (list->table == NULL) return;
    size_t slot = hash & list->table_mask;
    while (list->table[slot] != 0) slot = (slot + 1) & list->table_mask;
    list->table[slot] = (uint32_t)place + 1;
}

static inline void drop(struct attribute_list *list) {
    if (*list->dropped != UINT32_MAX) ++*list->dropped;
}

// The value of a key, empty, or NULL if the attribute is dropped.
static inline VitrineOtlp__AnyValue *value_of(vitrine_otlp_batch *batch, vitrine_otlp_text key) {
    struct attribute_list *list = &batch->attributes;
    batch->array_capacity = 0;
    if (batch->failure != VITRINE_OTLP_FINE || list->count == NULL) return NULL;
    char *name = NULL;
    if (key.count > 0 && memchr(key.bytes, 0, key.count) != NULL) {
        // Keys are the same if they are the same as they are written.
        name = vitrine_otlp_string(batch, key, ALL_BYTES);
        key = (vitrine_otlp_text){.bytes = (const uint8_t *)name, .count = strlen(name)};
    }
    if (key.count == 0) {
        drop(list);
        return NULL;
    }
    uint64_t code = hash(batch->hash_seed, key.bytes, key.count);
    size_t place = find(list, code, key);
    if (place < *list->count) {
        if (place < list->protected_count) {
            drop(list);
            return NULL;
        }
        VitrineOtlp__AnyValue *value = list->items[place]->value;
        vitrine_otlp__any_value__init(value);
        return value;
    }
    if (place >= list->capacity) {
        drop(list);
        return NULL;
    }
    if (!charge(batch, batch->bounds[KEY_VALUE] + batch->bounds[ANY_VALUE])) return NULL;
    struct attribute *attribute = allocate(batch, sizeof *attribute);
    if (attribute == NULL) return NULL;
    if (name == NULL) name = vitrine_otlp_string(batch, key, ALL_BYTES);
    vitrine_otlp__key_value__init(&attribute->pair);
    vitrine_otlp__any_value__init(&attribute->value);
    attribute->pair.key = name;
    attribute->pair.value = &attribute->value;
    list->items[place] = &attribute->pair;
    ++*list->count;
    enter(list, code, place);
    return &attribute->value;
}

static inline void set_text(vitrine_otlp_batch *batch, VitrineOtlp__AnyValue *value, vitrine_otlp_text text, size_t limit) {
    value->string_value = vitrine_otlp_string(batch, text, limit);
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_STRING_VALUE;
}

static inline void set_bool(VitrineOtlp__AnyValue *value, bool truth) {
    value->bool_value = truth;
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_BOOL_VALUE;
}

static inline void set_int(VitrineOtlp__AnyValue *value, int64_t number) {
    value->int_value = number;
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_INT_VALUE;
}

static inline void set_double(VitrineOtlp__AnyValue *value, double number) {
    value->double_value = number;
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_DOUBLE_VALUE;
}

void vitrine_otlp_add_text(vitrine_otlp_batch *batch, vitrine_otlp_text key, vitrine_otlp_text text, size_t limit) {
    VitrineOtlp__AnyValue *value = value_of(batch, key);
    if (value != NULL) set_text(batch, value, text, limit);
}

void vitrine_otlp_add_bool(vitrine_otlp_batch *batch, vitrine_otlp_text key, bool truth) {
    VitrineOtlp__AnyValue *value = value_of(batch, key);
    if (value != NULL) set_bool(value, truth);
}

void vitrine_otlp_add_int(vitrine_otlp_batch *batch, vitrine_otlp_text key, int64_t number) {
    VitrineOtlp__AnyValue *value = value_of(batch, key);
    if (value != NULL) set_int(value, number);
}

void vitrine_otlp_add_unsigned(vitrine_otlp_batch *batch, vitrine_otlp_text key, uint64_t number) {
    if (number <= INT64_MAX) return vitrine_otlp_add_int(batch, key, (int64_t)number);
    uint8_t digits[20];
    size_t start = sizeof digits;
    for (; number > 0; number /= 10) digits[--start] = (uint8_t)('0' + number % 10);
    vitrine_otlp_text text = {.bytes = digits + start, .count = sizeof digits - start};
    vitrine_otlp_add_text(batch, key, text, ALL_BYTES);
}

void vitrine_otlp_add_double(vitrine_otlp_batch *batch, vitrine_otlp_text key, double number) {
    VitrineOtlp__AnyValue *value = value_of(batch, key);
    if (value != NULL) set_double(value, number);
}

// An array of so many elements without a value, or NULL if the attribute is dropped.
static VitrineOtlp__ArrayValue *array_of(vitrine_otlp_batch *batch, vitrine_otlp_text key, size_t count) {
    VitrineOtlp__AnyValue *value = value_of(batch, key);
    if (value == NULL) return NULL;
    VitrineOtlp__ArrayValue *array = vitrine_otlp_message(batch, ARRAY_VALUE, 0);
    if (array == NULL) return NULL;
    value->array_value = array;
    value->value_case = VITRINE_OTLP__ANY_VALUE__VALUE_ARRAY_VALUE;
    if (count == 0 || count > batch->maximum || !charge(batch, count * batch->bounds[ANY_VALUE])) {
        if (count > batch->maximum) batch->failure = VITRINE_OTLP_TOO_LARGE;
        return array;
    }
    VitrineOtlp__AnyValue **items = allocate_array(batch, count, sizeof *items);
    VitrineOtlp__AnyValue *elements = allocate_array(batch, count, sizeof *elements);
    if (items == NULL || elements == NULL) return array;
    for (size_t index = 0; index < count; index++) {
        vitrine_otlp__any_value__init(&elements[index]);
        items[index] = &elements[index];
    }
    array->values = items;
    array->n_values = count;
    return array;
}

void vitrine_otlp_add_bools(vitrine_otlp_batch *batch, vitrine_otlp_text key, const bool *values, size_t count) {
    VitrineOtlp__ArrayValue *array = array_of(batch, key, count);
    for (size_t index = 0; array != NULL && index < array->n_values; index++)
        set_bool(array->values[index], values[index]);
}

void vitrine_otlp_add_ints(vitrine_otlp_batch *batch, vitrine_otlp_text key, const int64_t *values, size_t count) {
    VitrineOtlp__ArrayValue *array = array_of(batch, key, count);
    for (size_t index = 0; array != NULL && index < array->n_values; index++)
        set_int(array->values[index], values[index]);
}

void vitrine_otlp_add_doubles(vitrine_otlp_batch *batch, vitrine_otlp_text key, const double *values, size_t count) {
    VitrineOtlp__ArrayValue *array = array_of(batch, key, count);
    for (size_t index = 0; array != NULL && index < array->n_values; index++)
        set_double(array->values[index], values[index]);
}

void vitrine_otlp_add_texts(vitrine_otlp_batch *batch, vitrine_otlp_text key, size_t count) {
    batch->array = array_of(batch, key, count);
    if (batch->array == NULL) return;
    batch->array_capacity = batch->array->n_values;
    batch->array->n_values = 0;
}

void vitrine_otlp_add_element(vitrine_otlp_batch *batch, vitrine_otlp_text text, size_t limit) {
    if (batch->array_capacity == 0 || batch->array->n_values == batch->array_capacity) return;
    set_text(batch, batch->array->values[batch->array->n_values++], text, limit);
}
