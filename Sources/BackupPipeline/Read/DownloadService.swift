package import BackupCore
package import BackupFormat

/// Fetches the stored object of a backup as it is, still encrypted.
package struct DownloadService: Sendable {
    private let catalogue: Catalogue
    private let progress: Progress

    package init(catalogue: Catalogue, progress: Progress) {
        self.catalogue = catalogue
        self.progress = progress
    }

    /// Writes the object to what `open` returns. The caller makes it visible only after this has returned, when the
    /// bytes are known to be those that the manifest describes.
    package func run(_ selector: BackupSelector, into sink: any ByteSink) async throws -> (BackupName, Manifest) {
        progress.begin(.connecting)
        let name = try await catalogue.resolve(selector)
        let manifest = try await catalogue.manifest(of: name)
        let backup = OpenedBackup(name: name, manifest: manifest, key: nil)
        try await backup.read(.stored, from: catalogue.store, into: sink, progress: progress, step: .downloading)
        progress.begin(.finished)
        return (name, manifest)
    }
}
