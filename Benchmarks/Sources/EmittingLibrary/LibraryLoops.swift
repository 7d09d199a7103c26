// SPDX-License-Identifier: MIT OR Apache-2.0

import CBenchmarkProbes
public import VitrineObservability

// What a library between the program and the core does, whose code the program's compiler does not see: loops that emit.

/// Emits an event so many times.
@inline(never)
public func libraryEvents(_ count: Int) {
    for index in 0..<count {
        event("step \(index)", level: .debug)
        loop_barrier(Int64(index))
    }
}

/// Works so many times in a span of the closure form.
@inline(never)
public func libraryClosureSpans(_ count: Int) {
    for index in 0..<count {
        withSpan("step", level: .debug) { loop_barrier(Int64(index)) }
    }
}

/// The same in an async function.
@inline(never)
public func libraryAsyncClosureSpans(_ count: Int) async {
    for index in 0..<count {
        await withSpan("step", level: .debug) { () async in loop_barrier(Int64(index)) }
    }
}

/// Emits an event with a value of a type that only the caller knows.
@inline(never)
public func libraryGenericEvents<Value: FieldValueConvertible>(of value: Value, _ count: Int) {
    for index in 0..<count {
        event("step \(index)", level: .debug, [Field("value", value)])
        loop_barrier(Int64(index))
    }
}

/// Works in a span with a value of a type that only the caller knows.
@inline(never)
public func libraryGenericClosureSpans<Value: FieldValueConvertible>(of value: Value, _ count: Int) {
    for index in 0..<count {
        withSpan("step", level: .debug, [Field("value", value)]) { loop_barrier(Int64(index)) }
    }
}
