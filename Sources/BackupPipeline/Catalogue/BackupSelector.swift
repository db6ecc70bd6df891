package import BackupCore

/// Which of the backups in a store is meant.
package enum BackupSelector: Sendable, Hashable {
    /// The newest one; of `source` (`HOST/DATABASE`), or of the only source there is.
    case newest(source: String?)
    case id(BackupID)
}
