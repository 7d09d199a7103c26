// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What stands in front of each record.
struct IntakeHead: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// A span began, and its context follows.
        case start
        /// A span ended that is dropped, and its context follows.
        case dropped
        /// A span ended: `IntakeSpan`, its fields, and the metadata if the call site does not last.
        case span
        /// An event: `IntakeEvent`, likewise.
        case event
        /// The next record is in another chunk, at the payload.
        case jump
        /// The record is in a block of its own, at the payload. The block begins with such a head, too, whose payload is
        /// what it counts for.
        case block
    }

    let kind: Kind
    let byteCount: UInt32
    let payload: UInt

    @inline(__always)
    init(_ kind: Kind, byteCount: Int, payload: UInt = 0) {
        self.kind = kind
        self.byteCount = UInt32(truncatingIfNeeded: byteCount)
        self.payload = payload
    }

    /// What is larger, texts included, gets a block of its own.
    static let largestInChunk = 4_096
}

/// A span as it lies in a chunk, but for its fields.
private struct IntakeSpan {
    let context: SpanContext
    let parent: SpanID?
    let site: LastingCallSite?
    let origin: SpanOrigin
    let kind: SpanKind
    let fieldCount: UInt32
    let start: Timestamp
    let end: Timestamp?
    let status: SpanStatus
    let links: [SpanLink]
}

/// An event likewise.
private struct IntakeEvent {
    let context: SpanContext?
    let site: LastingCallSite?
    let origin: SpanOrigin
    let fieldCount: UInt32
    let time: Timestamp
    let message: String
}

/// Puts records into places, and takes them out again. They stay the values that they are: nothing is encoded, and texts are
/// shared with who made them.
enum IntakeRecords {
    // SAFETY, of all below: places have the size that was asked for and are aligned to 8 bytes, as all records are whole
    // words; no member needs more. What is initialized here is moved out once by `takeSpan` or `takeEvent`, in the same
    // order. The reader gets to see a place only after it was written.

    private static let headSize = MemoryLayout<IntakeHead>.stride

    /// The bytes of a record that is a context only.
    static let contextByteCount = headSize + MemoryLayout<SpanContext>.stride

    /// The bytes of a span.
    @inline(__always)
    static func byteCount(ofSpanWith fieldCount: Int, lasting: Bool) -> Int {
        headSize + MemoryLayout<IntakeSpan>.stride + fieldCount * MemoryLayout<Field>.stride
            + (lasting ? 0 : MemoryLayout<Metadata>.stride)
    }

    /// The bytes of an event.
    @inline(__always)
    static func byteCount(ofEventWith fieldCount: Int, lasting: Bool) -> Int {
        headSize + MemoryLayout<IntakeEvent>.stride + fieldCount * MemoryLayout<Field>.stride
            + (lasting ? 0 : MemoryLayout<Metadata>.stride)
    }

