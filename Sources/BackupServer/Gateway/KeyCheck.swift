package import BackupControl
internal import Crypto
internal import Synchronization

/// Who may connect as an agent: whoever has an agent's key.
///
/// A key is random and long, so its SHA-256 is looked up, and the time that takes tells nothing of it. An address that has shown too
/// many wrong keys gets no look-ups for more, unless it shows one that was good before: agents behind one address must not lock
/// each other out. Memory: ``largestCount`` hashes.
package final class KeyCheck: Sendable {
    package enum Outcome: Sendable {
        case admitted(AgentRecord)
        case refused
        /// Too many wrong ones from there.
        case tooMany
    }

    static let largestCount = 20_000
    private static let longestKey = 256

    private let agents: any AgentStore
    private let addresses: AddressBook
    private let good = Mutex<Set<[UInt8]>>([])

    package init(agents: any AgentStore, addresses: AddressBook) {
        self.agents = agents
        self.addresses = addresses
    }

    /// - Parameter authorization: the header, `Bearer KEY`. It is repeated nowhere.
    package func check(_ authorization: String?, from address: String, at now: Duration) async throws -> Outcome {
        guard let authorization, authorization.utf8.count <= Self.longestKey,
            authorization.prefix(7).lowercased() == "bearer "
        else {
            guard addresses.mayGuess(address, at: now) else { return .tooMany }
            addresses.guessed(address, at: now)
            return .refused
        }
        let key = authorization.dropFirst(7).drop { $0 == " " }
        let hash = Array(SHA256.hash(data: Array(key.utf8)))
        guard good.withLock({ $0.contains(hash) }) || addresses.mayGuess(address, at: now) else { return .tooMany }
        guard !key.isEmpty, let agent = try await agents.agent(keyHash: hash) else {
            addresses.guessed(address, at: now)
            good.withLock { _ = $0.remove(hash) }
            return .refused
        }
        good.withLock { good in
            if good.count >= Self.largestCount { good.removeAll() }
            good.insert(hash)
        }
        return .admitted(agent)
    }
}
