internal import BackupControl
internal import FoundationEssentials

/// The store of the first start, in the server's own directory: a first backup needs no cloud account.
struct FirstStorage {
    private static let name = "embedded"

    let plans: any PlanStore

    func add(at time: Date) async throws {
        guard try await plans.storages(PageRequest(limit: 1)).items.isEmpty else { return }
        var random = SystemRandomNumberGenerator()
        let profile = StorageProfile(
            id: Identifier(at: time, using: &random), name: Self.name, place: .embedded(directory: "store"),
            isDefault: true, createdAt: time)
        do {
            try await plans.addStorage(profile)
        } catch ControlError.conflict {
            // Another replica was faster, and its store is the one.
        }
    }
}
