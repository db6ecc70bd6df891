package import BackupCore
internal import Glibc

/// Where encrypted backups wait whose length must be known before they are sent, and how much room they may take.
package struct SpoolSettings: Sendable {
    /// The agent's own, on its state volume; it exists.
    package var directory: String
    /// What must stay free on its disk, in bytes: the disk is the host's, and a backup must not fill it.
    package var reserve: UInt64 = 512 << 20
    /// In bytes.
    package var largestObject = PresignedPutStore.largestObject

    package init(directory: String) { self.directory = directory }

    /// Removes what a process left that was killed before its file had lost its name. Before the first backup only.
    package func sweep() throws(CoreError) {
        for name in try DirectoryNames.of(directory) where name.hasSuffix(SpoolFile.suffix) {
            guard unlink("\(directory)/\(name)") == 0 || errno == ENOENT else {
                throw .systemCall("unlink", on: "\(directory)/\(name)", errno: errno)
            }
        }
    }
}
