internal import BackupControl

/// The ports that pages read.
struct PageStores: Sendable {
    let lists: any ListingStore
    let overview: any OverviewStore
    let agents: any AgentStore
    let plans: any PlanStore
    let runs: any RunStore
    let notices: any NoticeStore
    let status: any StatusStore
    let audit: any AuditStore
    let accounts: any AccountStore
}
