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
    name: "vitrine-benchmarks",
    products: [
        .executable(name: "vitrine-bench", targets: ["vitrine-bench"])
    ],
    dependencies: [
        .package(path: "../Packages/Emulator"),
        .package(path: "../Packages/Exporters"),
        .package(path: "../Packages/Host"),
        .package(path: "../Packages/Hypervisor"),
        .package(path: "../Packages/Observability"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // What telemetry is compared with.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    ],
    targets: [
        .target(name: "CBenchmarkProbes"),
        .target(name: "CKVMFloor"),
        .target(name: "BenchmarkHarness", swiftSettings: strict),
        .target(
            name: "EmittingLibrary",
            dependencies: [
                "CBenchmarkProbes", .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "vitrine-bench",
            dependencies: [
                "BenchmarkHarness",
                "CBenchmarkProbes",
                "CKVMFloor",
                "EmittingLibrary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineEmulator", package: "Emulator"),
                .product(name: "VitrineKVM", package: "Hypervisor"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineGzip", package: "Exporters"),
                .product(name: "VitrineLogWriters", package: "Exporters"),
                .product(name: "VitrineOTLP", package: "Exporters"),
                .product(name: "VitrinePrometheus", package: "Exporters"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BenchmarkHarnessTests",
            dependencies: ["BenchmarkHarness", "CBenchmarkProbes"],
            swiftSettings: strict
        ),
        .testTarget(name: "KVMFloorTests", dependencies: ["CKVMFloor"], swiftSettings: strict),
    ]
)
