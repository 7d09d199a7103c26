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

// The guest runtime's C code, compiled for the machine it is built on and driven through a made-up control page. A
// package of its own, as the guests' package builds for a machine without an operating system only.
let package = Package(
    name: "vitrine-guests-runtime-tests",
    dependencies: [
        .package(path: ".."),
        .package(path: "../../Packages/Formats"),
    ],
    targets: [
        .testTarget(
            name: "RuntimeTests",
            dependencies: [
                .product(name: "CVitrineGuest", package: "Guests"),
                .product(name: "VitrineWire", package: "Formats"),
            ],
            swiftSettings: strict
        )
    ]
)
