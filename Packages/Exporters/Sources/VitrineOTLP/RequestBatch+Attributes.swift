// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import VitrineObservability

extension RequestBatch {
    // SAFETY, of all below: as in `RequestBatch`.

    /// How many attributes the encoder adds to a record at most.
    static let detailCount = 5

    /// Room for so many fields of a record and for its details.
    static func attributes(_ fieldCount: Int, limit: Int, dropped: Int = 0) -> vitrine_otlp_attributes {
        let capacity = min(fieldCount, max(0, limit)) + detailCount
        return vitrine_otlp_attributes(capacity: capacity, dropped: UInt32(clamping: dropped))
    }

    /// Adds what is known besides the fields, as attributes that no field replaces.
    ///
    /// They stand before all fields, so at the limit it is fields that are dropped.
    func addDetails(_ origin: SpanOrigin, _ metadata: Metadata, _ details: OTLPDetails) {
        add("vitrine.origin", origin == .host ? "host" : "guest")
        if details.contains(.target) { add("vitrine.target", metadata.target) }
        if details.contains(.level) { add("vitrine.level", metadata.level.text) }
        if details.contains(.place), !metadata.file.isEmpty {
            add("code.file.path", metadata.file)
            if metadata.line > 0 {
                unsafe vitrine_otlp_add_int(batch, Self.text("code.line.number"), Int64(metadata.line))
            }
        }
        unsafe vitrine_otlp_protect_attributes(batch, Self.detailCount)
    }

    /// Adds fields in their order.
    @inline(__always)
    func add(_ fields: Swift.Span<Field>, valueLimit: Int) {
        for index in fields.indices { add(fields[index], valueLimit: valueLimit) }
    }

    /// Adds a text of the program.
    @inline(__always)
    func add(_ key: StaticString, _ value: StaticString) {
        unsafe vitrine_otlp_add_text(batch, Self.text(key), Self.text(value), .max)
    }

    /// Adds a text under a key of the program.
    @inline(__always)
    func add(_ key: StaticString, _ value: String) {
        unsafe Self.lend(value) { unsafe vitrine_otlp_add_text(batch, Self.text(key), $0, .max) }
    }

    /// Adds a truth value under a key of the program.
    func add(_ key: StaticString, _ value: Bool) {
        unsafe vitrine_otlp_add_bool(batch, Self.text(key), value)
    }

    /// Adds a text.
    @inline(__always)
    func add(_ key: String, _ value: String, valueLimit: Int) {
        unsafe Self.lend(key, value) { unsafe vitrine_otlp_add_text(batch, $0, $1, valueLimit) }
    }

    @inline(__always)
    private func add(_ field: Field, valueLimit: Int) {
        switch field.value {
        case .string(let value): add(field.key, value, valueLimit: valueLimit)
        case .int64(let value): unsafe Self.lend(field.key) { unsafe vitrine_otlp_add_int(batch, $0, value) }
        case .double(let value): unsafe Self.lend(field.key) { unsafe vitrine_otlp_add_double(batch, $0, value) }
        case .bool(let value): unsafe Self.lend(field.key) { unsafe vitrine_otlp_add_bool(batch, $0, value) }
        case .uint64(let value): unsafe Self.lend(field.key) { unsafe vitrine_otlp_add_unsigned(batch, $0, value) }
        default: addArray(field, valueLimit: valueLimit)
        }
    }

    @inline(never)
    private func addArray(_ field: Field, valueLimit: Int) {
        unsafe Self.lend(field.key) { key in
            switch field.value {
            case .bools(let values):
                unsafe values.withUnsafeBufferPointer {
                    unsafe vitrine_otlp_add_bools(batch, key, $0.baseAddress, $0.count)
                }
            case .int64s(let values):
                unsafe values.withUnsafeBufferPointer {
                    unsafe vitrine_otlp_add_ints(batch, key, $0.baseAddress, $0.count)
                }
            case .doubles(let values):
                unsafe values.withUnsafeBufferPointer {
                    unsafe vitrine_otlp_add_doubles(batch, key, $0.baseAddress, $0.count)
                }
            case .strings(let values):
                unsafe vitrine_otlp_add_texts(batch, key, values.count)
                for value in values {
                    unsafe Self.lend(value) { unsafe vitrine_otlp_add_element(batch, $0, valueLimit) }
                }
            case .bool, .int64, .uint64, .double, .string: return
            }
        }
    }
}

extension Level {
    /// The level's name without an allocation.
    fileprivate var text: StaticString {
        switch self {
        case .off: "off"
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        case .trace: "trace"
        }
    }
}
