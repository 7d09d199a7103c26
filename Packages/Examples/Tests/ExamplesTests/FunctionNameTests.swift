// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import demo

@Suite("FunctionName")
struct FunctionNameTests {
    @Test("Names lose parameters, private marks and closures")
    func shortened() {
        #expect(
            FunctionName.shortened("simpleguest.(nest in _BD85)(_: Swift.Int32, deepest: Swift.Int32) -> ()")
                == "simpleguest.nest")
        #expect(
            FunctionName.shortened("static Swift.Array._allocate(minimumCapacity: Swift.Int) -> A")
                == "static Swift.Array._allocate")
        #expect(
            FunctionName.shortened("closure #1 (Swift.Int32) -> () in simpleguest.register() -> ()")
                == "simpleguest.register")
    }

    @Test("Types in parameters do not confuse it")
    func types() {
        let array = "simpleguest.makeArray(_: Swift.Int, _: Swift.UInt8) -> Swift.Array<Swift.UInt8>"
        #expect(FunctionName.shortened(array) == "simpleguest.makeArray")
        let special = "generic specialization <Swift.Int32> of static V.(register in _A1)<A>(Swift.StaticString) -> ()"
        #expect(FunctionName.shortened(special) == "static V.register")
    }

    @Test("Guest functions in C are named as they are called, allocators are skipped")
    func guestFunctions() {
        #expect(FunctionName.readable("vitrine_body_leak") == "leak")
        #expect(FunctionName.isAllocator("malloc"))
        #expect(!FunctionName.isAllocator("vitrine_body_leak"))
    }
}
