package import BackupCore
internal import CArgon2
internal import Synchronization

/// People's passwords: argon2id (RFC 9106), in the encoded form that carries its parameters.
///
/// Each takes 19 MiB and some 20 ms of a thread, so that many guesses cost; ``mostAtOnce`` of them go on at once, and a few wait:
/// memory is bounded whoever knocks.
package final class PasswordHasher: Sendable {
    package struct Cost: Sendable {
        let passes: UInt32
        let memoryKiB: UInt32

        /// OWASP's first choice.
        package static let usual = Cost(passes: 2, memoryKiB: 19 * 1024)
        /// For tests.
        package static let cheap = Cost(passes: 1, memoryKiB: 64)
    }

    static let mostAtOnce = 2
    static let mostWaiting = 30
    private static let saltLength = 16
    private static let hashLength = 32

    private let cost: Cost
    private let slots = WorkSlots(atOnce: mostAtOnce, waiting: mostWaiting)

    package init(cost: Cost = .usual) { self.cost = cost }

    /// - Throws: ``ControlError/busy(_:)``.
    package func hash(_ password: Secret) async throws -> Secret {
        let cost = cost
        return try await slots.run {
            try await BlockingThread.run("argon2") { try Self.encoded(password, cost) }
        }
    }

    /// - Parameter hash: nil for nobody: it takes as long, and is never right.
    package func isRight(_ password: Secret, for hash: Secret?) async throws -> Bool {
        let cost = cost
        return try await slots.run {
            try await BlockingThread.run("argon2") {
                guard let hash else {
                    _ = try Self.encoded(password, cost)
                    return false
                }
                let bytes = Array(password.revealed.utf8)
                return argon2id_verify(hash.revealed, bytes, bytes.count) == Int32(ARGON2_OK.rawValue)
            }
        }
    }

    private static func encoded(_ password: Secret, _ cost: Cost) throws -> Secret {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<saltLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let bytes = Array(password.revealed.utf8)
        var encoded = [CChar](repeating: 0, count: 256)
        let status = argon2id_hash_encoded(
            cost.passes, cost.memoryKiB, 1, bytes, bytes.count, salt, salt.count, hashLength, &encoded, encoded.count)
        guard status == Int32(ARGON2_OK.rawValue) else { throw ControlError.busy("passwords (argon2 says \(status))") }
        return Secret(String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
