// SPDX-License-Identifier: MIT OR Apache-2.0

/// A span between its start and its end, owned by one `Span`: one pointer to storage that its thread uses again.
@safe @frozen
@usableFromInline
struct OpenSpan: @unchecked Sendable {
    // Sendable: its one owner is not copyable, and nothing in the storage belongs to a thread while the span is open.

    @usableFromInline
    let address: UInt

    // SAFETY, of all below: the address is of storage made by `begin`, initialized, and given back by `end`, after which
    // the owner is gone. The owner is not copyable, so there is one access at a time.
    private var state: UnsafeMutablePointer<SpanState> {
        @inline(__always) get { unsafe UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped }
    }

    @inline(__always)
    private init(_ state: UnsafeMutablePointer<SpanState>) {
        address = UInt(bitPattern: state)
    }

    /// Starts the span and tells the subscriber. The fields are made where the span keeps them.
    @inlinable
    @inline(__always)
    static func begin<let fieldCount: Int>(
        _ site: SiteReference, _ kind: SpanKind, _ parent: ParentSpan, _ fields: () -> InlineArray<fieldCount, Field>
    ) -> OpenSpan {
        // SAFETY: `prepare` has made room for so many fields at the address, and an inline array is its elements in a row
        // (SE-0453). The span is nobody's yet, so that the fields may well make spans of their own.
        let open = prepare(site, kind, parent, fieldCount: fieldCount)
        if fieldCount > 0, let place = unsafe UnsafeMutableRawPointer(bitPattern: open.fieldsAddress) {
            unsafe place.initializeMemory(as: InlineArray<fieldCount, Field>.self, to: fields())
        }
        open.start(fieldCount: fieldCount)
        return open
    }

    /// Where the first fields are to be put.
    @usableFromInline
    var fieldsAddress: UInt { unsafe state.pointee.fields.firstAddress }

    @usableFromInline
    @inline(never)
    static func prepare(
        _ site: SiteReference, _ kind: SpanKind, _ parent: ParentSpan, fieldCount: Int
    ) -> OpenSpan {
        let thread = ThreadState.current
        let open: OpenSpan
        if let above = parent.context {
            open = make(
                thread, site, kind, parent: above.spanID,
                SpanContext(traceID: above.traceID, spanID: SpanID(randomOf: thread), flags: above.flags))
        } else {
            let trace = TraceID(randomOf: thread)
            open = make(
                thread, site, kind, parent: nil,
                SpanContext(traceID: trace, spanID: SpanID(randomOf: thread), flags: SamplerSlot.flags(of: trace)))
        }
        unsafe open.state.pointee.fields.reserve(fieldCount)
        return open
    }

    /// Takes the fields that were put there, and tells the subscriber.
    @usableFromInline
    @inline(never)
    func start(fieldCount: Int) {
        let state = unsafe state
        unsafe state.pointee.fields.take(fieldCount)
        unsafe state.pointee.site.learnFieldNames(state.pointee.fields.span)
        @inline(__always)
        func tell(_ dispatch: Dispatch) {
            // The subscriber may be another one than was asked, just installed and less curious.
            guard unsafe state.pointee.site.level <= dispatch.maximumLevel else { return }
            if dispatch.needs.contains(.timestamps) { unsafe state.pointee.start = .now }
            if dispatch.needs.contains(.spanStarts) {
                dispatch.subscriber.spanDidStart(unsafe SpanView(of: state, end: nil))
            }
        }
        Telemetry.deliver { tell($0) }
    }

    /// Storage with all that a span begins with but its time.
    @inline(__always)
    private static func make(
        _ thread: ThreadState, _ site: SiteReference, _ kind: SpanKind, parent: SpanID?, _ context: SpanContext
    ) -> OpenSpan {
        guard let idle = unsafe thread.withIdleSpans({ unsafe $0.take() }) else {
            let new = UnsafeMutablePointer<SpanState>.allocate(capacity: 1)
            unsafe new.initialize(to: SpanState(site: site, context: context, parent: parent, kind: kind))
            return unsafe OpenSpan(new)
        }
        unsafe idle.pointee.site = site
        unsafe idle.pointee.context = context
        unsafe idle.pointee.parent = parent
        unsafe idle.pointee.kind = kind
        unsafe idle.pointee.start = .unrecorded
        return unsafe OpenSpan(idle)
    }

    @usableFromInline
    var context: SpanContext { unsafe state.pointee.context }

    @usableFromInline
    func add(_ field: consuming Field) { unsafe state.pointee.fields.append(field) }

    @usableFromInline
    func add(_ link: consuming SpanLink) { unsafe state.pointee.links.append(link) }

    @usableFromInline
    func setStatus(_ status: consuming SpanStatus) { unsafe state.pointee.status = status }

    /// Marks the span as failed and records the error as an event, unless it came up from a child that did.
    @usableFromInline
    @inline(never)
    func recordError(_ error: any Error) {
        let text = String(describing: error)
        setStatus(.error(text))
        guard ErrorLedger.shared.isNew(text, leaving: context.spanID, parent: unsafe state.pointee.parent) else {
            return
        }
        let place = unsafe state.pointee.site.metadata
        Telemetry.emit(
            EventRecord(
                context: context,
                metadata: Metadata(
                    name: "exception", target: place.target, level: .error, file: place.file, line: place.line),
                time: .now,
                message: text,
                fields: [Field("exception.type", String(describing: type(of: error)))]
            )
        )
    }

    /// Ends the span, once, and gives its storage back; a time before the start is the start, nil is now.
    @usableFromInline
    @inline(never)
    func end(at time: Timestamp?) {
        let thread = ThreadState.current
        let state = unsafe state
        @inline(__always)
        func tell(_ dispatch: Dispatch) {
            var end = Timestamp.unrecorded
            if dispatch.needs.contains(.timestamps) {
                end = time ?? .now
                // The subscriber may have come, or learnt to need times, after the start.
                if unsafe state.pointee.start == .unrecorded { unsafe state.pointee.start = end }
                end = unsafe max(state.pointee.start, end)
            }
            dispatch.subscriber.spanDidEnd(unsafe SpanView(of: state, end: end))
        }
        Telemetry.deliver(thread) { tell($0) }
        if case .unset = unsafe state.pointee.status {} else { unsafe state.pointee.status = .unset }
        if unsafe !state.pointee.links.isEmpty { unsafe state.pointee.links = [] }
        unsafe state.pointee.fields.removeAll()
        guard !thread.withIdleSpans({ unsafe $0.put(state) }) else { return }
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }
}

extension TraceID {
    @inline(__always)
    init(randomOf thread: ThreadState) {
        self.init(unchecked: thread.nextRandom(), thread.nextNonzeroRandom())
    }
}

extension SpanID {
    @inline(__always)
    init(randomOf thread: ThreadState) {
        self.init(unchecked: thread.nextNonzeroRandom())
    }
}
