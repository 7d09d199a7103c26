// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

private actor Keeper {
    private var sandboxes: [String: Sandbox] = [:]

    func keep(_ sandbox: Sandbox, as name: String) {
        sandboxes[name] = sandbox
    }

    func add(_ a: Int64, _ b: Int64, in name: String) async throws -> Int64? {
        try await sandboxes[name]?.callAsync("add", a, b)
    }
}

@Suite("Sandboxes in the program's own structures")
struct SharingTests {
    @Test("They live in arrays and dictionaries, and die with them", arguments: Places.all)
    func containers(_ place: Place) throws {
        weak var last: Sandbox?
        do {
            let array = try (0..<4).map { _ in try place.sandbox() }
            let dictionary = Dictionary(uniqueKeysWithValues: zip(["a", "b", "c", "d"], array))
            for (index, name) in ["a", "b", "c", "d"].enumerated() {
                let sum: Int64? = try dictionary[name]?.call("add", Int64(index), Int64(1))
                #expect(sum == Int64(index) + 1)
            }
            last = array.last
            #expect(last != nil)
        }
        #expect(last == nil)
    }

    @Test("An actor keeps them and calls them", arguments: Places.each)
    func actor(_ place: Place) async throws {
        let keeper = Keeper()
        await keeper.keep(try place.sandbox(), as: "one")
        #expect(try await keeper.add(20, 22, in: "one") == 42)
        #expect(try await keeper.add(20, 22, in: "two") == nil)
    }

    @Test("Many threads may call one sandbox", arguments: Places.each)
    func threads(_ place: Place) async throws {
        let sandbox = try place.sandbox()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<Int64(16) {
                group.addTask {
                    for _ in 0..<20 {
                        let sum: Int64? = try? sandbox.call("add", number, Int64(1))
                        #expect(sum == number + 1)
                    }
                }
            }
        }
    }

    @Test("One builder, and one image, build many sandboxes", arguments: Places.each)
    func builders(_ place: Place) throws {
        let builder = try place.builder()
        let first = try builder.build()
        let second = try builder.build()
        expectFailure(.guestAborted) { try first.call("trap") }
        expectWorks(second)
        #expect(first.backendName == place.backend.rawValue)
        #expect(second.image.name == place.guest.rawValue)
        #expect(!second.image.buildID.isEmpty)
    }
}
