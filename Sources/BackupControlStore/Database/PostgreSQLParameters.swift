internal import CPostgreSQL
internal import FoundationEssentials

/// The arguments of a statement, as libpq takes them: text, and bytes in the binary form.
struct PostgreSQLParameters {
    private let values: [[UInt8]?]
    private let formats: [Int32]

    init(_ arguments: [SQLValue]) {
        values = arguments.map { argument in
            switch argument {
            case .null: nil
            case .integer(let integer): Array("\(integer)".utf8) + [0]
            case .real(let real): Array("\(real)".utf8) + [0]
            // A text of PostgreSQL's has no zero byte.
            case .text(let text): text.utf8.filter { $0 != 0 } + [0]
            // One byte more, so that there is a place in memory for none.
            case .bytes(let bytes): bytes + [0]
            }
        }
        formats = arguments.map { if case .bytes = $0 { 1 } else { 0 } }
    }

    func withPointers<R>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        let copies = values.map { value -> UnsafeMutablePointer<CChar>? in
            guard let value else { return nil }
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: value.count)
            for (index, byte) in value.enumerated() { copy[index] = CChar(bitPattern: byte) }
            return copy
        }
        defer { for copy in copies { copy?.deallocate() } }
        let lengths = values.map { Int32(clamping: ($0?.count ?? 1) - 1) }
        return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { pointers in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }

    /// `?` becomes `$1`, `$2`… Our statements have no question mark elsewhere.
    static func numbered(_ sql: String) -> String {
        var number = 0
        var numbered: [UInt8] = []
        numbered.reserveCapacity(sql.utf8.count + 32)
        for byte in sql.utf8 {
            if byte == UInt8(ascii: "?") {
                number += 1
                numbered += Array("$\(number)".utf8)
            } else {
                numbered.append(byte)
            }
        }
        return String(decoding: numbered, as: UTF8.self)
    }
}
