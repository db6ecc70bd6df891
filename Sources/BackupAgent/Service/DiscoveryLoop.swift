internal import BackupCore
internal import BackupDiscovery
internal import BackupDrivers
internal import BackupWire
internal import Logging

/// Tells the control plane which databases run in containers here: at the start, and whenever that changes.
struct DiscoveryLoop: Sendable {
    /// Of one report, which has to fit into a frame.
    static let largestReport = 1000

    let socket: String
    let policy: HostPolicy
    let link: any ControlLink
    let logger: Logger

    func run() async {
        let engine: DockerEngineAPI
        do { engine = try DockerEngineAPI(socket: socket) } catch {
            logger.warning("no discovery", metadata: ["error": "\(error.message)"])
            return
        }
        let watch = DiscoveryWatch(
            engine, looks: CloserLooks(mayConnect: { [policy] in policy.allowsLook(at: $0) }), said: say)
        await watch.run(report: report)
    }

    /// A report that nobody takes now would be out of date when somebody does: it is made again then.
    private func report(_ found: [DiscoveredDatabase]) async -> Bool {
        guard await link.status.state == .connected else { return false }
        if found.count > Self.largestReport {
            logger.warning("too many databases", metadata: ["left_out": "\(found.count - Self.largestReport)"])
        }
        do {
            let containers = found.prefix(Self.largestReport).map { DiscoveredContainer($0) }
            // Reports don't replace each other in the outbox, so each has a name of its own, also after a restart.
            let id = "discovery/\(String(UInt64.random(in: .min ... .max), radix: 16))"
            try await link.deliver(.discovery(containers), id: id)
            logger.debug("discovery reported", metadata: ["databases": "\(containers.count)"])
            return true
        } catch {
            logger.warning("what was found can't be reported", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func say(_ notice: DiscoveryNotice) {
        switch notice {
        case .lost(let reason): logger.warning("no discovery", metadata: ["error": "\(reason)"])
        case .back: logger.info("discovery goes on")
        }
    }
}
