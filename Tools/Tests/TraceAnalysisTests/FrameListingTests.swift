// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import TraceAnalysis
import TraceSamples
import VitrineTraceFile

@Suite struct FrameListingTests {
    private func listing() throws -> FrameListing {
        FrameListing(
            header: TraceFileHeader(buildID: [1, 2], epochNanoseconds: 7, producer: "me\u{1B}"),
            symbols: try SymbolTable(parsingELF: SampleELF.bytes())
        )
    }

    @Test func recordsAreListedWithTheirFunctions() throws {
        var listing = try listing()
        let text = listing.introduction + SampleTrace.records.map { listing.text(of: $0) }.joined()
        #expect(
            text == """
                # guest build id 0102, written by me\u{FFFD}

                [   0.000000000 s] allocated 64 bytes at 0x400000
                    0x00200190  malloc + 0x10
                    0x00200120  simpleguest.makeList(count: Swift.Int) -> () + 0x20
                    0x00200100  start + 0x100

                [   0.000001500 s] allocated 16 bytes at 0x401000
                    0x002001d0  unknown

                [   0.000002000 s] freed 0x400000
                    0x00200190  malloc + 0x10
                    0x00200010  start + 0x10

                [   0.000003000 s] freed 0xdead
                    no stack was taken

                [   0.000004000 s] allocated 100 bytes at 0x402000
                    0x00200190  malloc + 0x10
                    0x00200120  simpleguest.makeList(count: Swift.Int) -> () + 0x20
                    0x00200100  start + 0x100

                [   2.000000000 s] allocated 8 bytes at 0x403000
                    0x99999999  unknown

                5 records are missing here: the guest's telemetry region was full

                """
        )
    }

    @Test func cutAndLostStacksAreTold() throws {
        var listing = try listing()
        let cut = TraceFree(timeNanoseconds: 9, address: 1, stack: .frames([0x20_0001], isCut: true))
        #expect(
            listing.text(of: .free(cut)).hasSuffix("    0x00200001  start + 0x1\n    … the outer frames were cut\n"))
        let lost = TraceFree(timeNanoseconds: 3, address: 1, stack: .lost)
        #expect(listing.text(of: .free(lost)).hasSuffix("the stack is in a part of the file that is lost\n"))
    }

    @Test func recordsAreOneJSONObjectALine() throws {
        var listing = try listing()
        let lines = SampleTrace.records.map { listing.json(of: $0) }
        #expect(
            lines[1] == #"{"kind":"allocation","time_ns":1000001500,"unix_ns":1000001507,"address":"0x401000","#
                + #""bytes":16,"stack":"whole","frames":[{"address":"0x2001d0"}]}"# + "\n"
        )
        #expect(
            lines[2] == #"{"kind":"free","time_ns":1000002000,"unix_ns":1000002007,"address":"0x400000","#
                + #""stack":"whole","frames":[{"address":"0x200190","function":"malloc","offset":16},"#
                + #"{"address":"0x200010","function":"start","offset":16}]}"# + "\n"
        )
        #expect(lines[6].hasPrefix(#"{"kind":"dropped","count":5,"reason":"#))
    }
}
