package import BackupCore

/// A restore that was stopped, or failed with an error that no module of ours has described.
package struct RestoreInterrupted: BackupError {
    package let cause: (any Error)?

    package var code: String { "driver.restore_interrupted" }
    package var message: String {
        cause is CancellationError ? "the restore was stopped" : "the restore was interrupted"
    }
    package var hint: String { "look at the database's state before you go on" }
    package var recovery: Recovery { .userAction }
}
