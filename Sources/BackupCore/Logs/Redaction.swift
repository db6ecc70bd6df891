internal import Synchronization

/// Hides secrets in text that is about to leave the process.
///
/// The second net: secrets have types that print as `***`. This one catches what tools and libraries put into their
/// words: forms that only secrets have, and the values that it was told of.
package final class Redaction: Sendable {
    /// How many values are remembered; with one more, the oldest is forgotten, but for those that always count.
    package static let largestCount = 1024
    /// Shorter ones would take everyday words apart.
    package static let shortestValue = 4

    private let values = Mutex<[String]>([])
    private let lasting: [String]

    /// - Parameter lasting: secrets that are never forgotten: the agent's own key, whatever a server sends.
    package init(lasting: [Secret] = []) { self.lasting = lasting.flatMap(Self.forms) }

    /// Hides `secret` from now on, also as it is written in URLs.
    package func register(_ secret: Secret) {
        values.withLock { values in
            for value in Self.forms(of: secret) where !values.contains(value) { values.append(value) }
            if values.count > Self.largestCount { values.removeFirst(values.count - Self.largestCount) }
        }
    }

    private static func forms(of secret: Secret) -> Set<String> {
        guard secret.revealed.utf8.count >= shortestValue else { return [] }
        return [secret.revealed, PercentEncoding.encoded(secret.revealed)]
    }

    package func hide(_ text: String) -> String {
        // The longest first: one may be a part of another.
        let bytes = Array(text.utf8)
        let known = (lasting + values.withLock { $0 }).filter { bytes.contains(Array($0.utf8)) }.sorted {
            $0.utf8.count > $1.utf8.count
        }
        return hideForms(known.reduce(text) { $0.replacingBytes($1, with: "***") })
    }

    // Each is only looked for where a plain search has found its beginning: a log line rarely has one.
    private func hideForms(_ text: String) -> String {
        var text = text
        if text.contains("bkpy_") { text = text.replacing(/bkpy_(live|test)_[A-Za-z0-9]{1,32}/) { "bkpy_\($0.1)_***" } }
        if text.contains("bk") { text = text.replacing(/(bk[stw]_)[a-z2-7]{40,}/) { "\($0.1)***" } }
        if text.contains("://") {
            // Up to the last '@': a password may have one that should have been encoded.
            text = text.replacing(/(:\/\/[^\s\/:@"']*):[^\s"']*@/) { "\($0.1):***@" }
        }
        if text.contains("=") {
            text = text.replacing(
                /(?i)((?:X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|sig|token|password|passwd|pwd|secret)=)[^&\s"']+/
            ) { "\($0.1)***" }
        }
        let small = text.lowercased()
        if small.contains("bearer") { text = text.replacing(/(?i)(bearer\s+)[A-Za-z0-9._~+\/=-]+/) { "\($0.1)***" } }
        if small.contains("age-secret-key-") {
            text = text.replacing(/(?i)AGE-SECRET-KEY-[0-9A-Z-]+/, with: "AGE-SECRET-KEY-***")
        }
        if text.contains("PRIVATE KEY-----") {
            text = text.replacing(
                /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)/
            ) { "-----BEGIN \($0.1)PRIVATE KEY----- ***" }
        }
        return text
    }
}
