// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("What filters let through")
struct FilterMeaningTests {
    private func level(_ text: String, _ target: String) throws -> Level {
        try TelemetryFilter(parsing: text).level(ofTarget: target)
    }

    @Test("The longest matching target decides, of equals the last, and nothing is off")
    func targets() throws {
        #expect(try level("none,vitrine.host=info", "vitrine.host.calls") == .info)
        #expect(try level("none,vitrine.host=info", "vitrine.hostile") == .info)
        #expect(try level("none,vitrine.host=info", "vitrine.guest") == .off)
        #expect(try level("vitrine=trace,vitrine.host=warn", "vitrine.host") == .warn)
        #expect(try level("vitrine.host=warn,vitrine=trace", "vitrine.host") == .warn)
        #expect(try level("a=warn,a=debug", "a") == .debug)
        #expect(try level("a=debug,a=off", "a") == .off)
        #expect(try level("info,debug", "x") == .debug)
        #expect(try level("a=trace", "b") == .off)
        #expect(try level("[x]=trace", "b") == .off)
    }

    @Test("A call site is always, never or sometimes of interest")
    func interest() throws {
        let filter = try TelemetryFilter(parsing: "a=info,b[work]=debug")
        func metadata(_ target: String, _ level: Level, _ kind: RecordKind = .event, name: String = "x") -> Metadata {
            Metadata(name: name, target: target, level: level, kind: kind)
        }
        #expect(filter.maximumLevel == .debug)
        #expect(filter.interest(in: metadata("a", .info)) == .always)
        #expect(filter.interest(in: metadata("a", .debug)) == .sometimes)
        #expect(filter.interest(in: metadata("a", .trace)) == .never)
        #expect(filter.interest(in: metadata("c", .error)) == .sometimes)
        #expect(filter.interest(in: metadata("b", .debug, .span, name: "work")) == .always)
        #expect(filter.interest(in: metadata("b", .trace, .span, name: "work")) == .never)
        #expect(filter.interest(in: metadata("c", .debug, .span, name: "work")) == .sometimes)
        // An event called so is no span.
        #expect(filter.interest(in: metadata("b", .debug, .event, name: "work")) == .sometimes)
        #expect(filter.interest(in: metadata("a", .off)) == .never)
        #expect(try TelemetryFilter(parsing: "a=info").interest(in: metadata("a", .debug)) == .never)
    }

    /// The rules in their plainest words, to compare with: every directive is looked at, nothing is sorted or kept.
    private func reference(_ directives: [FilterDirective], _ metadata: Metadata, inside spans: [Metadata]) -> Bool {
        var longest = -1
        var decided = Level.off
        for directive in directives where directive.span == nil && metadata.target.hasPrefix(directive.target) {
            if directive.target.count >= longest {
                longest = directive.target.count
                decided = directive.level
            }
        }
        if metadata.level <= decided { return true }
        for directive in directives where metadata.level <= directive.level {
            guard let name = directive.span else { continue }
            for span in spans + (metadata.kind == .span ? [metadata] : [])
            where span.name == name && span.target.hasPrefix(directive.target) { return true }
        }
        return false
    }

    @Test("Random filters let through what the plainest reading of the rules does, spans and all", arguments: 0..<20)
    func property(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        let targets = ["", "a", "a.b", "a.b.c", "b", "ab"]
        let names: [StaticString] = ["one", "two"]
        let levels = Level.allCases
        for _ in 0..<200 {
            let directives = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                FilterDirective(
                    target: targets.randomElement(using: &random)!,
                    span: Bool.random(using: &random) ? names.randomElement(using: &random)!.description : nil,
                    level: levels.randomElement(using: &random)!)
            }
            let memory = Kept()
            let subscriber = FilteredSubscriber(TelemetryFilter(directives), memory)
            // A random walk of spans opened and closed, with records in between, as the core would offer them.
            var open: [(metadata: Metadata, record: SpanRecord)] = []
            for _ in 0..<30 {
                let kind: RecordKind = Bool.random(using: &random) ? .span : .event
                let metadata = Metadata(
                    name: names.randomElement(using: &random)!.description,
                    target: targets.dropFirst().randomElement(using: &random)!,
                    level: levels.dropFirst().randomElement(using: &random)!, kind: kind)
                let expected = reference(directives, metadata, inside: open.map(\.metadata))
                let offered =
                    metadata.level <= subscriber.maximumLevel
                    && subscriber.interest(in: metadata) != .never
                    && (subscriber.interest(in: metadata) == .always
                        || subscriber.isEnabled(metadata, in: open.last?.record.context))
                #expect(offered == expected, "\(TelemetryFilter(directives)) \(metadata) in \(open.map(\.metadata))")
                #expect(
                    (metadata.level <= subscriber.maximumLevel
                        && subscriber.isEnabled(metadata, in: open.last?.record.context)) == expected)
                if kind == .span, expected {
                    let context = SpanContext(traceID: .random(), spanID: .random())
                    let record = SpanRecord(
                        context: context, parent: open.last?.record.context.spanID, metadata: metadata, start: .now)
                    subscriber.spanDidStart(record)
                    open.append((metadata, record))
                } else if let last = open.last, Bool.random(using: &random) {
                    subscriber.spanDidEnd(last.record)
                    open.removeLast()
                }
            }
        }
    }
}

/// Counts what it gets.
private final class Kept: Subscriber {
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [] }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {}
    func flush() {}
}
