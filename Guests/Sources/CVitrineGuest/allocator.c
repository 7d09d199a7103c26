// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The heap: boundary tags and segregated free lists with a bitmap. Memory never used so far (the "top") is not
// touched, so a small guest stays in few pages. Allocating and freeing take constant time, but for the last search
// before the heap is reported as full.
//
// A block is a 16-byte header and its payload. The header's first word holds the block's size (header included, a
// multiple of 16), the used bit and, in its upper 16 bits, a canary made of the block's address and the sandbox's
// random seed; the second word holds the size of the block below, 0 for the first. A free block keeps its list links
// in the payload. Two free blocks never touch, and the block below the top is never free.
#include "state.h"

#define HEADER_BYTES 16u
#define LEAST_BLOCK_BYTES 32u
#define USED_BIT 1ull
#define SIZE_MASK 0x0000FFFFFFFFFFF0ull
#define EXACT_LIMIT 512u     // blocks up to this size have a list per size
#define EXACT_LISTS 31u      // 32, 48, ... 512
#define LISTS 192u           // then four per power of two
#define OWN_LIST_TRIES 4     // blocks of a list with mixed sizes that an allocation looks at

typedef struct block {
    uint64_t word;
    uint64_t below_byte_count;
    struct block *next, *previous;  // only while free
} block;

static struct {
    uint64_t start, end, top;       // addresses; start 0: not set up yet
    uint64_t canary_key;
    uint64_t last_byte_count;       // of the block just below the top
    uint64_t filled[LISTS / 64];    // which lists are not empty
    block *lists[LISTS];
} heap;

_Noreturn static void report_corruption(vitrine_text what) { vitrine_abort(VITRINE_ERROR_PANIC, what); }

// MARK: - Blocks

static uint64_t canary(const block *block) {
    uint64_t mixed = ((uint64_t)block ^ heap.canary_key) * 0x9E3779B97F4A7C15ull;
    return mixed & 0xFFFF000000000000ull;
}

static uint64_t size_of(const block *block) { return block->word & SIZE_MASK; }
static bool is_used(const block *block) { return (block->word & USED_BIT) != 0; }
static bool is_intact(const block *block) { return (block->word & ~(SIZE_MASK | 0xFull)) == canary(block); }
static void *payload_of(block *block) { return (uint8_t *)block + HEADER_BYTES; }

// Writes a block's size where both neighbours look for it.
static void set_block(block *subject, uint64_t byte_count, bool used) {
    subject->word = byte_count | (used ? USED_BIT : 0) | canary(subject);
    uint64_t end = (uint64_t)subject + byte_count;
    if (end == heap.top) {
        heap.last_byte_count = byte_count;
    } else {
        ((block *)end)->below_byte_count = byte_count;
    }
}

// The block above, or NULL below the top. Checks that the two agree.
static block *above(const block *subject) {
    uint64_t end = (uint64_t)subject + size_of(subject);
    if (end == heap.top) return NULL;
    block *next = (block *)end;
    if (end > heap.top || !is_intact(next) || next->below_byte_count != size_of(subject)) {
        report_corruption(VITRINE_TEXT("the heap is corrupted: a write went past the end of an allocation"));
    }
    return next;
}

static block *below(const block *subject) {
    if (subject->below_byte_count == 0) return NULL;
    block *previous = (block *)((uint64_t)subject - subject->below_byte_count);
    if ((uint64_t)previous < heap.start || !is_intact(previous) || size_of(previous) != subject->below_byte_count) {
        report_corruption(VITRINE_TEXT("the heap is corrupted: a write went past the end of an allocation"));
    }
    return previous;
}

// MARK: - Free lists

static uint32_t list_of(uint64_t byte_count) {
    if (byte_count <= EXACT_LIMIT) return (uint32_t)(byte_count / 16 - 2);
    uint32_t power = 63u - (uint32_t)__builtin_clzll(byte_count);
    return EXACT_LISTS + (power - 9) * 4 + (uint32_t)(byte_count >> (power - 2) & 3);
}

static void link_block(block *subject) {
    uint32_t list = list_of(size_of(subject));
    subject->next = heap.lists[list];
    subject->previous = NULL;
    if (subject->next != NULL) subject->next->previous = subject;
    heap.lists[list] = subject;
    heap.filled[list / 64] |= 1ull << list % 64;
}

