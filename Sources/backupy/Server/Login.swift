internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// Where a server is, and what shows it who asks.
struct Login {
    let server: ServerAddress
    let token: Secret
    /// PEM; nil for the system's roots.
    let caFile: String?
}

/// The login that is kept between commands: one file of 0600 in a directory of 0700.
///
/// `$XDG_CONFIG_HOME/backupy/login.json`, by default `~/.config/backupy/login.json`.
struct LoginFile {
    private struct Document: Codable {
        let server: String
        let token: String
        let caFile: String?
    }

    private static let largestSize = 65_536

    let path: String

    init(environment: [String: String]) {
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        path = (base ?? (environment["HOME"] ?? "") + "/.config") + "/backupy/login.json"
    }

    /// - Returns: nil where nobody has logged in.
    /// - Throws: ``CommandError`` for a file that can't be read, or that others may read.
    func read() throws -> Login? {
        guard access(path, F_OK) == 0 else { return nil }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0 { throw CommandError.publicFile(path) }
        let bytes = try TextFile.read(path, limit: Self.largestSize)
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw CommandError.badLoginFile(path)
        }
        return Login(
            server: try ServerAddress(document.server), token: Secret(document.token), caFile: document.caFile)
    }

    /// Takes the place of an earlier one at once: a command that is killed leaves the old login or the new.
    func write(_ login: Login) throws {
        let directory = String(path.dropLast("/login.json".count))
        try Self.makeDirectories(directory)
        let document = Document(server: login.server.url, token: login.token.revealed, caFile: login.caFile)
        let fresh = "\(path).\(getpid())"
        try PrivateFile.create(fresh, text: String(decoding: try JSONEncoder().encode(document), as: UTF8.self))
        guard rename(fresh, path) == 0 else {
            let failure = errno
            unlink(fresh)
            throw CommandError.unwritableFile(path, errno: failure)
        }
    }

    /// - Returns: whether there was one.
    func remove() throws -> Bool {
        guard unlink(path) != 0 else { return true }
        guard errno == ENOENT else { throw CommandError.unwritableFile(path, errno: errno) }
        return false
    }

    private static func makeDirectories(_ path: String) throws {
        var made = ""
        for name in path.split(separator: "/") {
            made += (made.isEmpty && !path.hasPrefix("/") ? "" : "/") + name
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw CommandError.unwritableFile(made, errno: errno)
            }
        }
    }
}
