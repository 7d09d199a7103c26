// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import Testing
import VitrineObservability
import VitrineSwiftLog

@Suite("Levels of swift-log")
struct LevelTests {
    @Test(
        "Each level of swift-log has one of ours",
        arguments: [
            (Logger.Level.trace, Level.trace), (.debug, .debug), (.info, .info), (.notice, .info), (.warning, .warn),
            (.error, .error), (.critical, .error),
        ])
    func comingIn(_ theirs: Logger.Level, _ ours: Level) {
        #expect(Level(theirs) == ours)
    }

    @Test(
        "Each level of ours but off has one of swift-log",
        arguments: [
            (Level.off, Logger.Level?.none), (.error, .error), (.warn, .warning), (.info, .info), (.debug, .debug),
            (.trace, .trace),
        ])
    func goingOut(_ ours: Level, _ theirs: Logger.Level?) {
        #expect(Logger.Level(ours) == theirs)
    }

    @Test("Nothing is more severe after going both ways", arguments: Logger.Level.allCases)
    func bothWays(_ level: Logger.Level) throws {
        #expect(try #require(Logger.Level(Level(level))) <= level)
    }

    @Test("Our levels come back as they were", arguments: Level.allCases.filter { $0 != .off })
    func ourWay(_ level: Level) throws {
        #expect(Level(try #require(Logger.Level(level))) == level)
    }
}
