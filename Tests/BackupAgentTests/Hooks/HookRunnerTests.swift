@testable import BackupAgent
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct HookRunnerTests {
    private func runner(
        isAllowed: Bool = true, policy: HostPolicy = HostPolicy(), socket: String = "/nowhere.sock",
        redaction: Redaction = Redaction(), limits: HookRunner.Limits = HookRunner.Limits()
    ) -> HookRunner {
        HookRunner(
            isAllowed: isAllowed, policy: policy, dockerSocket: socket,
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": "/root", "BACKUPY_AGENT_KEY": "planted", "AWS_SECRET": "planted",
            ],
            redaction: redaction, limits: limits)
    }

    private var facts: HookFacts {
        var facts = HookFacts()
        (facts.runID, facts.jobID, facts.status, facts.database) = ("r1", "j1", "failed", "my app")
        return facts
    }

    /// Processes with `mark` in their command line.
    private func isRunning(_ mark: String) throws -> Bool {
        try TestProcess.run("/usr/bin/pgrep", ["-f", mark]).status == 0
    }

    @Test func aHookKnowsItsRunAndNoneOfTheAgentsSecrets() async throws {
        let outcomes = try await runner().runAll(
            ["env | sort; echo \"$BACKUPY_DATABASE\" >&2; ps -o pgid= -p $$"], facts: facts)
        let output = outcomes[0].output
        #expect(outcomes[0].error == nil && outcomes[0].name == "post-hook 1")
        for line in [
            "BACKUPY_RUN_ID=r1", "BACKUPY_JOB_ID=j1", "BACKUPY_STATUS=failed", "BACKUPY_DATABASE=my app",
            "BACKUPY_HOOK=post", "HOME=/root", "my app",
        ] {
            #expect(output.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
        #expect(!output.contains("planted"))
        let group = output.split(separator: "\n").last.flatMap { Int32($0.trimmingCharacters(in: .whitespaces)) }
        #expect(group != getpgrp())
    }

    @Test func theFirstFailureEndsPreHooksAndNotPostHooks() async throws {
        let folder = try TemporaryFolder()
        let hooks = ["touch \(folder("1"))", "echo no >&2; exit 3", "touch \(folder("3"))"]
        let before = try await runner().runUntilFailure(hooks, facts: facts)
        #expect(before.count == 2 && folder.files() == ["1"])
        #expect(before[1].error == .hookFailed("pre-hook 2", ending: "exit status 3", words: "no"))
        let after = try await runner().runAll(hooks, facts: facts)
        #expect(after.map { $0.error == nil } == [true, false, true] && folder.files() == ["1", "3"])
        let killed = try await runner().runAll(["kill -9 $$"], facts: facts)
        #expect(killed[0].error == .hookFailed("post-hook 1", ending: "signal 9", words: ""))
    }

    @Test func aHookThatTakesTooLongIsStoppedWithItsChildren() async throws {
        var limits = HookRunner.Limits()
        limits.hook = .milliseconds(300)
        let mark = "31\(Int.random(in: 1_000_000..<9_999_999))"
        let redaction = Redaction()
        redaction.register(Secret("planted-secret"))
        let outcomes = try await runner(redaction: redaction, limits: limits).runAll(
            ["echo waiting for planted-secret >&2; sleep \(mark) & sleep \(mark)"], facts: facts)
        #expect(outcomes[0].error == .hookTimedOut("post-hook 1", seconds: 0, words: "waiting for ***"))
        #expect(outcomes[0].output == "waiting for ***\n")
        #expect(try !isRunning("sleep \(mark)"))
    }

    @Test func oneThatIgnoresSIGTERMIsKilled() async throws {
        var limits = HookRunner.Limits()
        limits.hook = .milliseconds(300)
        let mark = "32\(Int.random(in: 1_000_000..<9_999_999))"
        let hook = "trap '' TERM; sleep \(mark) & while :; do sleep \(mark); done"
        let outcomes = try await runner(limits: limits).runAll([hook], facts: facts)
        #expect(outcomes[0].error?.code == "agent.hook_timed_out")
        try await eventually("its children are gone") { try !isRunning("sleep \(mark)") }
    }

    @Test func allHooksOfARunShareATime() async throws {
        var limits = HookRunner.Limits()
        limits.run = .milliseconds(300)
        let runner = runner(limits: limits)
        let outcomes = try await runner.runAll(["echo slow; sleep 20", "echo never"], facts: facts)
        #expect(
            outcomes.map(\.error) == [
                .hooksTimedOut(seconds: 0, words: "slow"), .hooksTimedOut(seconds: 0, words: ""),
            ])
    }

    @Test func aCancelledRunEndsItsHook() async throws {
        let mark = "33\(Int.random(in: 1_000_000..<9_999_999))"
        let runner = runner()
        let task = Task { try await runner.runUntilFailure(["sleep \(mark)"], facts: facts) }
        try await eventually("the hook runs") { try isRunning("sleep \(mark)") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try !isRunning("sleep \(mark)"))
    }

    /// A process that has left the group, and holds the output open.
    @Test func aChildInTheBackgroundHoldsNobodyUp() async throws {
        let folder = try TemporaryFolder()
        let hook =
            "setsid sh -c 'echo $$ > \(folder("pid")); exec sleep 600' & until [ -s \(folder("pid")) ]; do :; done; echo done"
        let start = ContinuousClock.now
        let outcomes = try await runner().runAll([hook], facts: facts)
        let child = try #require(
            Int32(
                String(contentsOfFile: folder("pid"), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        defer { kill(child, SIGKILL) }
        #expect(
            outcomes[0].error == nil && outcomes[0].output == "done\n" && ContinuousClock.now - start < .seconds(20))
    }

    @Test func theLastOfTheOutputIsKeptAndSecretsAreHidden() async throws {
        let redaction = Redaction()
        redaction.register(Secret("planted-secret"))
        let hook = "head -c 200000 /dev/zero | tr '\\0' x; echo planted-secret; echo Bearer planted; exit 1"
        let outcomes = try await runner(redaction: redaction).runAll([hook], facts: facts)
        #expect(
            outcomes[0].output.utf8.count == HookRunner.outputLimit
                && outcomes[0].output.hasSuffix("x***\nBearer ***\n"))
        #expect(outcomes[0].error == .hookFailed("post-hook 1", ending: "exit status 1", words: "Bearer ***"))
    }

    @Test func whatMayNotRunDoesNot() async throws {
        let folder = try TemporaryFolder()
        let hook = "touch \(folder("x"))"
        var policy = HostPolicy()
        policy.hooks = .only(["true"])
        let cases: [(HookRunner, [String], AgentError)] = [
            (runner(isAllowed: false), [hook], .hooksDisabled),
            (runner(policy: policy), ["true", hook], .deniedByPolicy("the pre-hook 2", rule: "hooks")),
            (runner(), Array(repeating: hook, count: 17), .tooManyHooks(17)),
            (
                runner(), [hook, hook + String(repeating: " ", count: 4097 - hook.utf8.count)],
                .hookTooLong("pre-hook 2", bytes: 4097)
            ),
            (runner(), [hook, ""], .hookMisformed("pre-hook 2", reason: "it is empty")),
        ]
        for (runner, hooks, error) in cases {
            #expect(throws: error) { try runner.check(hooks, .before) }
            await #expect(throws: error) { try await runner.runUntilFailure(hooks, facts: facts) }
        }
        #expect(folder.files() == [])
        #expect(try await runner(isAllowed: false).runAll([], facts: facts).isEmpty, "no hooks need no leave")
    }

    @Test func aHookInAContainer() async throws {
        let engine = try await DockerEngine()
        try engine.run("box", ["/bin/sleep", "600"])
        let runner = runner(socket: engine.socket)
        let outcomes = try await runner.runAll(
            [
                "docker exec box echo \"$BACKUPY_RUN_ID\" in $(cat /proc/1/comm) | cat; echo more >&2",
                "docker exec box exit 4", "docker exec nobody true", "docker exec a/b true",
            ], facts: facts)
        // Two streams, whose pieces come in no order.
        #expect(outcomes[0].output.split(separator: "\n").sorted() == ["more", "r1 in sleep"])
        #expect(outcomes[0].error == nil)
        #expect(outcomes[1].error == .hookFailed("post-hook 2", ending: "exit status 4", words: ""))
        #expect(outcomes[2].error == .hookNotStarted("post-hook 3", reason: "there is no container 'nobody'"))
        #expect(outcomes[3].error?.code == "agent.hook_not_started")
        var limits = HookRunner.Limits()
        limits.hook = .seconds(1)
        let slow = try await self.runner(socket: engine.socket, limits: limits)
            .runAll(["docker exec box sleep 4799"], facts: facts)
        #expect(slow[0].error == .hookTimedOut("post-hook 1", seconds: 1, words: ""))
        #expect(try !engine.docker(["top", "box"]).contains("4799"))
    }
}
