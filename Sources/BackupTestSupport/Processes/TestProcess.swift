internal import Foundation
internal import Synchronization

/// A program that a test runs, in a process group of nobody's but its own id.
package final class TestProcess: Sendable {
    /// What a program did.
    package struct Outcome: Sendable {
        package let status: Int32
        /// The signal that ended it; nil when it ended by itself.
        package let signal: Int32?
        package let output: String
        package let errors: String
    }

    private let process: SpawnedProcess
    private let log: String
    package var id: Int32 { process.id }

    /// Starts a program whose stdout and stderr go to the file `log`.
    /// - Parameter environment: in addition to the test's own; an empty value removes a variable.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil,
        log: String
    ) throws {
        try? FileManager.default.removeItem(atPath: log)
        process = try SpawnedProcess(
            path, arguments, environment: Self.merged(environment), in: directory,
            files: (input: "/dev/null", output: log, errors: log))
        self.log = log
    }

    private static func merged(_ environment: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$0.value.isEmpty }
    }

    deinit { stop() }

    package var isRunning: Bool { process.ending == nil }
    /// 128 and the signal's number, where one ended it; nil while it runs.
    package var exitStatus: Int32? {
        process.ending.map { raw in
            let (status, signal) = SpawnedProcess.decode(raw)
            return signal.map { 128 + $0 } ?? status
        }
    }
    package var words: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    package func send(_ signal: Int32) { if isRunning { kill(id, signal) } }

    /// Ends it, with SIGTERM, then SIGKILL after 5 s, and waits.
    package func stop() {
        send(SIGTERM)
        let end = ContinuousClock.now + .seconds(5)
        while isRunning, .now < end { usleep(5000) }
        send(SIGKILL)
        _ = process.waitUntilExit()
    }

    /// Waits until somebody listens on `port`.
    package func waitForPort(_ port: Int) async throws {
        try await eventually("port \(port) of the process answers", within: .seconds(60)) {
            guard isRunning else { throw TestFailure("the process has ended: \(words.suffix(2000))") }
            return FreePort.isOpen(port)
        }
    }

    /// Runs a program to its end. Its outputs go through files, so that no pipe fills up.
    @discardableResult
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil,
        input: String? = nil
    ) throws -> Outcome {
        let folder = try TemporaryFolder()
        _ = FileManager.default.createFile(atPath: folder("in"), contents: Data((input ?? "").utf8))
        let process = try SpawnedProcess(
            path, arguments, environment: merged(environment), in: directory,
            files: (input: folder("in"), output: folder("out"), errors: folder("err")))
        let (status, signal) = SpawnedProcess.decode(process.waitUntilExit())
        let read = { (name: String) in
            String(decoding: FileManager.default.contents(atPath: folder(name)) ?? Data(), as: UTF8.self)
        }
        return Outcome(status: status, signal: signal, output: read("out"), errors: read("err"))
    }
}
