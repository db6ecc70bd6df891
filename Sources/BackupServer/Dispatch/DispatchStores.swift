package import BackupControl

/// The ports that dispatching works on.
package struct DispatchStores: Sendable {
    package let agents: any AgentStore
    package let plans: any PlanStore
    package let runs: any RunStore

    package init(agents: any AgentStore, plans: any PlanStore, runs: any RunStore) {
        self.agents = agents
        self.plans = plans
        self.runs = runs
    }
}
