/// A ``BackupError`` on the wire. Its code is open: the other side may know more of them.
package struct ErrorReport: Sendable, Equatable {
    package var code: String
    package var message: String
    package var hint: String
    /// As ``Recovery`` names it.
    package var recovery: String

    package init(code: String = "", message: String, hint: String = "", recovery: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
        self.recovery = recovery
    }
}
