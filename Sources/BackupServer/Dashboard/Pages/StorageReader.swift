internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// Where backups are, and what they take.
struct StorageReader: Sendable {
    private static let days = 90
    private static let shares = 12

    private let stores: PageStores
    private let usage: Remembered<[StorageUsage]>
    private let targets: Remembered<[TargetUsage]>
    private let days: Remembered<[StoredDay]>

    init(_ stores: PageStores, now: @escaping @Sendable () -> Date) {
        self.stores = stores
        usage = Remembered { try await stores.plans.storageUsage() }
        targets = Remembered { try await stores.lists.targetUsage(limit: Self.shares) }
        days = Remembered {
            try await stores.lists.storedDays(from: now().addingTimeInterval(-Double(Self.days) * 86_400))
        }
    }

    func answer(_ visit: Visit) async throws -> PageRoute.Answer {
        let usage = try await usage.value()
        let sizes = Dictionary(usage.map { ($0.storageID, $0) }) { first, _ in first }
        let profiles = try await stores.plans.storages(PageRequest(limit: 100)).items.map { profile in
            StorageRow(
                id: profile.id.string, name: profile.name, kind: profile.kind, place: profile.words,
                isDefault: profile.isDefault, backups: sizes[profile.id]?.backups ?? 0,
                sizeBytes: sizes[profile.id]?.sizeBytes ?? 0)
        }
        let shares = try await targets.value().map {
            StorageModel.Share(name: $0.name, backups: $0.backups, sizeBytes: $0.sizeBytes)
        }
        let total = usage.reduce(UInt64(0)) { $0 + $1.sizeBytes }
        let history = Self.history(try await days.value(), total: total, now: visit.now)
        return .page(
            StoragePage.html(
                StorageModel(profiles: profiles, targets: shares, history: history), query: visit.list("/storage"),
                visit.context))
    }

    /// What was stored at the end of each day, from what is stored now and how it came to that. Begins with the first day that is known.
    static func history(_ days: [StoredDay], total: UInt64, now: Date) -> [StorageModel.Point] {
        guard let first = days.first else { return [] }
        let known = Dictionary(days.map { (number($0.day), $0) }) { first, _ in first }
        var points: [StorageModel.Point] = []
        var stored = Int64(clamping: total)
        for day in stride(from: number(now), through: max(number(first.day) - 1, number(now) - Self.days), by: -1) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            points.append(StorageModel.Point(at: date, sizeBytes: UInt64(max(0, stored))))
            stored -= Int64(clamping: known[day]?.added ?? 0) - Int64(clamping: known[day]?.removed ?? 0)
        }
        return points.reversed()
    }

    private static func number(_ date: Date) -> Int { Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) }
}

extension StorageProfile {
    fileprivate var kind: String {
        switch place {
        case .embedded: "embedded"
        case .s3: "s3"
        }
    }

    /// Bucket and endpoint, or the directory. No secret is in it.
    fileprivate var words: String {
        switch place {
        case .embedded(let directory): directory
        case .s3(let s3):
            "\(s3.endpoint ?? "s3.\(s3.region).amazonaws.com")/\(s3.bucket)"
                + (s3.prefix.isEmpty ? "" : "/\(s3.prefix)")
        }
    }
}
