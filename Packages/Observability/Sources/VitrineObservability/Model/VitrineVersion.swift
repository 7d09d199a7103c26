// SPDX-License-Identifier: MIT OR Apache-2.0

/// The version of Vitrine, which all its packages share.
public enum VitrineVersion {
    /// The newest version of the repository's changelog; `0.0.0` as long as none was released. It is what receivers of
    /// telemetry are told.
    public static let current = "0.0.0"
}
