package import BackupCore
package import BackupStorage
internal import Foundation

/// The stores of a control plane's agent behind the contract of all stores: each object has a store of its own, and
/// what agents can't do is done with the key.
package struct PresignedStores: ObjectStore {
    package enum Way: Sendable, CaseIterable {
        case parts
        case onePut
    }

    private let way: Way
    private let direct: S3Store
    private let transport: PresignedTransport
    private let spool: SpoolSettings

    package init(_ way: Way, direct: S3Store, transport: PresignedTransport, spool: SpoolSettings) {
        self.way = way
        self.direct = direct
        self.transport = transport
        self.spool = spool
    }

    package var location: String { direct.location }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        switch way {
        case .parts:
            let broker = try await DirectBroker(direct, key: key)
            let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
            return try await store.put(key, from: source, sizeHint: sizeHint)
        case .onePut:
            let url = direct.presignedPut(key, lifetime: .seconds(600), at: Date())
            return try await PresignedPutStore(url, spool: spool, transport: transport)
                .put(key, from: source, sizeHint: sizeHint)
        }
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await PresignedGetStore(nil, transport: transport) {
            direct.presignedGet(key, lifetime: .seconds(600), at: Date())
        }.get(key, range: range)
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await direct.info(key) }
    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        direct.list(prefix: prefix)
    }
    package func delete(_ key: ObjectKey) async throws { try await direct.delete(key) }
}
