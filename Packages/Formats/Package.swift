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
    name: "vitrine-formats",
    products: [
        .library(name: "CVitrineABI", targets: ["CVitrineABI"]),
        .library(name: "VitrineWire", targets: ["VitrineWire"]),
        .library(name: "VitrineELF", targets: ["VitrineELF"]),
        .library(name: "VitrineTraceFile", targets: ["VitrineTraceFile"]),
    ],
    targets: [
        .target(name: "CVitrineABI"),
        .target(name: "VitrineWire", swiftSettings: strict),
        .target(name: "VitrineELF", dependencies: ["VitrineWire"], swiftSettings: strict),
        .target(name: "VitrineTraceFile", swiftSettings: strict),
        .target(name: "Mutation", path: "Tests/Mutation", swiftSettings: strict),
        .testTarget(
            name: "VitrineWireTests",
            dependencies: ["CVitrineABI", "Mutation", "VitrineWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineELFTests",
            dependencies: ["Mutation", "VitrineELF", "VitrineWire"],
            swiftSettings: strict
        ),
        .testTarget(name: "VitrineTraceFileTests", dependencies: ["VitrineTraceFile"], swiftSettings: strict),
    ]
)
