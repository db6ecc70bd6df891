/// What restores may do.
enum RestoreRule: Sendable, Equatable {
    case never
    /// - Parameters:
    ///   - databases: into which; nil for any.
    ///   - overwrite: whether what is there may be replaced. Without, a restore only goes into what is new or empty.
    case allowed(databases: [Glob]?, overwrite: Bool)
}
