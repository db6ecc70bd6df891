internal import BackupCore
package import FoundationEssentials

/// What a column holds, or a statement is given.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    package init(_ value: some BinaryInteger) { self = .integer(Int64(clamping: value)) }
    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }
    package init(_ value: Bool) { self = .integer(value ? 1 : 0) }
    /// Unix milliseconds.
    package init(_ value: Date?) { self = value.map { .integer($0.milliseconds) } ?? .null }
    package init(optional value: (some BinaryInteger)?) { self = value.map { SQLValue($0) } ?? .null }
    /// Whole seconds.
    package init(seconds value: Duration) { self = .integer(value.components.seconds) }
}

extension Date {
    /// Since 1970, the nearest one: rounded down, what was stored would become a millisecond less each time it is stored again. What is
    /// outside of the years 1 to 9999 becomes the nearest moment within them.
    package var milliseconds: Int64 {
        let rounded = (timeIntervalSince1970 * 1000).rounded()
        return Int64(min(max(rounded, -62_135_596_800_000), 253_402_300_799_999))
    }

    package init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
