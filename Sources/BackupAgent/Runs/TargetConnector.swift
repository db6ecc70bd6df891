internal import BackupCore
internal import BackupDrivers
internal import FoundationEssentials
internal import Glibc

/// From a target of the configuration to a driver, with the password from where the host keeps it.
struct TargetConnector: Sendable {
    /// A password's file; passwords are short.
    static let largestSecret = 64 << 10

    let surroundings: Surroundings

    /// The target with the names that are in its container's environment, if the host's owner allows a backup of it.
    /// - Throws: ``AgentError/deniedByPolicy(_:rule:)``; as ``resolved(_:)``.
    func allowed(_ target: Target) async throws -> Target {
        let target = try await resolved(target)
        try surroundings.policy.check(backupOf: target)
        return target
    }

    /// The target with the user and the database that its container's environment names. Policies speak of those, so it comes first.
    ///
    /// What is found there stays on the host, as far as its words go: it is hidden in what the agent tells.
    /// - Throws: ``DriverError``.
    func resolved(_ target: Target) async throws -> Target {
        // A file's path is no reference, whatever it begins with.
        guard !target.containerID.isEmpty, target.engine != .sqlite else { return target }
        var target = target
        target.username = try await name(target.username, of: target)
        target.database = try await name(target.database, of: target)
        return target
    }

    private func name(_ text: String, of target: Target) async throws -> String {
        guard case .containerEnvironment = SecretReference(text) else { return text }
        guard let value = try await secret(SecretReference(text), of: target) else { return text }
        // The names that everybody has are words that logs need.
        if !["postgres", "root", "admin", "mysql", "mariadb"].contains(value.revealed) {
            surroundings.redaction.register(value)
        }
        return value.revealed
    }

    /// - Throws: ``RunError``, ``DriverError``.
    func driver(for target: Target) async throws -> any DatabaseDriver {
        guard target.engine != nil else { throw RunError.unknownEngine(target.id) }
        let password = try await secret(target.password, of: target)
        if let password { surroundings.redaction.register(password) }
        return try DriverRegistry.driver(
            for: target, password: password, environment: surroundings.environment,
            dockerSocket: surroundings.settings.dockerSocket)
    }

    /// Has the target's password hidden from here on, also in what hooks say before anybody needs it.
    func learnSecret(of target: Target) async {
        // One that can't be had is no secret yet; whoever needs it says why.
        guard let password = try? await secret(target.password, of: target) else { return }
        surroundings.redaction.register(password)
    }

    /// - Returns: nil where the target has none.
    /// - Throws: ``RunError/secretMissing(_:reason:)``, which names the place and never the secret;
    ///   ``AgentError/deniedByPolicy(_:rule:)``.
    func secret(_ reference: SecretReference, of target: Target) async throws -> Secret? {
        try surroundings.policy.check(reference: reference, of: target)
        switch reference {
        case .none: return nil
        case .inline(let secret): return secret
        case .environment(let name):
            guard let value = surroundings.environment[name] else {
                throw RunError.secretMissing("the agent's variable \(name)", reason: "it is not set")
            }
            return Secret(value)
        case .file(let path): return try await file(path)
        case .containerEnvironment(let name):
            let container = try ContainerReference(target.containerID, socket: surroundings.settings.dockerSocket)
            return try await ContainerInspection(container).environmentVariable(name)
        }
    }

    private func file(_ path: String) async throws -> Secret {
        try await BlockingThread.run("secret") {
            func missing(_ reason: String) -> RunError { .secretMissing("the file \(path)", reason: reason) }
            guard path.hasPrefix("/") else { throw missing("its path is not absolute") }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw missing(SystemMessage.of(errno)) }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: Self.largestSecret + 1)
            let count = read(descriptor, &bytes, bytes.count)
            guard count >= 0 else { throw missing(SystemMessage.of(errno)) }
            guard count <= Self.largestSecret else { throw missing("it is longer than 64 KiB") }
            guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
                throw missing("it is not UTF-8")
            }
            // One line break at the end is the editor's, not the password's.
            if text.hasSuffix("\r\n") { return Secret(String(text.dropLast())) }
            return Secret(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
    }
}
