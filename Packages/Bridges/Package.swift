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

let observability: Target.Dependency = .product(name: "VitrineObservability", package: "Observability")
let observabilityTesting: Target.Dependency = .product(name: "VitrineObservabilityTesting", package: "Observability")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let instrumentation: Target.Dependency = .product(name: "Instrumentation", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "vitrine-bridges",
    products: [
        .library(name: "VitrineSwiftLog", targets: ["VitrineSwiftLog"]),
        .library(name: "VitrineSwiftMetrics", targets: ["VitrineSwiftMetrics"]),
        .library(name: "VitrineSwiftTracing", targets: ["VitrineSwiftTracing"]),
        .library(name: "VitrineServiceLifecycle", targets: ["VitrineServiceLifecycle"]),
    ],
    dependencies: [
        .package(path: "../Observability"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "VitrineSwiftLog", dependencies: [logging, observability], swiftSettings: strict),
        .target(name: "VitrineSwiftMetrics", dependencies: [coreMetrics, observability], swiftSettings: strict),
        .target(
            name: "VitrineSwiftTracing", dependencies: [instrumentation, tracing, observability], swiftSettings: strict),
        .target(
            name: "VitrineServiceLifecycle", dependencies: [serviceLifecycle, observability], swiftSettings: strict),
        .executableTarget(
            name: "bridge-log", dependencies: ["VitrineSwiftLog", logging, observability], swiftSettings: strict),
        .executableTarget(
            name: "bridge-metrics", dependencies: ["VitrineSwiftMetrics", coreMetrics, metricsTestKit, observability],
            swiftSettings: strict),
        .executableTarget(
            name: "bridge-tracing", dependencies: ["VitrineSwiftTracing", tracing, inMemoryTracing, observability],
            swiftSettings: strict),
        .testTarget(
            name: "VitrineSwiftLogTests",
            dependencies: ["VitrineSwiftLog", logging, inMemoryLogging, observability, observabilityTesting],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineSwiftMetricsTests",
            dependencies: ["VitrineSwiftMetrics", coreMetrics, metricsTestKit, observability],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineSwiftTracingTests",
            dependencies: ["VitrineSwiftTracing", tracing, inMemoryTracing, observability, observabilityTesting],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ProcessWideTests",
            dependencies: [
                "VitrineServiceLifecycle", "VitrineSwiftLog", logging, inMemoryLogging, serviceLifecycle, observability,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BridgeExamplesTests",
            dependencies: ["bridge-log", "bridge-metrics", "bridge-tracing"],
            swiftSettings: strict
        ),
    ]
)