static void unlink_block(block *subject) {
    uint32_t list = list_of(size_of(subject));
    bool linked = subject->previous == NULL ? heap.lists[list] == subject : subject->previous->next == subject;
    if (!linked || (subject->next != NULL && subject->next->previous != subject)) {
        report_corruption(VITRINE_TEXT("the heap is corrupted: memory was written after it was freed"));
    }
    if (subject->previous != NULL) subject->previous->next = subject->next;
    if (subject->next != NULL) subject->next->previous = subject->previous;
    if (subject->previous == NULL) heap.lists[list] = subject->next;
    if (heap.lists[list] == NULL) heap.filled[list / 64] &= ~(1ull << list % 64);
}

// The first list at or above `list` that has a block, or LISTS.
static uint32_t filled_list(uint32_t list) {
    if (list >= LISTS) return LISTS;
    uint32_t word = list / 64;
    uint64_t bits = heap.filled[word] & ~0ull << list % 64;
    while (bits == 0 && ++word < LISTS / 64) bits = heap.filled[word];
    return bits == 0 ? LISTS : word * 64 + (uint32_t)__builtin_ctzll(bits);
}

static block *search_list(uint32_t list, uint64_t byte_count, uint64_t tries) {
    for (block *found = heap.lists[list]; found != NULL && tries > 0; found = found->next, tries--) {
        if (!is_intact(found) || is_used(found)) {
            report_corruption(VITRINE_TEXT("the heap is corrupted: memory was written after it was freed"));
        }
        if (size_of(found) >= byte_count) return found;
    }
    return NULL;
}

// MARK: - Taking and giving back

// Gives a used block back: joins it with free neighbours, or with the top.
static void release(block *subject) {
    uint64_t byte_count = size_of(subject);
    block *next = above(subject), *previous = below(subject);
    if (next != NULL && !is_used(next)) {
        unlink_block(next);
        byte_count += size_of(next);
    }
    subject->word = canary(subject);  // no longer a used block's header, should it be freed again
    if (previous != NULL && !is_used(previous)) {
        unlink_block(previous);
        byte_count += size_of(previous);
        subject = previous;
    }
    if ((uint64_t)subject + byte_count == heap.top) {
        heap.top = (uint64_t)subject;
        heap.last_byte_count = subject->below_byte_count;
        subject->word = canary(subject);
        return;
    }
    set_block(subject, byte_count, false);
    link_block(subject);
}

// Cuts a used block down to `byte_count` and gives the rest back, if it can be a block.
static void trim(block *subject, uint64_t byte_count) {
    uint64_t rest_byte_count = size_of(subject) - byte_count;
    if (rest_byte_count < LEAST_BLOCK_BYTES) return;
    block *rest = (block *)((uint64_t)subject + byte_count);
    set_block(rest, rest_byte_count, true);
    set_block(subject, byte_count, true);
    release(rest);
}

static block *take_top(uint64_t byte_count) {
    if (byte_count > heap.end - heap.top) return NULL;
    block *taken = (block *)heap.top;
    taken->below_byte_count = heap.last_byte_count;
    heap.top += byte_count;
    set_block(taken, byte_count, true);
    return taken;
}

static void set_up(void) {
    const volatile vitrine_control *control = vitrine_control_page;
    heap.start = (control->heap_address + 15) & ~15ull;
    heap.end = (control->heap_address + control->heap_byte_count) & ~15ull;
    heap.top = heap.start;
    heap.canary_key = control->random_seed[0] | 1;
}

// A used block of at least `byte_count` bytes, header included.
static block *take(uint64_t byte_count) {
    uint32_t own = list_of(byte_count);
    block *found = search_list(own, byte_count, OWN_LIST_TRIES);
    if (found == NULL) {
        uint32_t list = filled_list(own + 1);
        if (list < LISTS) found = search_list(list, byte_count, 1);
    }
    if (found == NULL) {
        block *fresh = take_top(byte_count);
        if (fresh != NULL) return fresh;
        found = search_list(own, byte_count, UINT64_MAX);
        if (found == NULL) return NULL;
    }
    unlink_block(found);
    set_block(found, size_of(found), true);
    trim(found, byte_count);
    return found;
}

// The block's size for a payload, or 0 when it can never fit.
static uint64_t block_byte_count(size_t payload_byte_count) {
    if (heap.start == 0) set_up();
    if (payload_byte_count > heap.end - heap.start) return 0;
    uint64_t byte_count = (payload_byte_count + HEADER_BYTES + 15) & ~15ull;
    return byte_count < LEAST_BLOCK_BYTES ? LEAST_BLOCK_BYTES : byte_count;
}

