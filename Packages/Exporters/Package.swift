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
        .library(name: "VitrineLogWriters", targets: ["VitrineLogWriters"]),
        .library(name: "VitrineOTLP", targets: ["VitrineOTLP"]),
        .library(name: "VitrineOTLPExport", targets: ["VitrineOTLPExport"]),
        .library(name: "VitrineOpenTelemetry", targets: ["VitrineOpenTelemetry"]),
    ],
    dependencies: [
        .package(path: "../Observability"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "VitrinePrometheus",
            dependencies: [.product(name: "VitrineObservability", package: "Observability")],
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
        .target(
            name: "VitrineOTLPExport",
            dependencies: ["VitrineOTLP", .product(name: "VitrineObservability", package: "Observability")],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineOpenTelemetry",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
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
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineOpenTelemetryTests",
            dependencies: [
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrineOpenTelemetry",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReadmeExampleTests",
            dependencies: [
                "VitrineLogWriters",
                "VitrineOTLP",
                "VitrineOTLPExport",
                "VitrinePrometheus",
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
    ]
)
