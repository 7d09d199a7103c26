// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineABI
import Testing
import VitrineWire

@Suite("GuestABI")
struct GuestABITests {
    @Test("A constant is the same in C and in Swift", arguments: Agreement.constants)
    func constantsAgree(agreement: Agreement) {
        #expect(agreement.header == agreement.swift)
    }

    @Test("A field has the same offset in C and in Swift", arguments: Agreement.offsets)
    func offsetsAgree(agreement: Agreement) {
        #expect(agreement.header == agreement.swift)
    }

    @Test("A structure has the same size in C and in Swift", arguments: Agreement.sizes)
    func sizesAgree(agreement: Agreement) {
        #expect(agreement.header == agreement.swift)
    }

    @Test("The note's owner is the same in C and in Swift")
    func noteOwnersAgree() {
        #expect(VITRINE_NOTE_OWNER == GuestABI.noteOwner)
    }

    @Test("No constant of the header is left out here")
    func constantsAreComplete() {
        let compared = Set(Agreement.constants.map(\.name) + ["VITRINE_NOTE_OWNER"])
        #expect(Set(HeaderFile.constants) == compared)
        #expect(HeaderFile.constants.count == compared.count)
    }

    @Test("No field of the header is left out here")
    func fieldsAreComplete() {
        #expect(Set(HeaderFile.fields) == Set(Agreement.offsets.map(\.name)))
        #expect(HeaderFile.fields.count == Agreement.offsets.count)
    }

    @Test("No case of a Swift enumeration is missing in the header")
    func casesAreComplete() {
        #expect(GuestABI.Port.allCases.count == Self.count(ofPrefix: "VITRINE_PORT_"))
        #expect(GuestABI.Level.allCases.count == Self.count(ofPrefix: "VITRINE_LEVEL_"))
        #expect(GuestABI.MessageKind.allCases.count == Self.count(ofPrefix: "VITRINE_MESSAGE_"))
        #expect(WireType.allCases.count == Self.count(ofPrefix: "VITRINE_TYPE_"))
        #expect(GuestABI.RecordKind.allCases.count == Self.count(ofPrefix: "VITRINE_RECORD_") - 1)
        #expect(GuestABI.StringForm.allCases.count == Self.count(ofPrefix: "VITRINE_STRING_"))
        #expect(GuestABI.FieldType.allCases.count == Self.count(ofPrefix: "VITRINE_FIELD_"))
    }

    @Test("The control page's magic number reads VITRINE")
    func magicIsText() {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: GuestABI.controlMagic >> (8 * UInt64($0))) }
        #expect(bytes == Array("VITRINE\0".utf8))
    }

    private static func count(ofPrefix prefix: String) -> Int {
        HeaderFile.constants.count { $0.hasPrefix(prefix) }
    }
}
