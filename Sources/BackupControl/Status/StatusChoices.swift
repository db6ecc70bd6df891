/// What the public page shows, and what else it could.
package struct StatusChoices: Sendable {
    package let page: StatusPage
    /// Public ones only.
    package let checks: [HealthCheckRecord]
    package let targets: [(id: TargetRecord.ID, target: PublicStatus.Target)]
    /// There are more than these.
    package let isCut: Bool

    package init(
        page: StatusPage, checks: [HealthCheckRecord], targets: [(id: TargetRecord.ID, target: PublicStatus.Target)],
        isCut: Bool
    ) {
        self.page = page
        self.checks = checks
        self.targets = targets
        self.isCut = isCut
    }
}
