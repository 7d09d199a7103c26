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
    name: "vitrine-exporters",
    products: [
        .library(name: "VitrinePrometheus", targets: ["VitrinePrometheus"]),
        .library(name: "VitrinePrometheusEndpoint", targets: ["VitrinePrometheusEndpoint"]),
        .library(name: "VitrineLogWriters", targets: ["VitrineLogWriters"]),
        .library(name: "VitrineTimelines", targets: ["VitrineTimelines"]),
        .library(name: "VitrineOTLP", targets: ["VitrineOTLP"]),
        .library(name: "VitrineOTLPSpool", targets: ["VitrineOTLPSpool"]),
        .library(name: "VitrineOTLPExport", targets: ["VitrineOTLPExport"]),
        .library(name: "VitrineOpenTelemetry", targets: ["VitrineOpenTelemetry"]),
        .library(name: "VitrineOTLPHTTP", targets: ["VitrineOTLPHTTP"]),
        .library(name: "VitrineGzip", targets: ["VitrineGzip"]),
        // The messages in C, which benchmarks measure the encoder by.
        .library(name: "COTLP", targets: ["COTLP"]),
    ],
    dependencies: [
        .package(path: "../Observability"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // Without its traits, which bring readers of configurations and all of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "VitrinePrometheus",
            dependencies: [.product(name: "VitrineObservability", package: "Observability")],
            swiftSettings: strict
        ),
        .target(
            name: "VitrinePrometheusEndpoint",
            dependencies: [
                "VitrineGzip",
                "VitrinePrometheus",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineLogWriters",
            dependencies: [.product(name: "VitrineObservability", package: "Observability")],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .target(name: "COTLP", dependencies: ["CProtobufC"]),
        .target(name: "CVitrineOTLP", dependencies: ["COTLP"]),
        .target(
            name: "VitrineOTLP",
            dependencies: ["CVitrineOTLP", .product(name: "VitrineObservability", package: "Observability")],
            swiftSettings: strict
        ),
        .target(name: "CExportThread"),
        .target(
            name: "VitrineOTLPSpool",
            dependencies: ["VitrineOTLP", .product(name: "VitrineObservability", package: "Observability")],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineOTLPExport",
            dependencies: [
                "CExportThread", "VitrineOTLP", "VitrineOTLPSpool",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "otlp-storm",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            path: "Integration/otlp-storm",
            swiftSettings: strict
        ),
        .target(name: "CPerfetto", dependencies: ["CProtobufC"]),
        .target(name: "CVitrinePerfetto", dependencies: ["CPerfetto"]),
        .target(
            name: "VitrineTimelines",
            dependencies: [
                "CVitrinePerfetto",
                "VitrineLogWriters",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "timeline-sample",
            dependencies: [
                "VitrineTimelines",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineObservabilityTesting", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "VitrineGzip", dependencies: ["CZlib"], swiftSettings: strict),
        .target(
            name: "VitrineOTLPHTTP",
            dependencies: [
                "VitrineGzip",
                "VitrineOTLP",
                "VitrineOTLPExport",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineOpenTelemetry",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPHTTP",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrinePrometheusTests",
            dependencies: [
                "VitrinePrometheus",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrinePrometheusEndpointTests",
            dependencies: [
                "VitrineGzip",
                "VitrinePrometheus",
                "VitrinePrometheusEndpoint",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineLogWritersTests",
            dependencies: [
                "VitrineLogWriters",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineOTLPTests",
            dependencies: [
                "COTLP",
                "CProtobufC",
                "VitrineOTLP",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineOTLPExportTests",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPSpool",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "VitrineGzipTests", dependencies: ["VitrineGzip"], swiftSettings: strict),
        .testTarget(
            name: "VitrineOTLPHTTPTests",
            dependencies: [
                "VitrineGzip",
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPHTTP",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineTimelinesTests",
            dependencies: [
                "CPerfetto",
                "CProtobufC",
                "VitrineTimelines",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineOTLPSpoolTests",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPSpool",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineOpenTelemetryTests",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPHTTP",
                "VitrineOpenTelemetry",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "OTLPStormTests", dependencies: ["otlp-storm"], swiftSettings: strict),
        .testTarget(
            name: "ReadmeExampleTests",
            dependencies: [
                "VitrineTimelines",
                "VitrineLogWriters",
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPHTTP",
                "VitrineOTLPSpool",
                "VitrineOpenTelemetry",
                "VitrinePrometheus",
                "VitrinePrometheusEndpoint",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        // What `just test-integration` sends to real receivers.
        .executableTarget(
            name: "otlp-samples",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOTLPHTTP",
                "VitrinePrometheus",
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineObservabilityTesting", package: "Observability"),
            ],
            path: "Integration/otlp-samples",
            swiftSettings: strict
        ),
    ]
)
