// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing
import Vitrine

/// The guests the tests call, as `just build-guests && just move-guests` leaves them.
enum SampleGuest: String, CaseIterable, CustomTestStringConvertible {
    /// In Embedded Swift.
    case swift = "simpleguest"
    /// In C; offers the same functions.
    case c = "c_simpleguest"
    /// Breaks every rule on demand.
    case dummy = "dummyguest"

    var testDescription: String { rawValue }

    /// The two that offer the same functions.
    static let simple: [SampleGuest] = [.swift, .c]

    private static let images = Mutex<[SampleGuest: GuestImage]>([:])

    /// The directory: `VITRINE_GUESTS`, or `Guests/bin/debug` of this repository.
    static var directory: String {
        // SAFETY: copied at once; no test changes the environment.
        if let value = unsafe getenv("VITRINE_GUESTS") { return unsafe String(cString: value) }
        let root = #filePath.split(separator: "/").dropLast(6).joined(separator: "/")
        return "/\(root)/Guests/bin/debug"
    }

    /// The file of the same guest built without traits, as `just test` leaves it beside the others.
    var pathWithoutTraits: String { "\(Self.directory)/../release-without-traits/\(rawValue)" }

    /// The file.
    var path: String { "\(Self.directory)/\(rawValue)" }

    /// The parsed image, shared by all tests.
    var image: GuestImage {
        get throws {
            try Self.images.withLock { images in
                if let image = images[self] { return image }
                do {
                    let image = try GuestImage(file: path)
                    images[self] = image
                    return image
                } catch {
                    throw MissingGuest(description: "\(path): \(error) Run `just build-guests && just move-guests`.")
                }
            }
        }
    }
}

/// There is nothing to test with.
struct MissingGuest: Error, CustomStringConvertible {
    let description: String
}
