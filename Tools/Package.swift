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

let package = Package(
    name: "vitrine-tools",
    products: [
        .executable(name: "trace_dump", targets: ["trace_dump"]),
        .library(name: "TraceAnalysis", targets: ["TraceAnalysis"]),
    ],
    dependencies: [
        .package(path: "../Packages/Formats"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .target(name: "CSwiftDemangle"),
        .target(
            name: "TraceAnalysis",
            dependencies: [
                "CSwiftDemangle",
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "trace_dump",
            dependencies: [
                "TraceAnalysis",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "TraceSamples",
            dependencies: [.product(name: "VitrineTraceFile", package: "Formats")],
            path: "Tests/TraceSamples",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceAnalysisTests",
            dependencies: [
                "TraceAnalysis",
                "TraceSamples",
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "TraceDumpTests", dependencies: ["TraceSamples", "trace_dump"], swiftSettings: strict),
    ]
)
