package import BackupCore

/// Looks at containers that neither labels nor image tell a database of: what answers at their ports, and which files are in their
/// volumes.
///
/// Each container is looked at until it has said what it is, ``largestAttempts`` times at most, and again when its address has
/// changed: MySQL locks out hosts that connect often and say nothing. Memory: a result for each container that is there.
package actor CloserLooks {
    /// A database may need half a minute until it listens.
    static let largestAttempts = 5
    /// Connections at a time.
    static let parallelProbes = 16

    private struct Look {
        let addresses: [String: String]
        var attempts = 0
        var answer: (engine: DatabaseEngine, port: Int)?
        /// nil until they were looked for.
        var files: [String]?

        func isAnswered(by container: ContainerFacts) -> Bool {
            answer != nil || attempts >= CloserLooks.largestAttempts || !container.canAnswer
        }
    }

    private let mayConnect: @Sendable (ContainerFacts) -> Bool
    private let files: VolumeFiles
    private var looks: [String: Look] = [:]

    /// - Parameter mayConnect: whether the host's owner lets us knock at this container's ports.
    package init(
        files: VolumeFiles = VolumeFiles(), mayConnect: @escaping @Sendable (ContainerFacts) -> Bool = { _ in true }
    ) {
        self.files = files
        self.mayConnect = mayConnect
    }

    /// - Returns: whether some have not said yet what they are.
    @discardableResult
    package func look(at containers: [ContainerFacts]) async -> Bool {
        let ids = Set(containers.map(\.id))
        looks = looks.filter { ids.contains($0.key) }
        // Addresses go from one container to the next, and what their owners keep us from stays so.
        let closed = ProbeAddress.closed(containers.filter { !isOpen($0) })
        let open = containers.filter { isOpen($0) && !isDone($0) }
        await withTaskGroup(of: Finding.self) { group in
            for (number, container) in open.enumerated() {
                if number >= Self.parallelProbes, let result = await group.next() { note(result) }
                if Task.isCancelled { return }
                let look = current(container)
                let probe = look?.isAnswered(by: container) == true ? nil : HandshakeProbe(container, closed: closed)
                let scanner = look?.files == nil && DiscoveryRules.verdict(on: container) == .unknown ? files : nil
                group.addTask {
                    async let answer = probe?.run()
                    let found = await scanner?.databases(of: container)
                    return Finding(
                        container: container, wasAsked: probe != nil, answer: await answer,
                        files: look?.files ?? found ?? [])
                }
            }
            for await result in group { note(result) }
        }
        return open.contains { !isDone($0) }
    }

    /// Looks for files again from now on: they come and go without a word.
    package func forgetFiles() { for id in looks.keys { looks[id]?.files = nil } }

    func database(in container: ContainerFacts, _ verdict: DiscoveryRules.Verdict) -> DiscoveredDatabase? {
        let look = looks[container.id]
        switch verdict {
        case .excluded: return nil
        case .database(var database):
            // The usual port says little: MariaDB listens where MySQL does.
            if database.evidence == .port, let answer = look?.answer {
                (database.engine, database.evidence, database.port) = (answer.engine, .handshake, answer.port)
            }
            return database
        case .unknown:
            let database = ContainerLabels(container.labels).database
            if let answer = look?.answer {
                return DiscoveredDatabase(
                    container: container, engine: answer.engine, evidence: .handshake, database: database,
                    port: answer.port)
            }
            guard let files = look?.files, !files.isEmpty else { return nil }
            return DiscoveredDatabase(
                container: container, engine: .sqlite, evidence: .file, database: database, files: files)
        }
    }

    private func isOpen(_ container: ContainerFacts) -> Bool {
        switch DiscoveryRules.verdict(on: container) {
        case .excluded: false
        // What is known needs no knock.
        case .database(let database): database.evidence == .port && mayConnect(container)
        case .unknown: mayConnect(container)
        }
    }

    private struct Finding: Sendable {
        let container: ContainerFacts
        let wasAsked: Bool
        let answer: HandshakeProbe.Answer?
        let files: [String]
    }

    /// What is known of a container at the address that it has now.
    private func current(_ container: ContainerFacts) -> Look? {
        looks[container.id].flatMap { $0.addresses == container.addresses ? $0 : nil }
    }

    private func isDone(_ container: ContainerFacts) -> Bool {
        guard let look = current(container) else { return false }
        return look.files != nil && look.isAnswered(by: container)
    }

    private func note(_ finding: Finding) {
        let container = finding.container
        var look = current(container) ?? Look(addresses: container.addresses)
        if finding.wasAsked { look.attempts += 1 }
        look.answer = finding.answer.map { ($0.engine, $0.port) } ?? look.answer
        look.files = finding.files
        looks[container.id] = look
    }
}

extension ContainerFacts {
    /// Whether there is an address to try.
    fileprivate var canAnswer: Bool { !ProbeAddress.all(of: self).isEmpty }
}
