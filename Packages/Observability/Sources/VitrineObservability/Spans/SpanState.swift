// SPDX-License-Identifier: MIT OR Apache-2.0

/// All that is known of a span, where an open one keeps it and a view of it looks.
///
/// Not copyable, so that no copy is made by accident: a copy would count seven references.
@usableFromInline
struct SpanState: ~Copyable {
    @usableFromInline
    var site: SiteReference
    @usableFromInline
    var context: SpanContext
    @usableFromInline
    var parent: SpanID?
    @usableFromInline
    var origin = SpanOrigin.host
    @usableFromInline
    var kind: SpanKind
    @usableFromInline
    var start = Timestamp.unrecorded
    @usableFromInline
    var status = SpanStatus.unset
    var fields = FieldBuffer()
    @usableFromInline
    var links: [SpanLink] = []
    var nextIdle: UInt = 0

    init(site: SiteReference, context: SpanContext, parent: SpanID?, kind: SpanKind) {
        self.site = site
        self.context = context
        self.parent = parent
        self.kind = kind
    }

    /// The state of a span made elsewhere.
    init(_ record: SpanRecord, site: SiteReference) {
        self.init(site: site, context: record.context, parent: record.parent, kind: record.kind)
        origin = record.origin
        start = record.start
        status = record.status
        links = record.links
        fields.append(record.fields.span)
    }
}
