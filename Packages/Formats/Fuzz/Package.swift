// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT OR Apache-2.0

import PackageDescription

// BEGIN strict settings: the same lines in every manifest, compared by `just check`.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]
// END strict settings

// The fuzzer brings the main function.
let fuzzed = strict + [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address"])]
let fuzzer: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer,address"])]

func target(_ name: String, _ module: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: [.product(name: module, package: "Formats")],
        swiftSettings: fuzzed,
        linkerSettings: fuzzer
    )
}

let package = Package(
    name: "vitrine-formats-fuzz",
    dependencies: [.package(path: "..")],
    targets: [
        target("fuzz_elf", "VitrineELF"),
        target("fuzz_message", "VitrineWire"),
        target("fuzz_telemetry", "VitrineWire"),
        target("fuzz_tracefile", "VitrineTraceFile"),
    ]
)
