// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is wrong with an address.
public enum OTLPURLFault: Sendable, Hashable {
    /// It does not begin with `http://` or `https://`.
    case scheme
    /// There is no host in it, or none that can be.
    case host
    /// The port is not a number from 1 to 65,535.
    case port
    /// It has a user name or a password, which belong into a header.
    case credentials
    /// It has a fragment, which no server gets to see.
    case fragment
    /// It has a query, and paths are to be appended to it.
    case queryInBase
    /// It has a character that must be percent-encoded, such as a blank or a letter that is not ASCII.
    case character
}

/// What is wrong with a header.
public enum OTLPHeaderFault: Sendable, Hashable {
    /// Its name is empty or has a character that names do not have.
    case name
    /// Its value has a control character, such as a line break.
    case value
    /// The transport writes it itself.
    case reserved
}

/// What is wrong with a file of TLS.
public enum OTLPTLSFileFault: Sendable, Hashable {
    /// It cannot be read, by this `errno`.
    case unreadable(code: Int32)
    /// It has more than 1 MiB.
    case tooLarge
    /// There is no certificate in it, or one that is broken.
    case noCertificate
    /// There is no private key in it, or one that is broken.
    case noKey
    /// Its key is locked by a passphrase.
    case encryptedKey
    /// It is the key of another certificate than the one in this file.
    case otherCertificate(file: String)
    /// It comes without the other one, of certificate and key.
    case alone
}

/// Why there is no transport, or no configuration for one.
///
/// No value of a header and no password is in it.
public enum OTLPHTTPError: Error, Sendable, Hashable {
    /// The address cannot be used.
    case url(String, OTLPURLFault)
    /// The header of this name cannot be sent.
    case header(name: String, OTLPHeaderFault)
    /// The file at this path cannot be used.
    case tlsFile(path: String, OTLPTLSFileFault)
    /// There is no memory.
    case noMemory
}
