// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

extension InstallationTests {
    private static func told(_ memory: InMemorySubscriber, _ target: String) -> [String] {
        memory.events.filter { $0.metadata.target == target }.map(\.message)
    }

    @Test("a call site keeps what the installed subscriber thinks, until the filter is changed or another is installed")
    func keptInterest() throws {
        var evaluated = 0
        func round() {
            for level in [Level.error, .info, .trace] { emit(level) { evaluated += 1 } }
        }
        func emit(_ level: Level, _ count: () -> Void) {
            func text() -> String {
                count()
                return "\(level)"
            }
            event(text(), target: "kept-interest", level: level)
        }
        let memory = InMemorySubscriber()
        let filtered = FilteredSubscriber(try TelemetryFilter(parsing: "none,kept-interest=info"), memory)
        Telemetry.install(filtered)
        defer { Telemetry.uninstall() }
        round()
        #expect(Self.told(memory, "kept-interest") == ["error", "info"])
        #expect(evaluated == 2)
        filtered.filter = try TelemetryFilter(parsing: "trace,kept-interest=error")
        round()
        #expect(Self.told(memory, "kept-interest") == ["error", "info", "error"])
        filtered.filter = TelemetryFilter(upTo: .trace)
        round()
        #expect(evaluated == 6)
        let second = InMemorySubscriber(maximumLevel: .error)
        Telemetry.install(second)
        round()
        #expect(evaluated == 7)
        #expect(Self.told(second, "kept-interest") == ["error"])
        let sites = CallSite.all.filter { $0.metadata.target == "kept-interest" }
        #expect(Set(sites.map(\.metadata.level)) == [.error, .info, .trace])
        #expect(sites.allSatisfy { $0.metadata.file == "VitrineObservabilityTests/InstallationTests+Filters.swift" })
    }

    @Test("a call site learns the names of its fields")
    func fieldNames() throws {
        Telemetry.install(InMemorySubscriber())
        defer { Telemetry.uninstall() }
        let span = Span("field-names", target: "field-names", [Field("a", 1), Field("b", "x")])
        span.end()
        let site = try #require(CallSite.all.first { $0.metadata.target == "field-names" })
        #expect(site.fieldNames == ["a", "b"])
        #expect(site.metadata.kind == .span)
        #expect(site.metadata.name == "field-names")
    }

    @Test("inside of a named span more is let through, across threads and awaits, and not outside")
    func spanDirective() async throws {
        let memory = InMemorySubscriber()
        let filter = try TelemetryFilter(parsing: "none,span-directive=warn,span-directive[order]=debug")
        Telemetry.install(FilteredSubscriber(filter, memory))
        defer { Telemetry.uninstall() }
        func emit(_ text: String) { event(text, target: "span-directive", level: .debug) }
        emit("before")
        await withSpan("order", target: "span-directive", level: .info) {
            emit("in order")
            await Task.yield()
            withSpan("step", target: "span-directive", level: .debug) { emit("in step") }
            withSpan("too verbose", target: "span-directive", level: .trace) { emit("still in order") }
            await withTaskGroup(of: Void.self) { group in group.addTask { emit("in child task") } }
        }
        withSpan("order", target: "other", level: .error) { emit("in another's order") }
        emit("after")
        #expect(
            Self.told(memory, "span-directive") == ["in order", "in step", "still in order", "in child task"])
        #expect(
            memory.spans.filter { $0.metadata.target == "span-directive" }.map(\.metadata.name) == ["step", "order"])
    }

    @Test("without a subscriber spans and events come out as records of the log, and with neither nothing does")
    func logFallback() {
        let log = KeptLog(maximumLevel: .info)
        Telemetry.installLog(log)
        defer { Telemetry.installLog(nil) }
        withSpan("work", target: "log-fallback", [Field("id", 7)]) { span in
            event("middle", target: "log-fallback", level: .warn, [Field("x", true)])
            event("too verbose", target: "log-fallback", level: .debug)
            span.add(Field("rows", 2))
            span.setError("no luck")
        }
        let records = log.records.filter { $0.metadata.target == "log-fallback" }
        #expect(records.map(\.message) == ["-> work", "middle", "<- work"])
        #expect(records.map(\.metadata.level) == [.info, .warn, .info])
        #expect(records[0].fields == [Field("id", 7)])
        #expect(records[1].fields == [Field("x", true)])
        #expect(records[2].fields.map(\.key) == ["id", "rows", "duration_ns", "error"])
        #expect(records[2].fields.last == Field("error", "no luck"))
        #expect(records[0].context == records[2].context && records[0].context == records[1].context)
        #expect(records[0].time <= records[1].time && records[1].time <= records[2].time)

        let memory = InMemorySubscriber()
        Telemetry.install(memory)
        event("with a subscriber", target: "log-fallback")
        Telemetry.uninstall()
        event("without", target: "log-fallback")
        Telemetry.installLog(nil)
        event("with neither", target: "log-fallback", level: .error)
        #expect(Self.told(memory, "log-fallback") == ["with a subscriber"])
        #expect(log.records.filter { $0.metadata.target == "log-fallback" }.map(\.message).suffix(1) == ["without"])
        #expect(!Telemetry.isEnabled(.error))
    }

    @Test("flushing reaches the installed subscriber, through fan-out and filter")
    func flush() {
        let log = KeptLog(maximumLevel: .info)
        Telemetry.installLog(log)
        Telemetry.flush()
        #expect(log.flushCount == 1)
        Telemetry.installLog(nil)
        let chatty = ChattySubscriber()
        Telemetry.install(FanOut(FilteredSubscriber(TelemetryFilter(upTo: .trace), chatty)))
        let before = chatty.callCount
        Telemetry.flush()
        Telemetry.uninstall()
        Telemetry.flush()
        #expect(chatty.callCount > before)
    }
}
