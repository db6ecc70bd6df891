internal import BackupCore

/// From where on its host a control plane may have secrets taken. It names the place, and also whom the secret is shown to: without
/// a rule, any file that the agent may read could be sent to a "database" of a server's choice.
struct ReferenceRule: Sendable, Equatable {
    /// Where the manuals say to put them: a container's own environment and the agent's, secrets of Docker and Kubernetes, and
    /// credentials of systemd.
    private static let usual = ["container-env:*", "env:*", "file:/run/secrets/*", "file:/run/credentials/*"].map {
        Glob($0)
    }
    /// What is no database's, whatever the owner allows: the passwords of proxies, what processes have, and the accounts that a pod has in
    /// its cluster and with a cloud.
    private static let never = [
        "env:*_PROXY", "env:AWS_*", "env:AZURE_*", "env:GOOGLE_*", "file:/proc/*", "file:*/kubernetes.io/*",
        "file:*/serviceaccount/*",
        "file:*.amazonaws.com/*", "file:*/secrets/azure/*",
    ].map { Glob($0) }

    /// Patterns for references as targets have them.
    var patterns = AllowDeny(allow: ReferenceRule.usual)
    /// The agent's own files and directories.
    var own: [String] = []

    init() {}

    /// - Parameter allow: nil for the usual places.
    init(allow: [Glob]?, deny: [Glob]) { patterns = AllowDeny(allow: allow ?? Self.usual, deny: deny) }

    func permits(_ reference: SecretReference) -> Bool {
        switch reference {
        case .none, .inline: return true
        case .environment, .containerEnvironment: return permits(reference.wireText.revealed)
        case .file(let path):
            let real = RealPath.of(path)
            // It stays in a path that leads nowhere now, and nobody knows where that will lead to.
            guard !real.split(separator: "/").contains("..") else { return false }
            // What is denied is so under the name that was given, and under the one that it leads to.
            return permits("file:" + real) && !Self.never.contains { $0.matches("file:" + path) }
                && !patterns.deny.contains { $0.matches("file:" + path) } && !isOwn(real)
        }
    }

    private func permits(_ text: String) -> Bool {
        !Self.never.contains { $0.matches(text) } && patterns.permits { $0.matches(text) }
    }

    private func isOwn(_ path: String) -> Bool {
        own.map(RealPath.of).contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }
}
