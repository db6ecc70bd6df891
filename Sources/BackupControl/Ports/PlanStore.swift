/// Targets, jobs and storage profiles. Each change raises the version of the agent's configuration in the same write.
package protocol PlanStore: Sendable {
    func addTarget(_ target: TargetRecord) async throws
    /// Both or none.
    func addTarget(_ target: TargetRecord, with job: JobRecord) async throws
    func target(_ id: TargetRecord.ID) async throws -> TargetRecord?
    func targets(of agent: AgentRecord.ID, _ page: PageRequest) async throws -> Page<TargetRecord>
    func updateTarget(_ target: TargetRecord) async throws
    /// With its jobs. - Throws: ``ControlError/conflict(_:)`` while a run of it is live.
    func deleteTarget(_ id: TargetRecord.ID) async throws

    func addJob(_ job: JobRecord) async throws
    func job(_ id: JobRecord.ID) async throws -> JobRecord?
    func jobs(of agent: AgentRecord.ID?, _ page: PageRequest) async throws -> Page<JobRecord>
    /// When it is due and expected changes only with its schedule: all else of that belongs to the scheduler, and to runs that end.
    func updateJob(_ job: JobRecord) async throws
    func deleteJob(_ id: JobRecord.ID) async throws

    func addStorage(_ profile: StorageProfile) async throws
    func storage(_ id: StorageProfile.ID) async throws -> StorageProfile?
    func defaultStorage() async throws -> StorageProfile?
    func storages(_ page: PageRequest) async throws -> Page<StorageProfile>
    func updateStorage(_ profile: StorageProfile) async throws
    /// - Throws: ``ControlError/conflict(_:)`` while a job or a backup needs it.
    func deleteStorage(_ id: StorageProfile.ID) async throws
    /// Bytes and number of the backups that each profile holds.
    func storageUsage() async throws -> [StorageUsage]
}

package struct StorageUsage: Sendable, Equatable {
    package let storageID: StorageProfile.ID
    package let backups: Int
    package let sizeBytes: UInt64

    package init(storageID: StorageProfile.ID, backups: Int, sizeBytes: UInt64) {
        self.storageID = storageID
        self.backups = backups
        self.sizeBytes = sizeBytes
    }
}
