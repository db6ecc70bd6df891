/// Who an agent is. Sent first on every connection.
package struct Registration: Sendable, Equatable {
    package var agentVersion = ""
    package var hostname = ""
    package var os = "linux"
    /// `amd64` or `arm64`
    package var architecture = ""
    package var dockerVersion = ""
    package var capabilities: Set<Capability> = []
    package var lastKnownConfigVersion: UInt64 = 0

    package init() {}
}
