// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Ends the process; not declared as what never returns, so that the macros take it.
func leave(_ status: Int32 = 0) {
    exit(status)
}

/// Makes a child of this process, and says in it what only the child does before it leaves; gives back 0 if it ended well.
func runChild(_ body: () -> Void) -> Int32 {
    // The C function by its name: Swift does not import fork.
    typealias Fork = @convention(c) () -> pid_t
    // SAFETY: the symbol is the C library's, of this type; the caller has no other thread whose locks the child would need.
    guard let symbol = unsafe dlsym(nil, "fork") else { return 1 }
    let child = unsafe unsafeBitCast(symbol, to: Fork.self)()
    if child == 0 {
        body()
        leave()
    }
    var status: Int32 = 0
    // SAFETY: the kernel fills a local of its type.
    unsafe waitpid(child, &status, 0)
    return status == 0 ? 0 : 1
}
