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
    name: "vitrine-hypervisor",
    products: [
        .library(name: "VitrineHypervisor", targets: ["VitrineHypervisor"]),
        .library(name: "VitrineKVM", targets: ["VitrineKVM"]),
        .library(name: "VitrineHypervisorConformance", targets: ["VitrineHypervisorConformance"]),
    ],
    dependencies: [
        .package(path: "../Formats"),
        .package(path: "../Observability"),
    ],
    targets: [
        .target(name: "CVitrineKick"),
        .target(name: "CVitrineKVM"),
        .target(
            name: "VitrineHypervisor",
            dependencies: [
                "CVitrineKick", .product(name: "CVitrineABI", package: "Formats"),
                .product(name: "VitrineObservability", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineKVM",
            dependencies: ["VitrineHypervisor", "CVitrineKVM"],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineHypervisorConformance",
            dependencies: [
                "VitrineHypervisor", .product(name: "CVitrineABI", package: "Formats"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineObservabilityTesting", package: "Observability"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineHypervisorTests",
            dependencies: ["VitrineHypervisor", "CVitrineKick"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineKVMTests",
            dependencies: ["VitrineKVM", "VitrineHypervisor", "VitrineHypervisorConformance"],
            swiftSettings: strict
        ),
    ]
)
