internal import BackupCore

/// Passes pg_restore's SQL on without `SET transaction_timeout = 0;`, which servers before PostgreSQL 17 don't know.
///
/// Only settings at the beginning are looked at, and with `--create` those after each `\connect`: a row or a function's body
/// may hold the same line. For one thread. Memory: one line of at most ``longestLine``.
///
/// `@unchecked Sendable`: one thread writes, and `finish()` comes after its last write.
final class ScriptForOlderServers: ByteSink, @unchecked Sendable {
    private static let longestLine = 64 << 10
    private static let settings = [
        "--", "SET ", "SELECT pg_catalog.set_config(", "BEGIN;", "\\restrict ", "\\connect ",
    ].map { Array($0.utf8) }
    private static let unknown = Array("SET transaction_timeout = 0;".utf8)

    private enum Part {
        case settings
        /// The database is being made and gets its properties; after each, `\connect` comes.
        case making
        case contents
    }

    private let sink: any ByteSink
    private var part = Part.settings
    private let reconnects: Bool
    /// `\unrestrict WORD`, a word of pg_restore's that nothing in an archive can know.
    private var unrestrict: [UInt8]?
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []

    init(into sink: any ByteSink, reconnects: Bool) {
        self.sink = sink
        self.reconnects = reconnects
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while part != .contents, let end = rest.firstIndex(of: 0x0a) {
            line += rest[..<end]
            rest = rest[(end + 1)...]
            try take()
        }
        guard part != .contents, line.count + rest.count <= Self.longestLine else {
            try passLine()
            part = .contents
            return try sink.write(UnsafeRawBufferPointer(rebasing: rest))
        }
        line += rest
    }

    func finish() throws { try passLine() }

    func cancel() { sink.cancel() }

    private func take() throws {
        if line == unrestrict { part = .settings } else { try leave() }
        if part == .settings, line.starts(with: Array("\\restrict ".utf8)) {
            unrestrict = Array("\\un".utf8) + line.dropFirst()
        }
        if part == .settings, line == Self.unknown {
            line = []
        } else {
            line.append(0x0a)
            try passLine()
        }
    }

    /// Goes to the next part with the first line that is of none before it.
    private func leave() throws {
        if part == .settings, !line.isEmpty, !Self.settings.contains(where: line.starts) {
            // pg_restore's own protection against commands in an archive; its version was looked at before.
            guard unrestrict != nil else { throw DriverError.unexpectedDump("pg_restore") }
            part = reconnects ? .making : .contents
        }
        if part == .making, line.starts(with: Array("COPY ".utf8)) || line.starts(with: Array("CREATE ".utf8)) {
            if !line.starts(with: Array("CREATE DATABASE ".utf8)) { part = .contents }
        }
    }

    private func passLine() throws {
        try line.withUnsafeBytes { try sink.write($0) }
        line = []
    }
}
