internal import BackupControl

/// A list that goes by ids, in SQL.
extension PageRequest {
    var order: String { isOldestFirst ? "ASC" : "DESC" }
    /// What an id has to the one after which the piece begins.
    var comparison: String { isOldestFirst ? ">" : "<" }
    /// After this, every id comes.
    var start: String { isOldestFirst ? "" : "~" }
}
