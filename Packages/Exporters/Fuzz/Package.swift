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

let package = Package(
    name: "vitrine-exporters-fuzz",
    dependencies: [.package(path: ".."), .package(path: "../../Observability")],
    targets: [
        .executableTarget(
            name: "fuzz_spool_file",
            dependencies: [
                .product(name: "VitrineOTLPSpool", package: "Exporters"),
                .product(name: "VitrineOTLP", package: "Exporters"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: fuzzed,
            linkerSettings: fuzzer
        ),
        .executableTarget(
            name: "fuzz_request_body",
            dependencies: [.product(name: "VitrineOTLP", package: "Exporters")],
            swiftSettings: fuzzed,
            linkerSettings: fuzzer
        ),
    ]
)
