package import BackupCore
internal import BackupDrivers
internal import Synchronization

/// The hooks of one run, before and after it.
///
/// The owner of the host decides whether there are any: by `BACKUPY_ALLOW_HOOKS`, and in the policy. Each hook has a process
/// group of its own and a time limit; all hooks of the run together have another. Memory: ``CommandTail/limit`` twice.
package final class HookRunner: Sendable {
    package static let largestCount = 16
    /// Bytes.
    package static let longestCommand = 4096
    static let outputLimit = 8192

    package struct Limits: Sendable {
        /// Of one hook. 15 min at most.
        package var hook = Duration.seconds(30)
        /// Of all hooks of a run.
        package var run = Duration.seconds(30 * 60)

        package init() {}
    }

    private let isAllowed: Bool
    private let policy: HostPolicy
    private let dockerSocket: String
    private let environment: [String: String]
    private let redaction: Redaction
    private let limit: Duration
    private let runLimit: Duration
    private let spent = Mutex(Duration.zero)

    /// - Parameter environment: the agent's own; hooks get the harmless part of it.
    package init(
        isAllowed: Bool, policy: HostPolicy, dockerSocket: String, environment: [String: String],
        redaction: Redaction, limits: Limits = Limits()
    ) {
        self.isAllowed = isAllowed
        self.policy = policy
        self.dockerSocket = dockerSocket
        self.environment = environment
        self.redaction = redaction
        limit = min(limits.hook, .seconds(15 * 60))
        runLimit = min(limits.run, .seconds(30 * 60))
    }

    /// Whether these hooks may run at all: to be asked before the run does anything.
    /// - Throws: ``AgentError``.
    package func check(_ hooks: [String], _ stage: HookStage) throws(AgentError) {
        guard !hooks.isEmpty else { return }
        guard isAllowed else { throw .hooksDisabled }
        guard hooks.count <= Self.largestCount else { throw .tooManyHooks(hooks.count) }
        for (index, hook) in hooks.enumerated() {
            let name = Self.name(index, stage)
            guard hook.utf8.count <= Self.longestCommand else { throw .hookTooLong(name, bytes: hook.utf8.count) }
            _ = try Self.command(hook, name)
            try policy.check(hook: hook, name)
        }
    }

    /// Runs the hooks in order, up to the first that fails.
    /// - Returns: what ran, the one that failed included.
    /// - Throws: what ``check(_:_:)`` throws; `CancellationError`, with the hook and its children ended.
    package func runUntilFailure(_ hooks: [String], facts: HookFacts) async throws -> [HookOutcome] {
        try await run(hooks, .before, facts, goesOn: false)
    }

    /// Runs all of the hooks, also when some of them fail.
    /// - Throws: as ``runUntilFailure(_:facts:)``.
    package func runAll(_ hooks: [String], facts: HookFacts) async throws -> [HookOutcome] {
        try await run(hooks, .after, facts, goesOn: true)
    }

    private func run(
        _ hooks: [String], _ stage: HookStage, _ facts: HookFacts, goesOn: Bool
    ) async throws -> [HookOutcome] {
        try check(hooks, stage)
        var outcomes: [HookOutcome] = []
        for (index, hook) in hooks.enumerated() {
            let outcome = try await run(hook, Self.name(index, stage), facts.variables(stage))
            outcomes.append(outcome)
            if outcome.error != nil, !goesOn { break }
        }
        return outcomes
    }

    private func run(_ hook: String, _ name: String, _ variables: [String: String]) async throws -> HookOutcome {
        let command = try Self.command(hook, name)
        let left = runLimit - spent.withLock { $0 }
        guard left > .zero else {
            return HookOutcome(
                name: name, duration: .zero, output: "",
                error: .hooksTimedOut(seconds: seconds(runLimit), words: ""))
        }
        let start = ContinuousClock.now
        let tail = CommandTail()
        var failure: AgentError?
        do {
            let container = try command.container.map { try ContainerReference($0, socket: dockerSocket) }
            let shell = ShellCommand(command.text, in: container, environment: environment, variables: variables)
            let ending = try await TimeLimit.run(min(limit, left)) { try await shell.run(keeping: tail) }
            if !ending.isSuccess {
                failure = .hookFailed(name, ending: ending.description, words: lastWords(text(tail.bytes)))
            }
        } catch is TimeLimit.Exceeded {
            let words = lastWords(text(tail.bytes))
            failure =
                limit <= left
                ? .hookTimedOut(name, seconds: seconds(limit), words: words)
                : .hooksTimedOut(seconds: seconds(runLimit), words: words)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let reason = (error as? any BackupError)?.message ?? "\(error)"
            failure = .hookNotStarted(name, reason: redaction.hide(reason))
        }
        let duration = ContinuousClock.now - start
        spent.withLock { $0 += duration }
        return HookOutcome(name: name, duration: duration, output: text(tail.bytes), error: failure)
    }

    private static func name(_ index: Int, _ stage: HookStage) -> String { "\(stage.rawValue) \(index + 1)" }

    private static func command(_ hook: String, _ name: String) throws(AgentError) -> HookCommand {
        do { return try HookCommand(hook) } catch { throw .hookMisformed(name, reason: error.reason) }
    }

    /// Twice as much was kept, so that a secret which was cut at its beginning is not in what is shown.
    private func text(_ bytes: [UInt8]) -> String {
        let hidden = redaction.hide(String(decoding: bytes, as: UTF8.self))
        return String(decoding: hidden.utf8.suffix(Self.outputLimit), as: UTF8.self)
    }

    /// The end of its last line that says something.
    private func lastWords(_ output: String) -> String {
        let line = output.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } } ?? ""
        return String(line.trimmingPrefix(while: \.isWhitespace).suffix(500))
    }

    private func seconds(_ duration: Duration) -> Int { Int(duration.components.seconds) }
}
