internal import BackupCore

/// Why nothing could be measured.
enum LoadError: BackupError {
    case invalidAddress(String)
    case unreadableFile(String, errno: Int32)
    case unwritableFile(String, errno: Int32)
    case badRoster(String, line: Int)
    case refused(String, status: Int, body: String)
    case unexpectedAnswer(String)
    case timedOut(String, after: Duration)
    case noProcess(Int32)

    var code: String {
        switch self {
        case .invalidAddress: "load.invalid_address"
        case .unreadableFile: "load.unreadable_file"
        case .unwritableFile: "load.unwritable_file"
        case .badRoster: "load.bad_roster"
        case .refused: "load.refused"
        case .unexpectedAnswer: "load.unexpected_answer"
        case .timedOut: "load.timed_out"
        case .noProcess: "load.no_process"
        }
    }

    var message: String {
        switch self {
        case .invalidAddress(let text): "'\(text)' is not the address of a server"
        case .unreadableFile(let path, let errno): "\(path) can't be read: \(SystemMessage.of(errno))"
        case .unwritableFile(let path, let errno): "\(path) can't be written: \(SystemMessage.of(errno))"
        case .badRoster(let path, let line): "\(path), line \(line): this is no agent"
        case .refused(let what, let status, let body): "the server refused \(what) with status \(status): \(body)"
        case .unexpectedAnswer(let what): "the server's answer to \(what) can't be read"
        case .timedOut(let what, let limit): "\(what) did not happen within \(limit)"
        case .noProcess(let id): "there is no process \(id)"
        }
    }

    var hint: String {
        switch self {
        case .invalidAddress: "write it as https://localhost:8443"
        case .unreadableFile, .unwritableFile: "check the path and its permissions"
        case .badRoster: "each line has an agent's id and its key, and may have its job's id"
        case .refused: "check the token, and that the server's rate limit is off for the measurement"
        case .unexpectedAnswer: "check that the server and this tool are of one version"
        case .timedOut: "see in the server's log what holds it up"
        case .noProcess: "give the server's process id"
        }
    }

    var recovery: Recovery { .userAction }
}
