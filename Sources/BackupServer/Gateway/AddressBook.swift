internal import NIOCore
internal import Synchronization

/// What is counted for each address that connects: open connections that are no agents', and wrong keys.
///
/// Where an address has all its places, its next connections wait, as sockets that nobody reads: thousands of agents behind one
/// address that come back at once are let in one after another, instead of being sent away to try again.
///
/// Memory: ``largestCount`` addresses, and ``GatewaySettings/waitingConnections`` sockets. Beyond the addresses all others share one
/// entry, so that an attack from very many addresses bounds itself.
package final class AddressBook: Sendable {
    static let largestCount = 50_000

    private struct Entry {
        var connections = 0
        var waiting = CircularBuffer<Turn>(initialCapacity: 0)
        var guesses = 0.0
        var guessedAt = Duration.zero
    }

    private let settings: GatewaySettings
    private let entries = Mutex<[String: Entry]>([:])
    private let waitingCount = Atomic(0)
    private let isClosed = Atomic(false)

    package init(settings: GatewaySettings) { self.settings = settings }

    /// - Parameter turn: ends with the place that the connection has until ``leave(_:)``, or without one.
    func enter(_ address: String, _ turn: Turn) {
        let hasPlace = entries.withLock { entries -> Bool? in
            guard !isClosed.load(ordering: .relaxed) else { return false }
            let key = Self.key(address, in: entries)
            guard entries[key, default: Entry()].connections >= settings.connectionsPerAddress else {
                entries[key, default: Entry()].connections += 1
                return true
            }
            guard waitingCount.load(ordering: .relaxed) < settings.waitingConnections else { return false }
            waitingCount.add(1, ordering: .relaxed)
            entries[key, default: Entry()].waiting.append(turn)
            return nil
        }
        if let hasPlace, !turn.end(hasPlace), hasPlace { leave(address) }
    }

    /// Nobody comes in any more, and who waits goes.
    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        let turns = entries.withLock { entries in
            entries.keys.flatMap { key -> [Turn] in
                defer { entries[key]?.waiting = CircularBuffer(initialCapacity: 0) }
                return Array(entries[key]?.waiting ?? [])
            }
        }
        for turn in turns { turn.end(false) }
    }

    /// It ends, or is an agent's: the next one that waits has its place.
    func leave(_ address: String) {
        while let next = nextTurn(address), !next.end(true) {}
    }

    /// - Returns: nil when nobody waits, and the place is free.
    private func nextTurn(_ address: String) -> Turn? {
        entries.withLock { entries in
            let key = Self.key(address, in: entries)
            guard var entry = entries[key] else { return nil }
            let next = entry.waiting.popFirst()
            if next == nil { entry.connections -= 1 } else { waitingCount.subtract(1, ordering: .relaxed) }
            entries[key] = entry.connections <= 0 && entry.guesses < 1 ? nil : entry
            return next
        }
    }

    /// Whether an unknown key from there is worth a look.
    package func mayGuess(_ address: String, at now: Duration) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[Self.key(address, in: entries)] else { return true }
            return settled(entry, at: now) + 1 <= Double(settings.guessesPerMinute)
        }
    }

    package func guessed(_ address: String, at now: Duration) {
        entries.withLock { entries in
            let key = Self.key(address, in: entries)
            var entry = entries[key] ?? Entry()
            entry.guesses = settled(entry, at: now) + 1
            entry.guessedAt = now
            entries[key] = entry
            if entries.count >= Self.largestCount { forgetSettled(&entries, at: now) }
        }
    }

    /// They are forgotten one by one, over a minute.
    private func settled(_ entry: Entry, at now: Duration) -> Double {
        max(0, entry.guesses - (now - entry.guessedAt) / .seconds(60) * Double(settings.guessesPerMinute))
    }

    private func forgetSettled(_ entries: inout [String: Entry], at now: Duration) {
        entries = entries.filter { $0.value.connections > 0 || settled($0.value, at: now) >= 1 }
    }

    private static func key(_ address: String, in entries: [String: Entry]) -> String {
        let network = network(of: address)
        return entries[network] == nil && entries.count >= largestCount ? "others" : network
    }

    /// One customer has a /64 of IPv6, and with it more addresses than can be counted.
    private static func network(of address: String) -> String {
        guard address.contains(":") else { return address }
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        return groups.prefix(4).joined(separator: ":")
    }
}