static block *block_of(const void *address) {
    uint64_t at = (uint64_t)address - HEADER_BYTES;
    bool inside = at % 16 == 0 && at >= heap.start && at < heap.top && heap.start != 0;
    if (!inside || !is_intact((block *)at)) {
        report_corruption(VITRINE_TEXT("free of an address that was not allocated, or the heap is corrupted"));
    }
    if (!is_used((block *)at)) report_corruption(VITRINE_TEXT("double free"));
    return (block *)at;
}

// MARK: - The face of it, without tracing

static void *allocate(size_t alignment, size_t byte_count) {
    uint64_t wanted = block_byte_count(byte_count);
    if (wanted == 0) return NULL;
    if (alignment <= 16) {
        block *taken = take(wanted);
        return taken == NULL ? NULL : payload_of(taken);
    }
    if (alignment > heap.end - heap.start) return NULL;
    // Enough to move the payload up to the alignment and still leave a whole block in front of it.
    block *taken = take(wanted + alignment + LEAST_BLOCK_BYTES);
    if (taken == NULL) return NULL;
    uint64_t payload = (uint64_t)payload_of(taken);
    uint64_t aligned = (payload + alignment - 1) & ~(alignment - 1);
    if (aligned != payload && aligned - payload < LEAST_BLOCK_BYTES) aligned += alignment;
    if (aligned != payload) {
        uint64_t gap = aligned - payload, byte_count_after = size_of(taken) - gap;
        block *moved = (block *)(aligned - HEADER_BYTES);
        set_block(moved, byte_count_after, true);
        set_block(taken, gap, true);
        release(taken);
        taken = moved;
    }
    trim(taken, wanted);
    return payload_of(taken);
}

// Grows or shrinks where it lies, if the neighbour above allows it.
static bool resize_in_place(block *subject, uint64_t wanted) {
    uint64_t now = size_of(subject);
    if (wanted > now) {
        block *next = above(subject);
        if (next == NULL) {
            if (wanted - now > heap.end - heap.top) return false;
            heap.top += wanted - now;
            set_block(subject, wanted, true);
            return true;
        }
        if (is_used(next) || now + size_of(next) < wanted) return false;
        unlink_block(next);
        set_block(subject, now + size_of(next), true);
    }
    trim(subject, wanted);
    return true;
}

static void *finish(void *address, size_t byte_count, const void *frame) {
    if (address != NULL) {
        trace_allocate(address, byte_count, frame);
    } else if (vitrine_runtime.aborts_when_out_of_memory) {
        text_builder text = {.byte_count = 0};
        text_append(&text, VITRINE_TEXT("out of memory: an allocation of "));
        text_append_number(&text, byte_count);
        text_append(&text, VITRINE_TEXT(" bytes does not fit the heap of "));
        text_append_number(&text, heap.end - heap.start);
        text_append(&text, VITRINE_TEXT(" bytes"));
        vitrine_abort(VITRINE_ERROR_OUT_OF_MEMORY, text_of(&text));
    }
    return address;
}

void *allocate_for(const void *frame, size_t alignment, size_t byte_count) {
    bool valid = alignment != 0 && (alignment & (alignment - 1)) == 0;
    return finish(valid ? allocate(alignment, byte_count) : NULL, byte_count, frame);
}

void *vitrine_allocate(size_t byte_count) { return allocate_for(__builtin_frame_address(0), 16, byte_count); }

void *vitrine_allocate_aligned(size_t alignment, size_t byte_count) {
    return allocate_for(__builtin_frame_address(0), alignment, byte_count);
}

void vitrine_free(void *address) {
    if (address == NULL) return;
    release(block_of(address));
    trace_free(address, __builtin_frame_address(0));
}

size_t vitrine_allocation_byte_count(const void *address) { return size_of(block_of(address)) - HEADER_BYTES; }

void *vitrine_reallocate(void *address, size_t byte_count) {
    const void *frame = __builtin_frame_address(0);
    if (address == NULL) return finish(allocate(16, byte_count), byte_count, frame);
    block *subject = block_of(address);
    uint64_t wanted = block_byte_count(byte_count);
    if (wanted != 0 && resize_in_place(subject, wanted)) {
        trace_free(address, frame);
        return finish(address, byte_count, frame);
    }
    void *moved = wanted == 0 ? NULL : allocate(16, byte_count);
    if (moved != NULL) {
        size_t kept = size_of(subject) - HEADER_BYTES;
        vitrine_copy(moved, address, kept < byte_count ? kept : byte_count);
        release(subject);
        trace_free(address, frame);
    }
    return finish(moved, byte_count, frame);
}

#if __STDC_HOSTED__
void reset_heap(void) { vitrine_fill(&heap, 0, sizeof(heap)); }
#endif
