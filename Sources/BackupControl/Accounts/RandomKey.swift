package import BackupCore
internal import Crypto

/// Keys of agents, sessions and tokens: random, long, and kept as SHA-256 only. They need no slow hash: nobody guesses 2²⁵⁶.
package enum RandomKey {
    /// 32 random bytes in base 32 behind a prefix that tells what it is: `bka_…`.
    package static func fresh(_ prefix: String, using random: inout some RandomNumberGenerator) -> Secret {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return Secret(prefix + OneTimeCode.base32(bytes).lowercased())
    }

    package static func hash(_ key: Secret) -> [UInt8] { Array(SHA256.hash(data: Array(key.revealed.utf8))) }
}
