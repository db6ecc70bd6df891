internal import BackupWire
internal import BackupCore
internal import Glibc

/// What the agent says of itself on each connection, and in each heartbeat.
struct AgentReporter: HeartbeatSource {
    /// `update_status` comes with self-update.
    static let capabilities: Set<Capability> = [
        .ack, .multipart, .validate, .formatV2, .recipients, .cancelRun, .restore, .testConnection,
    ]

    let inbox: AgentInbox
    let sampler: HostSampler

    func registration() async -> Registration {
        var registration = Registration()
        registration.agentVersion = AgentVersion.current
        registration.hostname = HostName.current
        registration.architecture = Self.architecture
        registration.capabilities = Self.capabilities
        registration.lastKnownConfigVersion = await inbox.configuration.version
        return registration
    }

    func heartbeat() async -> Heartbeat {
        var heartbeat = Heartbeat()
        heartbeat.configVersion = await inbox.configuration.version
        heartbeat.metrics = sampler.sample()
        heartbeat.metrics.queueDepth = UInt32(clamping: await inbox.queueDepth)
        heartbeat.activeJobIDs = await inbox.activeJobIDs
        return heartbeat
    }

    /// As container images name them.
    private static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }
}

/// This machine's name; a container's id inside of one.
enum HostName {
    static var current: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
