package import BackupCore
internal import Synchronization

/// One restore of a server's archive: globals first, then database after database.
final class PostgreSQLServerRestore: Sendable {
    private struct State {
        var databases: [String: String] = [:]
        var complete: [String] = []
        /// Whether anything of the server may have been changed.
        var hasBegun = false
        var current: String?
    }

    private let access: PostgreSQLAccess
    private let backup: DumpFacts
    private let options: RestoreOptions
    private let state = Mutex(State())

    init(_ access: PostgreSQLAccess, backup: DumpFacts, options: RestoreOptions) {
        self.access = access
        self.backup = backup
        self.options = options
    }

    /// Reads all of `relay`, and restores what it holds.
    func run(from relay: Relay) async throws {
        do {
            let files = FileQueue(relay)
            while let file = try await BlockingThread.run("archive", { try files.next(self.check) }) {
                let name = state.withLock { $0.databases[file] }
                if let name, isWanted(name) {
                    try await restore(name, files)
                } else if file == ServerArchive.globalsName, options.only == nil {
                    try await restoreGlobals(files)
                }
                // What nobody wanted is skipped by the next call.
            }
        } catch {
            relay.fail(error)
            throw error
        }
    }

    /// `error` with what the server holds now.
    func failure(_ error: any Error) -> any Error {
        state.withLock { state in
            guard state.hasBegun else { return error }
            let cause =
                (error as? RestoreFailure)?.underlying ?? error as? any BackupError ?? RestoreInterrupted(cause: error)
            let stopped = ServerRestoreStopped(
                database: state.current, complete: state.complete, of: state.databases.count, underlying: cause)
            return RestoreFailure(database: "all-databases", state: .partial, underlying: stopped)
        }
    }

    // MARK: Steps

    private func isWanted(_ name: String) -> Bool { options.only?.equalsBytes(name) ?? true }

    /// That every database of the archive can be made, before the first one is.
    private func check(_ contents: ServerArchive.Contents) throws {
        if let only = options.only, !contents.databases.contains(where: { $0.name.equalsBytes(only) }) {
            throw DriverError.notInBackup(only, databases: contents.databases.map(\.name))
        }
        state.withLock { state in
            state.databases = Dictionary(contents.databases.map { ($0.file, $0.name) }) { first, _ in first }
        }
    }

    private func restoreGlobals(_ files: FileQueue) async throws {
        try await checkTargets()
        state.withLock { $0.hasBegun = true }
        try await access.maintain { session in
            let sink = PostgreSQLGlobalsSink(try PostgreSQLGlobals(session))
            try files.copyFile(into: sink)
            try sink.finish()
        }
    }

    private func restore(_ name: String, _ files: FileQueue) async throws {
        if options.only != nil { try await checkTargets() }
        state.withLock {
            $0.current = name
            $0.hasBegun = true
        }
        let facts = DumpFacts(
            engine: .postgresql, engineVersion: backup.engineVersion, toolVersion: backup.toolVersion)
        let exists = try await access.maintain { try $0.hasDatabase(name) }
        let copy: @Sendable (any ByteSink) async throws -> Void = { sink in
            try await BlockingThread.run("archive") { try files.copyFile(into: sink) }
        }
        if exists {
            try await PostgreSQLDriver(access.other(name)).restore(facts, options: options, copy)
        } else {
            try await PostgreSQLDriver(access.other(name)).restoreWithProperties(facts, options, copy)
        }
        state.withLock {
            $0.complete.append(name)
            $0.current = nil
        }
    }

    /// None of the databases is there, or they are empty, or may be written over.
    private func checkTargets() async throws {
        guard !options.overwrite else { return }
        let wanted = state.withLock { Array($0.databases.values) }.filter(isWanted)
        for name in try await access.maintain({ try $0.databases() }) where wanted.contains(where: name.equalsBytes) {
            let isEmpty = try await access.with(database: name) { try $0.isEmpty() }
            guard isEmpty else { throw DriverError.notEmpty(name) }
        }
    }
}

/// A restore of several databases that did not come to its end.
package struct ServerRestoreStopped: BackupError {
    package let database: String?
    package let complete: [String]
    package let of: Int
    package let underlying: any BackupError

    package var code: String { underlying.code }
    package var message: String {
        let place = database.map { " at database '\($0)'" } ?? " at the roles and tablespaces"
        let done = complete.isEmpty ? "none" : complete.map { "'\($0)'" }.joined(separator: ", ")
        return "\(underlying.message)\(place); complete are \(complete.count) of \(of): \(done)"
    }
    package var hint: String { underlying.hint }
    package var recovery: Recovery { underlying.recovery }
    package var cause: (any Error)? { underlying }
}

/// The files of an archive, read one after the other from a relay. For one blocking thread at a time.
///
/// `@unchecked Sendable`: the steps of a restore use it in turn, each on a thread that has ended before the next begins.
private final class FileQueue: @unchecked Sendable {
    private let relay: Relay
    private var reader = ServerArchiveReader()
    private let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    /// What was read and not yet taken apart.
    private var rest: Range<Int> = 0..<0
    private var pending: String?

    init(_ relay: Relay) { self.relay = relay }
    deinit { space.deallocate() }

    /// The next file's name; nil at the end of the archive.
    func next(_ check: (ServerArchive.Contents) throws -> Void) throws -> String? {
        while pending == nil {
            guard try advance(check, bytes: { _ in }) else {
                try reader.finish()
                return nil
            }
        }
        defer { pending = nil }
        return pending
    }

    /// Everything up to the next file's beginning.
    func copyFile(into sink: any ByteSink) throws {
        while pending == nil, try advance({ _ in }, bytes: { try sink.write($0) }) {}
    }

    /// Goes on by one event at most; false at the end.
    private func advance(
        _ check: (ServerArchive.Contents) throws -> Void, bytes: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        if rest.isEmpty {
            let count = try relay.read(into: space)
            guard count > 0 else { return false }
            rest = 0..<count
        }
        let used = try reader.take(UnsafeRawBufferPointer(rebasing: space[rest])) { event in
            switch event {
            case .contents(let contents): try check(contents)
            case .file(let name): pending = name
            case .bytes(let data): try bytes(data)
            }
        }
        rest = rest.lowerBound + used..<rest.upperBound
        return true
    }
}
