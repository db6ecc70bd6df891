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

    private let process: Mutex<Process>
    private let log: String
    package let id: Int32

    /// Starts a program whose stdout and stderr go to the file `log`.
    /// - Parameter environment: in addition to the test's own; an empty value removes a variable.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil,
        log: String
    ) throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter {
            !$0.value.isEmpty
        }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        guard let output = FileHandle(forWritingAtPath: log) else { throw TestFailure("no log at \(log)") }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        id = process.processIdentifier
        self.process = Mutex(process)
        self.log = log
    }

    deinit { stop() }

    package var isRunning: Bool { process.withLock { $0.isRunning } }
    /// 128 and the signal's number, where one ended it; nil while it runs.
    package var exitStatus: Int32? {
        process.withLock { process in
            guard !process.isRunning else { return nil }
            return process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus
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
        process.withLock { $0.waitUntilExit() }
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
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter {
            !$0.value.isEmpty
        }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        for name in ["out", "err"] { _ = FileManager.default.createFile(atPath: folder(name), contents: nil) }
        _ = FileManager.default.createFile(atPath: folder("in"), contents: Data((input ?? "").utf8))
        process.standardInput = FileHandle(forReadingAtPath: folder("in"))
        process.standardOutput = FileHandle(forWritingAtPath: folder("out"))
        process.standardError = FileHandle(forWritingAtPath: folder("err"))
        try process.run()
        process.waitUntilExit()
        let read = { (name: String) in
            String(decoding: FileManager.default.contents(atPath: folder(name)) ?? Data(), as: UTF8.self)
        }
        let isSignal = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: process.terminationStatus, signal: isSignal ? process.terminationStatus : nil, output: read("out"),
            errors: read("err"))
    }
}
