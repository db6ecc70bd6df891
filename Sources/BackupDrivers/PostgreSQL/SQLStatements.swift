internal import BackupCore

/// Cuts the SQL of pg_dumpall into statements, and takes nothing else: no command of psql's, of which `\!` runs a program on
/// this machine. An archive may be forged.
///
/// Memory: one statement of at most ``longest``.
struct SQLStatements {
    static let longest = 1 << 20

    private enum State {
        case text
        /// - Parameter escapes: whether a backslash takes the next byte with it, as in `E'…'`.
        case string(escapes: Bool)
        case escaped
        case identifier
        case comment
        case command
    }

    private var state = State.text
    private var statement: [UInt8] = []
    /// Of the string before.
    private var hadEscapes = false

    /// - Throws: ``DriverError/damagedArchive(_:)``; what `handle` throws.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ handle: (String) throws -> Void) throws {
        for byte in bytes { try take(byte, handle) }
    }

    /// - Throws: ``DriverError/damagedArchive(_:)`` when a statement has not come to its end.
    mutating func finish() throws(DriverError) {
        switch state {
        case .text where statement.allSatisfy(Self.isSpace), .comment: return
        default: throw .damagedArchive("its roles are cut short")
        }
    }

    private mutating func take(_ byte: UInt8, _ handle: (String) throws -> Void) throws {
        guard statement.count < Self.longest, byte != 0 else {
            throw DriverError.damagedArchive("its roles hold something that is no statement")
        }
        switch (state, byte) {
        case (.comment, 0x0a), (.comment, 0x0d): state = .text
        case (.comment, _): break
        case (.command, 0x0a): try endCommand()
        case (.text, UInt8(ascii: ";")):
            try handle(try text())
            statement = []
        case (.text, UInt8(ascii: "-")) where statement.last == byte:
            statement.removeLast()
            state = .comment
        case (.text, UInt8(ascii: "\\")):
            // A statement of pg_dumpall's has none outside of its quotes.
            guard statement.allSatisfy(Self.isSpace) else { throw Self.command }
            statement = [byte]
            state = .command
        default:
            begin(byte)
            statement.append(byte)
        }
    }

    /// Enters or leaves quotes.
    private mutating func begin(_ byte: UInt8) {
        switch (state, byte) {
        case (.text, UInt8(ascii: "'")):
            hadEscapes = escapes
            state = .string(escapes: hadEscapes)
        case (.text, UInt8(ascii: "\"")): state = .identifier
        case (.string, UInt8(ascii: "'")), (.identifier, UInt8(ascii: "\"")): state = .text
        case (.string(escapes: true), UInt8(ascii: "\\")): state = .escaped
        case (.escaped, _): state = .string(escapes: true)
        default: break
        }
    }

    /// Whether the string that begins now is `E'…'`, or goes on after a doubled quote in one.
    private var escapes: Bool {
        guard let last = statement.last else { return false }
        if last == UInt8(ascii: "'") { return hadEscapes }
        return last | 0x20 == UInt8(ascii: "e") && !(statement.dropLast().last.map(Self.isWord) ?? false)
    }

    /// What pg_dumpall writes for psql, and is of no use here: the word that fences commands off, and before PostgreSQL 11 the
    /// database to begin in.
    private mutating func endCommand() throws {
        let known = ["\\restrict ", "\\unrestrict "].contains { statement.starts(with: Array($0.utf8)) }
        guard known || statement == Array("\\connect postgres".utf8) else { throw Self.command }
        statement = []
        state = .text
    }

    private static let command = DriverError.damagedArchive("its roles hold a command of psql's")

    private func text() throws(DriverError) -> String {
        guard let text = String(validating: statement.drop(while: Self.isSpace), as: UTF8.self) else {
            throw .damagedArchive("its roles are not in UTF-8")
        }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
