/// Which hooks may run, where hooks may run at all.
enum HookRule: Sendable, Equatable {
    case none
    case all
    /// To the letter: a pattern for shell commands would allow more than it seems to.
    case only([String])
}
