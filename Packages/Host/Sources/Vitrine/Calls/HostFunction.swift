// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineWire

/// A function of the host that guests may call: its signature, and its body behind a type-free door.
///
/// A class, so that a host call counts one reference, not those of all parts.
@usableFromInline
final class HostFunction: Sendable {
    /// Why a host call brings no result. Guests hear a code and a text of it.
    @usableFromInline
    enum Failure: Error {
        /// The guest's parameters are not the function's: an error of the guest.
        case wrongParameters(String)
        /// The message itself is broken.
        case malformed(WireError)
        /// The body threw.
        case thrown(any Error)
    }

    /// Decodes the parameters, runs the body, and gives its result.
    @usableFromInline
    typealias Invoke = @Sendable (inout MessageReader) throws(Failure) -> any WireValue

    let name: String
    let parameterTypes: [WireType]
    let resultType: WireType
    private let decodeAndRun: Invoke

    @usableFromInline
    init(name: String, parameterTypes: [WireType], resultType: WireType, invoke: @escaping Invoke) {
        self.name = name
        self.parameterTypes = parameterTypes
        self.resultType = resultType
        decodeAndRun = invoke
    }

    /// A function of a closure. Inlinable, so that its types are plain ones in the code that serves a call.
    @inlinable
    convenience init<each Parameter: WireValue, Result: WireValue>(
        name: String,
        body: @escaping @Sendable (repeat each Parameter) throws -> Result
    ) {
        var types: [WireType] = []
        repeat types.append((each Parameter).wireType)
        self.init(name: name, parameterTypes: types, resultType: Result.wireType) {
            (reader: inout MessageReader) throws(Failure) -> any WireValue in
            try Self.run(body, decoding: &reader)
        }
    }

    /// Serves a call whose header was read.
    func invoke(_ reader: inout MessageReader) throws(Failure) -> any WireValue {
        guard reader.remainingValues == parameterTypes.count else {
            throw .wrongParameters("it takes \(parameterTypes.count) parameters, not \(reader.remainingValues)")
        }
        if parameterTypes.isEmpty { try Self.finish(reader) }
        return try decodeAndRun(&reader)
    }

    @inlinable
    static func run<each Parameter: WireValue, Result: WireValue>(
        _ body: (repeat each Parameter) throws -> Result, decoding reader: inout MessageReader
    ) throws(Failure) -> any WireValue {
        do {
            return try body(repeat try next((each Parameter).self, &reader))
        } catch let error as Failure {
            throw error
        } catch {
            throw .thrown(error)
        }
    }

    /// The next parameter, and after the last one a check that nothing follows.
    @inlinable
    static func next<Parameter: WireValue>(
        _ type: Parameter.Type, _ reader: inout MessageReader
    ) throws(Failure) -> Parameter {
        do throws(WireError) {
            let value = try Parameter(decoding: try reader.nextValue())
            if reader.remainingValues == 0 { try reader.finish() }
            return value
        } catch {
            throw failure(of: error)
        }
    }

    private static func finish(_ reader: borrowing MessageReader) throws(Failure) {
        do throws(WireError) {
            try reader.finish()
        } catch {
            throw .malformed(error)
        }
    }

    /// Tells a wrong type, which a guest's author can make, from bytes that no SDK writes.
    @usableFromInline
    static func failure(of error: WireError) -> Failure {
        guard case .wrongType(let expected, let found) = error else { return .malformed(error) }
        return .wrongParameters("a parameter is \(found), not \(expected)")
    }
}
