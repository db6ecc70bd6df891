/// Text that must not be shown: it prints as `***` wherever it lands, in a log, an error, a debugger's dump.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself. Every use is a place to look at in a review.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
