internal import BackupCore

extension HostPolicy {
    /// Whether a container may be asked what it is: no, where no backup of any database in it would be allowed.
    func allowsLook(at container: ContainerFacts) -> Bool {
        DatabaseEngine.allCases.contains { engine in
            let target = Target(
                id: "", engine: engine, host: container.name, containerID: container.name, strategy: .dockerExec)
            return targets.permits { $0.matches(target) }
        }
    }
}
