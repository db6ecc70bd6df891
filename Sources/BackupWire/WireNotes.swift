/// What a frame said that could not be taken as it is, for the log.
///
/// Memory: ``largestCount`` short texts, however much a peer sends that is not understood.
struct WireNotes {
    static let largestCount = 16
    static let largestName = 80

    private(set) var texts: [String] = []

    mutating func add(_ text: @autoclosure () -> String) {
        if texts.count < Self.largestCount { texts.append(text()) }
    }

    /// A peer's text, cut so that it fits in a line of a log.
    static func name(_ text: String) -> String { "'\(text.prefix(largestName))'" }
}
