package import FoundationEssentials

/// Channels, and what waits to be told there. Whatever writes something that people are told of makes its notices in the same write.
package protocol NoticeStore: Sendable {
    /// - Throws: ``ControlError/conflict(_:)`` where the name is taken.
    func addChannel(_ channel: ChannelRecord) async throws
    func channel(_ id: ChannelRecord.ID) async throws -> ChannelRecord?
    func channels(_ page: PageRequest) async throws -> Page<ChannelRecord>
    func updateChannel(_ channel: ChannelRecord) async throws
    /// With what waits for it.
    func deleteChannel(_ id: ChannelRecord.ID) async throws

    /// What is told nowhere, whatever channels want.
    func mutedKinds() async throws -> Set<Notice.Kind>
    func setMutedKinds(_ kinds: Set<Notice.Kind>) async throws

    /// For all channels that want it, once each.
    func addNotice(_ notice: Notice) async throws

    /// Takes what is due, for this replica alone as long as the lease lasts.
    /// - Parameter perMinute: no channel gets more within a minute; the rest waits.
    func claimDeliveries(
        replica: String, until lease: Date, at time: Date, limit: Int, perMinute: Int
    ) async throws -> [Delivery]
    /// Nothing happens where another claim has come in between.
    func settle(_ delivery: Delivery, _ outcome: DeliveryOutcome, at time: Date) async throws
    /// When something is due next; nil for nothing.
    func nextDeliveryAt() async throws -> Date?
    /// What was sent or given up, and is older.
    func pruneNotices(before time: Date) async throws
}

/// One notice on its way to one channel.
package struct Delivery: Sendable, Equatable {
    package typealias ID = Identifier<Delivery>

    package let id: ID
    package let channel: ChannelRecord
    package let notice: Notice
    /// This one included.
    package let attempt: Int
    package let replica: String
    package let madeAt: Date

    package init(id: ID, channel: ChannelRecord, notice: Notice, attempt: Int, replica: String, madeAt: Date) {
        self.id = id
        self.channel = channel
        self.notice = notice
        self.attempt = attempt
        self.replica = replica
        self.madeAt = madeAt
    }
}

package enum DeliveryOutcome: Sendable, Equatable {
    case sent
    /// - Parameter retryAt: nil: it is given up.
    case failed(String, retryAt: Date?)
}

/// Sends a notice to its channel.
package protocol NoticeSender: Sendable {
    /// - Throws: ``DeliveryError``.
    func send(_ notice: Notice, to channel: ChannelRecord) async throws
}