    @inline(__always)
    static func put(_ kind: IntakeHead.Kind, _ context: SpanContext, at place: IntakePlace) {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: place.address) else { return }
        unsafe start.storeBytes(of: IntakeHead(kind, byteCount: contextByteCount), as: IntakeHead.self)
        unsafe (start + headSize).initializeMemory(as: SpanContext.self, to: context)
    }

    @inline(__always)
    static func put(
        _ span: borrowing SpanView, _ site: LastingCallSite?, byteCount: Int, at place: IntakePlace
    ) {
        guard var next = unsafe UnsafeMutableRawPointer(bitPattern: place.address) else { return }
        let fields = span.fields
        unsafe next.storeBytes(of: IntakeHead(.span, byteCount: byteCount), as: IntakeHead.self)
        unsafe next += headSize
        unsafe next.initializeMemory(
            as: IntakeSpan.self,
            to: IntakeSpan(
                context: span.context, parent: span.parent, site: site, origin: span.origin, kind: span.kind,
                fieldCount: UInt32(truncatingIfNeeded: fields.count), start: span.start, end: span.end,
                status: span.status, links: span.links))
        unsafe next += MemoryLayout<IntakeSpan>.stride
        unsafe put(fields, at: &next)
        if site == nil { unsafe next.initializeMemory(as: Metadata.self, to: span.metadata) }
    }

    @inline(__always)
    static func put(
        _ event: borrowing EventView, _ context: SpanContext?, _ site: LastingCallSite?, byteCount: Int,
        at place: IntakePlace
    ) {
        guard var next = unsafe UnsafeMutableRawPointer(bitPattern: place.address) else { return }
        unsafe next.storeBytes(of: IntakeHead(.event, byteCount: byteCount), as: IntakeHead.self)
        unsafe next += headSize
        unsafe next.initializeMemory(
            as: IntakeEvent.self,
            to: IntakeEvent(
                context: context, site: site, origin: event.origin,
                fieldCount: UInt32(truncatingIfNeeded: event.fields.count), time: event.time, message: event.message))
        unsafe next += MemoryLayout<IntakeEvent>.stride
        unsafe put(event.fields, at: &next)
        if site == nil { unsafe next.initializeMemory(as: Metadata.self, to: event.metadata) }
    }

    @inline(__always)
    private static func put(_ fields: Swift.Span<Field>, at next: inout UnsafeMutableRawPointer) {
        for index in fields.indices {
            unsafe next.initializeMemory(as: Field.self, to: fields[index])
            unsafe next += MemoryLayout<Field>.stride
        }
    }

    /// What stands in front of the record at an address.
    static func head(at address: UInt) -> IntakeHead {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
            return IntakeHead(.jump, byteCount: 0)
        }
        return unsafe start.load(as: IntakeHead.self)
    }

    /// The context of a record that has no more.
    static func context(at address: UInt) -> SpanContext? {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return nil }
        return unsafe (start + headSize).load(as: SpanContext.self)
    }

    /// Takes the span at an address out of its place.
    static func takeSpan(at address: UInt) -> SpanRecord? {
        guard var next = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return nil }
        unsafe next += headSize
        let span = unsafe next.assumingMemoryBound(to: IntakeSpan.self).move()
        unsafe next += MemoryLayout<IntakeSpan>.stride
        let fields = unsafe takeFields(Int(span.fieldCount), at: &next)
        let metadata = unsafe span.site?.metadata ?? next.assumingMemoryBound(to: Metadata.self).move()
        return SpanRecord(
            context: span.context, parent: span.parent, metadata: metadata, origin: span.origin, kind: span.kind,
            start: span.start, end: span.end, fields: fields, links: span.links, status: span.status)
    }

    /// Takes the event at an address out of its place.
    static func takeEvent(at address: UInt) -> EventRecord? {
        guard var next = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return nil }
        unsafe next += headSize
        let event = unsafe next.assumingMemoryBound(to: IntakeEvent.self).move()
        unsafe next += MemoryLayout<IntakeEvent>.stride
        let fields = unsafe takeFields(Int(event.fieldCount), at: &next)
        let metadata = unsafe event.site?.metadata ?? next.assumingMemoryBound(to: Metadata.self).move()
        return EventRecord(
            context: event.context, metadata: metadata, origin: event.origin, time: event.time, message: event.message,
            fields: fields)
    }

    private static func takeFields(_ count: Int, at next: inout UnsafeMutableRawPointer) -> [Field] {
        if count == 0 { return [] }
        let start = unsafe next.assumingMemoryBound(to: Field.self)
        unsafe next += count * MemoryLayout<Field>.stride
        return unsafe [Field](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            unsafe buffer.baseAddress?.moveInitialize(from: start, count: count)
            initializedCount = count
        }
    }

    /// Frees the block at an address; gives what it counted for.
    static func freeBlock(at address: UInt) -> Int {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return 0 }
        let cost = unsafe start.load(as: IntakeHead.self).payload
        unsafe start.deallocate()
        return Int(cost)
    }

    /// Where the record of a block is.
    static func record(ofBlockAt address: UInt) -> UInt { address + UInt(headSize) }
}
