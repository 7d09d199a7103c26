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
    name: "vitrine-emulator",
    products: [
        .library(name: "VitrineEmulator", targets: ["VitrineEmulator"])
    ],
    dependencies: [
        .package(path: "../Hypervisor"),
        .package(path: "../Formats"),
    ],
    targets: [
        .systemLibrary(name: "CUnicorn", pkgConfig: "unicorn", providers: [.apt(["libunicorn-dev"])]),
        .target(name: "CVitrineUnicorn", dependencies: ["CUnicorn"]),
        .target(
            name: "VitrineEmulator",
            dependencies: ["CVitrineUnicorn", .product(name: "VitrineHypervisor", package: "Hypervisor")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VitrineEmulatorTests",
            dependencies: [
                "VitrineEmulator",
                .product(name: "VitrineHypervisor", package: "Hypervisor"),
                .product(name: "VitrineHypervisorConformance", package: "Hypervisor"),
                .product(name: "VitrineELF", package: "Formats"),
                .product(name: "VitrineWire", package: "Formats"),
            ],
            swiftSettings: strict
        ),
    ]
)
