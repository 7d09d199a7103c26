// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Tracing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftTracing

/// Both ways to make spans in one program. `Tracing.withSpan` is the function, `tracer.withSpan` the method.
@Suite("Spans of both kinds inside of one another")
struct NestingTests {
    private let tracer = VitrineTracer()

    private func paths(_ body: () -> Void) -> [[String]] {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) { withTracer(tracer) { body() } }
        return memory.spans.map { memory.path(of: $0) }
    }

    @Test("In the tracer's method ours are children")
    func methodThenOurs() {
        let paths = paths {
            tracer.withSpan("theirs") { _ in VitrineObservability.withSpan("ours") {} }
        }
        #expect(paths == [["theirs", "ours"], ["theirs"]])
    }

    @Test("In ours, theirs are children, by the method, the function or by hand")
    func oursThenTheirs() {
        let paths = paths {
            VitrineObservability.withSpan("ours") {
                tracer.withSpan("method") { _ in }
                Tracing.withSpan("function") { _ in }
                Tracing.startSpan("by hand").end()
            }
        }
        #expect(paths == [["ours", "method"], ["ours", "function"], ["ours", "by hand"], ["ours"]])
    }

    @Test("In the function ours see no parent without help, and the right one with it")
    func functionThenOurs() {
        let paths = paths {
            Tracing.withSpan("theirs") { _ in
                VitrineObservability.withSpan("lost") {}
                VitrineObservability.withSpan("named", parent: .innermost) {}
                withInnermostSpan { VitrineObservability.withSpan("helped") {} }
            }
        }
        #expect(paths == [["lost"], ["theirs", "named"], ["theirs", "helped"], ["theirs"]])
    }

    @Test("The innermost counts however the two alternate")
    func alternating() {
        let paths = paths {
            VitrineObservability.withSpan("1 ours") {
                Tracing.withSpan("2 theirs") { _ in
                    Tracing.withSpan("3 theirs") { _ in
                        VitrineObservability.withSpan("4 ours", parent: .innermost) {
                            Tracing.withSpan("5 theirs") { _ in
                                withInnermostSpan {
                                    VitrineObservability.withSpan("6 ours") {
                                        tracer.withSpan("7 theirs") { _ in
                                            VitrineObservability.withSpan("8 ours") {
                                                Tracing.withSpan("9 theirs") { _ in }
                                            }
                                        }
                                    }
                                }
                                Tracing.withSpan("6 theirs") { _ in }
                            }
                        }
                        Tracing.withSpan("4 theirs") { _ in }
                    }
                }
            }
        }
        let names = [
            "1 ours", "2 theirs", "3 theirs", "4 ours", "5 theirs", "6 ours", "7 theirs", "8 ours", "9 theirs",
        ]
        #expect(paths.contains(names))
        #expect(paths.contains(names.prefix(5) + ["6 theirs"]))
        #expect(paths.contains(names.prefix(3) + ["4 theirs"]))
        #expect(paths.count == 11)
    }

    @Test("A context that is given counts more than the current span")
    func explicitContext() {
        let paths = paths {
            let first = tracer.startSpan("first", context: .topLevel)
            VitrineObservability.withSpan("ours") {
                tracer.withSpan("second", context: first.context) { _ in }
            }
            first.end()
        }
        #expect(paths == [["first", "second"], ["ours"], ["first"]])
    }

    @Test("Both worlds name the same span where they are brought together")
    func innermost() {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) {
            #expect(SpanContext.innermost == nil)
            withInnermostSpan { #expect(ServiceContext.current == nil) }
            VitrineObservability.withSpan("ours") {
                let ours = SpanContext.current
                #expect(SpanContext.innermost == ours)
                withInnermostSpan {
                    #expect(ServiceContext.current?.vitrineSpanContext == ours)
                    #expect(SpanContext.current == ours)
                }
            }
            withTracer(tracer) {
                Tracing.withSpan("theirs") { span in
                    #expect(SpanContext.current == nil)
                    #expect(SpanContext.innermost == span.context.vitrineSpanContext)
                    withInnermostSpan { #expect(SpanContext.current == span.context.vitrineSpanContext) }
                }
            }
        }
        #expect(memory.spans.count == 2)
    }

    @Test("It is the same across awaits and in child tasks")
    func asynchronous() async {
        let memory = InMemorySubscriber()
        await Telemetry.withSubscriber(memory) {
            await withTracer(tracer) {
                await tracer.withSpan("method") { _ in
                    await Task.yield()
                    async let child: Void = VitrineObservability.withSpan("child") { await Task.yield() }
                    await child
                }
                await Tracing.withSpan("function") { _ in
                    await withInnermostSpan {
                        await Task.yield()
                        await VitrineObservability.withSpan("ours") {
                            await Tracing.withSpan("theirs") { _ in await Task.yield() }
                        }
                    }
                }
            }
        }
        #expect(
            memory.spans.map { memory.path(of: $0) } == [
                ["method", "child"], ["method"], ["function", "ours", "theirs"], ["function", "ours"], ["function"],
            ])
    }

    @Test("Errors pass through the helper with their type")
    func typedErrors() async {
        struct Broken: Error {}
        await Telemetry.withSubscriber(InMemorySubscriber()) {
            await VitrineObservability.withSpan("ours") {
                do throws(Broken) {
                    try withInnermostSpan { () throws(Broken) in throw Broken() }
                } catch {
                    #expect(type(of: error) == Broken.self)
                }
                do throws(Broken) {
                    try await withInnermostSpan { () async throws(Broken) in throw Broken() }
                } catch {
                    #expect(type(of: error) == Broken.self)
                }
            }
        }
    }
}
