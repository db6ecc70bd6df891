package import BackupCore

/// One restore to be made.
package struct RunRestore: Sendable, Equatable {
    package var restoreID = ""
    package var runID = ""
    /// nil where the server sent none.
    package var target: Target?
    package var download: DownloadURL?
    /// The bytes of the manifest beside the object; empty where there is none.
    package var manifest: [UInt8] = []
    package var sizeBytes: UInt64 = 0
    package var sha256 = ""
    /// 0: not encrypted.
    package var formatVersion: UInt32 = 0
    /// nil for one that this program doesn't know.
    package var compression: Compression? = Compression.zstd
    /// nil for a kind that this program doesn't know.
    package var sourceEngine: DatabaseEngine?
    package var sourceVersion = ""
    package var isWholeServer = false
    package var key = SecretBytes([])
    /// Where the agent's host keeps an age identity.
    package var identity = SecretReference.none
    package var options = RestoreOptions()
    /// nil for none.
    package var timeout: Duration?

    package init() {}
}
