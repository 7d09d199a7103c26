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

/// The traits as C sees them; Swift code asks `#if trace_guest` and `#if mem_profile`.
let traits: [CSetting] = [
    .define("VITRINE_TRACE_GUEST", to: "1", .when(traits: ["trace_guest"])),
    .define("VITRINE_MEM_PROFILE", to: "1", .when(traits: ["mem_profile"])),
]

/// A freestanding, static program laid out by guest.ld. The compilers' part of this is in toolset.json.
let guestLinking: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xclang-linker", "--target=x86_64-unknown-linux-gnu", "-Xclang-linker", "-nostdlib",
            "-Xclang-linker", "-nostartfiles", "-Xclang-linker", "-static",
        ]
            + [
                "-T\(Context.packageDirectory)/guest.ld", "-zseparate-code", "-zmax-page-size=4096", "-znoexecstack",
                "--build-id=sha1", "--gc-sections", "--no-dynamic-linker",
            ].flatMap { ["-Xlinker", $0] }
    )
]

let package = Package(
    name: "vitrine-guests",
    products: [
        .library(name: "CVitrineGuest", targets: ["CVitrineGuest"]),
        .library(name: "VitrineGuest", targets: ["VitrineGuest"]),
        .executable(name: "simpleguest", targets: ["simpleguest"]),
        .executable(name: "c_simpleguest", targets: ["c_simpleguest"]),
        .executable(name: "dummyguest", targets: ["dummyguest"]),
    ],
    traits: [
        .trait(name: "trace_guest", description: "Spans and events from the guest; without it they are compiled out."),
        .trait(name: "mem_profile", description: "Allocation records with stacks; without it they are compiled out."),
        .default(enabledTraits: ["trace_guest", "mem_profile"]),
    ],
    dependencies: [.package(path: "../Packages/Formats")],
    targets: [
        .target(
            name: "CVitrineGuest",
            dependencies: [.product(name: "CVitrineABI", package: "Formats")],
            cSettings: traits
        ),
        .target(name: "VitrineGuest", dependencies: ["CVitrineGuest"], swiftSettings: strict),
        .target(name: "CVitrineFaults", dependencies: ["CVitrineGuest"]),
        .executableTarget(
            name: "simpleguest",
            dependencies: ["CVitrineFaults", "VitrineGuest"],
            swiftSettings: strict,
            linkerSettings: guestLinking
        ),
        .executableTarget(
            name: "c_simpleguest",
            dependencies: ["CVitrineFaults", "CVitrineGuest"],
            cSettings: traits,
            linkerSettings: guestLinking
        ),
        .executableTarget(
            name: "dummyguest",
            dependencies: ["CVitrineGuest"],
            cSettings: traits,
            linkerSettings: guestLinking
        ),
    ],
    cLanguageStandard: .c2x
)
