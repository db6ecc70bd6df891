package enum Validation: Sendable, Equatable {
    /// Checked as it went out.
    case stream
    /// The first frame was read back and opened.
    case firstFrame
    /// All of it was read back, opened and compared.
    case full
}
