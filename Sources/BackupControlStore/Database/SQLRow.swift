internal import BackupCore
package import FoundationEssentials

/// One row of an answer. Whoever asks for what is not there, or has another type, gets an error that names the column.
package struct SQLRow: Sendable {
    private let columns: [String: Int]
    private let values: [SQLValue]

    package init(columns: [String: Int], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package func value(_ column: String) throws(ControlStoreError) -> SQLValue {
        guard let index = columns[column] else { throw .badValue(column: column) }
        return values[index]
    }

    package func text(_ column: String) throws(ControlStoreError) -> String {
        guard let text = try optionalText(column) else { throw .badValue(column: column) }
        return text
    }

    package func optionalText(_ column: String) throws(ControlStoreError) -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        default: throw .badValue(column: column)
        }
    }

    package func integer(_ column: String) throws(ControlStoreError) -> Int64 {
        guard let integer = try optionalInteger(column) else { throw .badValue(column: column) }
        return integer
    }

    package func optionalInteger(_ column: String) throws(ControlStoreError) -> Int64? {
        switch try value(column) {
        case .null: nil
        case .integer(let integer): integer
        default: throw .badValue(column: column)
        }
    }

    package func int(_ column: String) throws(ControlStoreError) -> Int { Int(clamping: try integer(column)) }

    /// A size; negative ones can't be.
    package func size(_ column: String) throws(ControlStoreError) -> UInt64 { UInt64(clamping: try integer(column)) }

    package func optionalSize(_ column: String) throws(ControlStoreError) -> UInt64? {
        try optionalInteger(column).map { UInt64(clamping: $0) }
    }

    package func flag(_ column: String) throws(ControlStoreError) -> Bool { try integer(column) != 0 }

    package func bytes(_ column: String) throws(ControlStoreError) -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw .badValue(column: column) }
        return bytes
    }

    package func optionalBytes(_ column: String) throws(ControlStoreError) -> [UInt8]? {
        switch try value(column) {
        case .null: nil
        case .bytes(let bytes): bytes
        default: throw .badValue(column: column)
        }
    }

    package func date(_ column: String) throws(ControlStoreError) -> Date { Date(milliseconds: try integer(column)) }

    package func optionalDate(_ column: String) throws(ControlStoreError) -> Date? {
        try optionalInteger(column).map { Date(milliseconds: $0) }
    }

    package func seconds(_ column: String) throws(ControlStoreError) -> Duration { .seconds(try integer(column)) }

    /// A word of a fixed set, as enums of the model have them.
    package func word<Word: RawRepresentable<String>>(
        _ column: String, as type: Word.Type = Word.self
    ) throws(ControlStoreError) -> Word {
        guard let word = Word(rawValue: try text(column)) else { throw .badValue(column: column) }
        return word
    }
}
