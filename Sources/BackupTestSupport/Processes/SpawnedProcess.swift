internal import CBackupSystem
internal import Foundation
internal import Synchronization

/// A child process, started and waited for by the system's own calls.
///
/// Foundation's `Process` learns of a child's end through a socket that other children may inherit, and then waits for ever.
final class SpawnedProcess: Sendable {
    let id: pid_t
    /// The raw status of waitpid(2), once it is known.
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - environment: all of it.
    ///   - files: for stdin, stdout and stderr.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], in directory: String?,
        files: (input: String, output: String, errors: String)
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, files.input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.output, append, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.errors, append, 0o600)
        // SwiftNIO's listening sockets are not closed on exec: a child that had one would keep the port of a server that has ended.
        backup_spawn_closing_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of tests may block signals; children begin with none blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // SwiftNIO ignores this one for the whole process, and what a child inherits as ignored stays so.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &brokenPipe)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // env(1) becomes the program.
        let command = directory.map { ["/usr/bin/env", "--chdir=\($0)", path] } ?? [path]
        let argv = (command + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + variables { free(text) } }
        var id = pid_t()
        let failure = posix_spawn(&id, command[0], &actions, &attributes, argv, variables)
        guard failure == 0 else { throw TestFailure("\(path): \(String(cString: strerror(failure)))") }
        self.id = id
    }

    /// nil while it runs.
    var ending: Int32? { wait(WNOHANG) }

    /// Waits until it has ended.
    func waitUntilExit() -> Int32 {
        while true {
            if let status = wait(WNOHANG) { return status }
            usleep(1000)
        }
    }

    private func wait(_ options: Int32) -> Int32? {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            if waitpid(id, &raw, options) == id { status = raw }
            return status
        }
    }

    /// What `raw` says: the exit status, and the signal that ended it.
    static func decode(_ raw: Int32) -> (status: Int32, signal: Int32?) {
        let signal = raw & 0x7f
        return signal == 0 ? ((raw >> 8) & 0xff, nil) : (signal, signal)
    }
}
