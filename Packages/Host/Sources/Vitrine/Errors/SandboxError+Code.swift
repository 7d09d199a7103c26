// SPDX-License-Identifier: MIT OR Apache-2.0

extension SandboxError {
    /// The kind of a failure. Later versions may add codes, so a `switch` over them needs a `default`.
    public struct Code: Hashable, Sendable {
        /// The name, as printed and as the label `code` of `guest_errors_total`: stable, lower camel case.
        public let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// No backend can run a guest here; the message says why for each.
        public static let noHypervisor = Code("noHypervisor")
        /// The guest image is not a file this can run.
        public static let badImage = Code("badImage")
        /// The guest image is built for another version of the guest ABI, or for none.
        public static let abiMismatch = Code("abiMismatch")
        /// The guest has no function of that name.
        public static let unknownFunction = Code("unknownFunction")
        /// The guest's function takes other parameters or returns another type.
        public static let wrongParameters = Code("wrongParameters")
        /// The guest's function returned an error: `guestCode`, `guestMessage`. The sandbox stays ready.
        public static let guestError = Code("guestError")
        /// The guest gave up, for example on a failed assertion: `guestCode`, `guestMessage`.
        public static let guestAborted = Code("guestAborted")
        /// The guest's code raised a CPU exception: `exception`.
        public static let cpuException = Code("cpuException")
        /// A host function failed and the guest's function failed of it: `underlying`. The sandbox stays ready.
        public static let hostFunctionFailed = Code("hostFunctionFailed")
        /// The call ran longer than its deadline.
        public static let deadlineExceeded = Code("deadlineExceeded")
        /// The call was cancelled, by `cancel()` or with its task.
        public static let cancelled = Code("cancelled")
        /// The sandbox was ended by an earlier call.
        public static let poisoned = Code("poisoned")
        /// The guest's heap is full.
        public static let outOfMemory = Code("outOfMemory")
        /// The guest broke the protocol of the guest ABI.
        public static let protocolViolation = Code("protocolViolation")
        /// A host function called into the sandbox it was serving.
        public static let reentrantCall = Code("reentrantCall")
        /// The builder holds a value that cannot work.
        public static let invalidConfiguration = Code("invalidConfiguration")
        /// Parameters or result do not fit the buffers.
        public static let messageTooLarge = Code("messageTooLarge")
        /// The kernel or the backend refused something: `underlying`.
        public static let system = Code("system")
    }
}

extension SandboxError.Code: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
