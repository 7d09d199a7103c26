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
    name: "vitrine-examples",
    products: [
        .executable(name: "hello", targets: ["hello"]),
        .executable(name: "demo", targets: ["demo"]),
        .executable(name: "tracing", targets: ["tracing"]),
        .executable(name: "tracing-otlp", targets: ["tracing-otlp"]),
        .executable(name: "metrics", targets: ["metrics"]),
        .executable(name: "logging", targets: ["logging"]),
        .executable(name: "timeline", targets: ["timeline"]),
    ],
    dependencies: [
        .package(path: "../Formats"),
        .package(path: "../Observability"),
        .package(path: "../Host"),
        .package(path: "../Emulator"),
        .package(path: "../Exporters"),
        .package(path: "../Bridges"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "hello",
            dependencies: [
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineEmulator", package: "Emulator"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "demo",
            dependencies: [
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineEmulator", package: "Emulator"),
                .product(name: "VitrineLogWriters", package: "Exporters"),
                .product(name: "VitrinePrometheus", package: "Exporters"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ExampleSession",
            dependencies: [
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineEmulator", package: "Emulator"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "tracing",
            dependencies: [
                "ExampleSession",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineLogWriters", package: "Exporters"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "timeline",
            dependencies: [
                "ExampleSession",
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineTimelines", package: "Exporters"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "tracing-otlp",
            dependencies: [
                "ExampleSession",
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineLogWriters", package: "Exporters"),
                .product(name: "VitrineOTLP", package: "Exporters"),
                .product(name: "VitrineOTLPExport", package: "Exporters"),
                .product(name: "VitrineOTLPHTTP", package: "Exporters"),
                .product(name: "VitrineOpenTelemetry", package: "Exporters"),
                .product(name: "VitrinePrometheusEndpoint", package: "Exporters"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "metrics",
            dependencies: [
                "ExampleSession",
                .product(name: "Vitrine", package: "Host"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineLogWriters", package: "Exporters"),
                .product(name: "VitrinePrometheus", package: "Exporters"),
                .product(name: "VitrinePrometheusEndpoint", package: "Exporters"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "logging",
            dependencies: [
                "ExampleSession",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineSwiftLog", package: "Bridges"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ExamplesTests",
            dependencies: ["demo", "tracing", "tracing-otlp", "metrics", "logging", "timeline"],
            swiftSettings: strict
        ),
    ]
)
