// SPDX-License-Identifier: MIT OR Apache-2.0

/// One thing that has to be in order for a process to be called healthy.
public struct HealthCheck: Sendable {
    /// How it is called in an answer.
    public let name: String
    let check: @Sendable () async -> HealthStatus

    /// A check of a name.
    ///
    /// - Parameters:
    ///   - name: how it is called in an answer.
    ///   - check: looks, for each request anew and perhaps for several at once. It has to return soon, and when its task is
    ///     cancelled.
    public init(_ name: String, _ check: @escaping @Sendable () async -> HealthStatus) {
        self.name = name
        self.check = check
    }
}

/// What a health check finds.
public enum HealthStatus: Sendable, Hashable {
    /// All is in order.
    case ok
    /// It is not, and why. The reason is shown to whoever asks: no secrets.
    case failing(reason: String)
}

/// What all checks of a process find together.
struct HealthReport: Sendable, Hashable {
    /// How many bytes of a reason or a name are shown.
    static let maximumTextByteCount = 512

    let isHealthy: Bool
    /// A line for each failing check, or `ok`.
    let text: String

    /// Runs all checks at once; what has not answered in the time counts as failing.
    init(_ checks: [HealthCheck], within limit: Duration) async {
        let found = await withTaskGroup(of: (Int, HealthStatus)?.self) { group in
            for (index, check) in checks.enumerated() { group.addTask { (index, await check.check()) } }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            var found: [Int: HealthStatus] = [:]
            while found.count < checks.count, let next = await group.next(), let (index, status) = next {
                found[index] = status
            }
            group.cancelAll()
            return found
        }
        let lines = checks.enumerated().compactMap { index, check in
            switch found[index] {
            case .ok: nil as String?
            case .failing(let reason): "\(Self.plain(check.name)): \(Self.plain(reason))\n"
            case nil: "\(Self.plain(check.name)): no answer in time\n"
            }
        }
        isHealthy = lines.isEmpty
        text = lines.isEmpty ? "ok\n" : lines.joined()
    }

    /// A text as a part of one line.
    private static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var byteCount = 0
        for scalar in text.unicodeScalars {
            byteCount += UTF8.width(scalar)
            guard byteCount <= maximumTextByteCount else { break }
            result.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(result)
    }
}
