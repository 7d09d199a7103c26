// SPDX-License-Identifier: MIT OR Apache-2.0

/// simpleguest: the sample guest in Swift. c_simpleguest offers the same functions in C.
@main
struct SimpleGuest {
    static func main() {
        registerEchoes()
        registerArithmetic()
        registerDigits()
        registerBuffers()
        registerHostCalls()
        registerTelemetry()
        registerHeap()
        registerFaults()
    }
}
