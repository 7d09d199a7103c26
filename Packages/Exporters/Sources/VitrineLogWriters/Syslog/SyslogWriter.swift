// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
public import VitrineObservability

/// Sends each event, and each span at its end, as one message of RFC 5424 to a syslog.
///
/// The structured data has `level`, `origin`, `target`, `trace_id`, `span_id`, of spans also `parent_span_id`,
/// `duration_ns`, `status` and `error`, then the fields; one that has the name of another parameter gets `field.` in front.
/// Names are cut to 32 characters, as the RFC wants it. The message is the event's, or the name of the span, in UTF-8
/// without a byte order mark, and has no control characters. Messages are at most `limits.lineByteCount` bytes, 2,048
/// unless said otherwise, which every receiver should take (section 6.1); what is cut ends in `…`, with `cut="true"` where
/// it was cut in the structured data.
///
/// Sending never waits. A message that the socket has no room for, or for which there is no syslog, is a counted loss; the
/// writer connects again by itself. UDP may lose messages without anybody knowing.
///
/// rsyslog and syslog-ng read RFC 5424 on `/dev/log`; the journal of systemd takes the structured data for text.
public final class SyslogWriter: Subscriber, LogReceiver {
    /// The SD-ID unless said otherwise: under the enterprise number that RFC 5612 keeps for documentation.
    public static let defaultStructuredDataID = "vitrine@32473"

    /// The most verbose level it takes.
    public let maximumLevel: Level

    private let message: SyslogMessage
    private let socket: SyslogSocket
    private let spans: SpanLines
    private let cutCount = Atomic<Int>(0)

    /// A writer to a syslog, which need not be there yet.
    ///
    /// - Parameters:
    ///   - destination: where the syslog listens.
    ///   - facility: what kind of program speaks.
    ///   - applicationName: its name, at most 48 visible ASCII characters.
    ///   - hostName: of this machine; what the kernel says if nil.
    ///   - structuredDataID: the name of the structured data; `name@number` with the enterprise number of your own.
    ///   - maximumLevel: the most verbose level to send.
    ///   - spans: which messages a span has.
    ///   - limits: how long messages become.
    /// - Throws: `EINVAL` or `ENAMETOOLONG` for a destination that is none.
    public init(
        to destination: SyslogDestination = .local,
        facility: SyslogFacility = .user,
        applicationName: String,
        hostName: String? = nil,
        structuredDataID: String = SyslogWriter.defaultStructuredDataID,
        maximumLevel: Level = .trace,
        spans: SpanLines = .ends,
        limits: LineLimits = LineLimits(lineByteCount: 2_048)
    ) throws(LogSinkError) {
        socket = try SyslogSocket(destination)
        message = SyslogMessage(
            facility: facility, limits: limits.checked, hostName: hostName ?? Self.hostName,
            applicationName: applicationName, processID: getpid(), structuredDataID: structuredDataID)
        self.maximumLevel = maximumLevel
        self.spans = spans
    }

    /// What did not go out, or not whole.
    public var losses: LineLosses {
        var losses = socket.losses
        losses.cutCount = cutCount.load(ordering: .relaxed)
        return losses
    }

    /// The times, and the starts of spans if they have a message.
    public var needs: SubscriberNeeds { spans == .startsAndEnds ? [.timestamps, .spanStarts] : [.timestamps] }

    /// Sends the message of the start, if there is one.
    public func spanDidStart(_ span: borrowing SpanView) {
        guard spans == .startsAndEnds else { return }
        var line = ThreadLines.take(byteCount: message.limits.lineByteCount)
        message.append(span, to: &line)
        send(line)
    }

    /// Sends the message of the end, if there is one.
    public func spanDidEnd(_ span: borrowing SpanView) {
        guard spans != .none else { return }
        var line = ThreadLines.take(byteCount: message.limits.lineByteCount)
        message.append(span, to: &line)
        send(line)
    }

    /// Sends the message.
    public func eventDidOccur(_ event: borrowing EventView) {
        var line = ThreadLines.take(byteCount: message.limits.lineByteCount)
        message.append(event, to: &line)
        send(line)
    }

    /// Sends the message.
    public func log(_ event: borrowing EventView) { eventDidOccur(event) }

    /// Does nothing: nothing is held back.
    public func flush() {}

    private func send(_ line: consuming LineBuffer) {
        if line.isCut { cutCount.wrappingAdd(1, ordering: .relaxed) }
        socket.send(line.span)
        ThreadLines.giveBack(line)
    }

    private static var hostName: String {
        var name = [UInt8](repeating: 0, count: 256)
        // SAFETY: the kernel writes at most so many bytes, and the last stays zero.
        let result = unsafe name.withUnsafeMutableBytes { bytes in
            guard let first = bytes.baseAddress else { return -1 as Int32 }
            return unsafe gethostname(first.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        return result == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }
}
