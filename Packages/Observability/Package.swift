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
    name: "vitrine-observability",
    products: [
        .library(name: "VitrineObservability", targets: ["VitrineObservability"]),
        .library(name: "VitrineObservabilityTesting", targets: ["VitrineObservabilityTesting"]),
    ],
    targets: [
        .target(name: "CVitrineClock"),
        .target(name: "CVitrineThread"),
        .target(
            name: "VitrineObservability",
            dependencies: ["CVitrineClock", "CVitrineThread"],
            swiftSettings: strict
        ),
        .target(
            name: "VitrineObservabilityTesting",
            dependencies: ["VitrineObservability"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineObservabilityTests",
            dependencies: ["VitrineObservability", "VitrineObservabilityTesting"],
            swiftSettings: strict
        ),
    ]
)
