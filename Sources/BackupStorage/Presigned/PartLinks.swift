internal import BackupCore
internal import FoundationEssentials

/// The URLs of an upload's parts, asked for in batches.
actor PartLinks {
    /// How many are asked for at once.
    static let batch = 16

    private let broker: any UploadBroker
    private let transport: PresignedTransport
    private let maxParts: Int
    /// At most a batch, and what came with the run.
    private var known: [Int: PresignedLink] = [:]

    /// - Parameter first: what came with the run.
    init(_ first: [PresignedPart], maxParts: Int, broker: any UploadBroker, transport: PresignedTransport)
        throws(StorageError)
    {
        self.broker = broker
        self.transport = transport
        self.maxParts = maxParts
        for part in first where (1...maxParts).contains(part.number) {
            known[part.number] = try transport.link(part.url)
        }
    }

    /// - Parameter number: each is asked for once, then ``another(for:)``.
    func link(for number: Int) async throws -> PresignedLink {
        if let link = known.removeValue(forKey: number), !link.isAboutToExpire(at: Date()) { return link }
        return try await fetch(number, count: min(Self.batch, maxParts - number + 1))
    }

    /// In place of one that has expired.
    func another(for number: Int) async throws -> PresignedLink { try await fetch(number, count: 1) }

    private func fetch(_ number: Int, count: Int) async throws -> PresignedLink {
        let parts = try await broker.partURLs(first: number, count: count)
        for part in parts where (number..<number + count).contains(part.number) {
            known[part.number] = try transport.link(part.url)
        }
        guard let link = known.removeValue(forKey: number) else {
            throw StorageError.invalidGrant(reason: "there is no URL for part \(number)")
        }
        return link
    }
}
