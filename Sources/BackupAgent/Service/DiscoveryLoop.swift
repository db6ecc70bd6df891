internal import BackupCore
internal import BackupDiscovery
internal import BackupDrivers
internal import BackupWire
internal import Logging

/// Tells the control plane which databases run in containers here: at the start, and hourly.
struct DiscoveryLoop: Sendable {
    static let interval = Duration.seconds(3600)

    let socket: String
    let link: any ControlLink
    let logger: Logger

    func run() async {
        var number = 0
        var hasFailed = false
        while !Task.isCancelled {
            do {
                let found = try await DiscoveryPass(DockerEngineAPI(socket: socket)).run()
                hasFailed = false
                number += 1
                try await link.deliver(.discovery(found.map { DiscoveredContainer($0) }), id: Self.id(number))
            } catch is CancellationError {
                return
            } catch {
                // A host without Docker has none tomorrow either; once is enough.
                let reason = (error as? any BackupError)?.message ?? "\(error)"
                logger.log(level: hasFailed ? .debug : .warning, "no discovery", metadata: ["error": "\(reason)"])
                hasFailed = true
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    /// Reports don't replace each other in the outbox, so each has a name of its own, also after a restart.
    private static func id(_ number: Int) -> String {
        "discovery/\(String(UInt64.random(in: .min ... .max), radix: 16))/\(number)"
    }
}
