internal import BackupCore

/// The form of a whole server's dump: a tar archive (POSIX ustar), so that everyone can open it.
///
/// How long a dump will be is not known when it begins, and tar wants to know. So each is cut into pieces:
/// `0001-app.dump.000000`, `0001-app.dump.000001`, …; `cat 0001-app.dump.* | pg_restore …` reads it. The first member, `contents.json`,
/// lists the databases by name; `globals.sql.000000` has roles and tablespaces.
enum ServerArchive {
    /// Of a member, at most. Memory of a writer.
    static let pieceSize = 4 << 20
    static let blockSize = 512
    static let contentsName = "contents.json"
    static let globalsName = "globals.sql"

    struct Contents: Codable, Sendable {
        struct Database: Codable, Sendable {
            let name: String
            /// What its members' names begin with.
            let file: String
        }

        var version = 1
        let databases: [Database]

        init(_ names: [String]) {
            databases = names.enumerated().map { number, name in
                let digits = String(number + 1)
                let padding = String(repeating: "0", count: max(0, 4 - digits.count))
                // For people; the number makes it unique.
                let readable = name.map {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_"
                }
                return Database(name: name, file: "\(padding)\(digits)-\(String(readable.prefix(40))).dump")
            }
        }
    }

    /// The header of a member. - Parameter size: less than 8 GiB.
    static func header(_ name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return header
    }

    static func padding(after size: Int) -> Int { (blockSize - size % blockSize) % blockSize }

    /// A member's name and size; nil at the archive's end.
    /// - Throws: ``DriverError/damagedArchive(_:)``.
    static func parse(_ header: [UInt8]) throws(DriverError) -> (name: String, size: Int)? {
        if header.allSatisfy({ $0 == 0 }) { return nil }
        func text(_ range: Range<Int>) -> String { String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self) }
        let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        // Octal digits only: Int would take a sign too.
        func number(_ range: Range<Int>) -> Int? {
            let digits = text(range)
            return digits.utf8.allSatisfy { 0x30...0x37 ~= $0 } ? Int(digits, radix: 8) : nil
        }
        guard text(257..<262) == "ustar", number(148..<154) == sum, let size = number(124..<135), size <= pieceSize
        else { throw .damagedArchive("a member's header is none") }
        return (text(0..<100), size)
    }
}
