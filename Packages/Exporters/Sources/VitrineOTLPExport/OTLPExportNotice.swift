// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLP
public import VitrineOTLPSpool

/// What an exporter has to say about its requests, for whoever wants to print it.
///
/// Texts are the receiver's words: valid UTF-8, not trusted.
public enum OTLPExportNotice: Sendable, Hashable {
    /// A request failed and will be tried again after so many nanoseconds.
    case retry(OTLPSignal, OTLPFailure, afterNanoseconds: UInt64)
    /// A request was too large and goes out in two.
    case split(OTLPSignal, recordCount: Int)
    /// The receiver took a request but for a part, or has a warning.
    case partialSuccess(OTLPSignal, OTLPPartialSuccess)
    /// The receiver took a request with an answer that cannot be read.
    case unreadableAnswer(OTLPSignal, OTLPDecodingError)
    /// Records of a request were dropped.
    case dropped(OTLPSignal, recordCount: Int, OTLPDropReason, OTLPFailure?)
    /// The spool could not be written or looked at.
    case spoolFailed(OTLPSpoolError)
    /// A file of the spool is none that can be sent. It was moved aside if that could be done, and is not
    /// read again; one of another version stays.
    case spoolFileRefused(OTLPSpoolFileError)
}

/// Why a request failed.
public enum OTLPFailure: Error, Sendable, Hashable {
    /// There was no answer.
    case transport(OTLPTransportError)
    /// The answer was not one of success; with the receiver's words, if there are any.
    case status(code: Int, message: String)
    /// There was no request.
    case encoding(OTLPEncodingError)
}
