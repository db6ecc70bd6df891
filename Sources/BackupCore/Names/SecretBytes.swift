/// Bytes that must not be shown: they print as `***`.
package struct SecretBytes: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    package let revealed: [UInt8]
    package init(_ bytes: [UInt8]) { revealed = bytes }

    package var isEmpty: Bool { revealed.isEmpty }
    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
