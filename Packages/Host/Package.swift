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
    name: "vitrine-host",
    products: [
        .library(name: "Vitrine", targets: ["Vitrine"])
    ],
    dependencies: [
        .package(path: "../Formats"),
        .package(path: "../Observability"),
        .package(path: "../Hypervisor"),
        // For the tests only: a user of `Vitrine` who does not name them builds none of it.
        .package(path: "../Emulator"),
    ],
    targets: [
        .target(
            name: "Vitrine",
            dependencies: [
                .product(name: "VitrineWire", package: "Formats"),
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineHypervisor", package: "Hypervisor"),
                .product(name: "VitrineKVM", package: "Hypervisor"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineTests",
            dependencies: [
                "Vitrine",
                .product(name: "VitrineWire", package: "Formats"),
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineTraceFile", package: "Formats"),
                .product(name: "VitrineObservability", package: "Observability"),
                .product(name: "VitrineObservabilityTesting", package: "Observability"),
                .product(name: "VitrineHypervisor", package: "Hypervisor"),
                .product(name: "VitrineKVM", package: "Hypervisor"),
                .product(name: "VitrineHypervisorConformance", package: "Hypervisor"),
                .product(name: "VitrineEmulator", package: "Emulator"),
            ],
            swiftSettings: strict
        ),
    ]
)
