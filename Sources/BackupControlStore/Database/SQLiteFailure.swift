internal import GRDB

/// SQLite's errors as ours.
enum SQLiteFailure {
    /// Source: SQLite, "Result and Error Codes".
    static func of(_ error: any Error, _ place: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let words = error.message ?? ""
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            return ControlStoreError.duplicate(constraint: words)
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return ControlStoreError.reference(constraint: words)
        default: break
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return ControlStoreError.damaged(place, reason: words)
        case .SQLITE_FULL: return ControlStoreError.diskFull(place)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return ControlStoreError.contention(place)
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM:
            return ControlStoreError.unreachable(place, reason: words)
        default: return ControlStoreError.failed(state: "SQLite \(error.resultCode.rawValue)", reason: words)
        }
    }
}
