package import BackupControl
internal import BackupCore
internal import BackupWire

extension AgentPlan {
    /// As the agent gets it. Passwords are opened here; references stay what they are, and are looked up on the agent's host.
    /// - Throws: ``ControlError/precondition(_:)`` for a password under another master key.
    func configuration(keys: MasterKeys) throws -> AgentConfiguration {
        AgentConfiguration(
            version: agent.configVersion, targets: try targets.map { try $0.target(keys: keys) },
            jobs: jobs.map(\.job),
            healthChecks: healthChecks.filter(\.isEnabled).map(\.healthCheck), maintenance: agent.maintenance,
            maxParallelJobs: agent.maxParallelJobs, logLevel: agent.logLevel,
            isAutoUpdateEnabled: agent.isAutoUpdateEnabled)
    }
}

extension TargetRecord {
    /// Where its password stands (``SealedText``).
    package static func place(ofPasswordOf id: TargetRecord.ID) -> String { "targets/\(id)/password" }

    func target(keys: MasterKeys) throws -> Target {
        var password = SecretReference(secretReference)
        if let sealedPassword {
            password = .inline(try keys.open(sealedPassword, for: Self.place(ofPasswordOf: id)))
        }
        return target(password: password)
    }

    func target(password: SecretReference) -> Target {
        Target(
            id: id.string, engine: engine, displayName: name, host: host, port: port, database: database,
            username: username, password: password, containerID: containerID, strategy: strategy)
    }
}

extension JobRecord {
    /// A disabled one as well: it may be run by hand, and the server alone keeps the schedule.
    var job: Job {
        Job(
            id: id.string, targetID: targetID.string, cron: cron, retentionDays: retention.days,
            compression: compression, isEncrypted: encryption != .none, preHooks: preHooks, postHooks: postHooks,
            retry: retry, timeout: timeout)
    }
}

extension HealthCheckRecord {
    var healthCheck: HealthCheck {
        HealthCheck(
            id: id.string, name: name, kind: kind, target: target, interval: interval, timeout: timeout,
            expectedStatus: expectedStatus, expectedText: expectedText)
    }
}
