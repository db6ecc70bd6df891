package import BackupControl

/// The ports that dispatching works on.
package struct DispatchStores: Sendable {
    package let agents: any AgentStore
    package let plans: any PlanStore
    package let runs: any RunStore
    package let questions: any QuestionStore

    package init(
        agents: any AgentStore, plans: any PlanStore, runs: any RunStore, questions: any QuestionStore
    ) {
        self.agents = agents
        self.plans = plans
        self.runs = runs
        self.questions = questions
    }
}
