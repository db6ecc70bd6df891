package import BackupCore
package import BackupFormat

/// Restores a backup into a database, and compares what is there then with what was there when it was dumped.
package struct DrillService: Sendable {
    /// What the comparison says.
    package enum Verdict: Sendable {
        /// The same tables, rows and schema as in the dump's own snapshot.
        case equal(Fingerprint)
        /// The fingerprint is of another moment than the dump: it may differ although nothing was lost.
        case inconclusive(differences: [String])
        /// The backup has no fingerprint, or the engine none to compare it with.
        case nothingToCompare
    }

    package struct Report: Sendable {
        package let restore: RestoreService.Report
        package let verdict: Verdict
    }

    private let catalogue: Catalogue
    private let driver: any DatabaseDriver
    private let progress: Progress

    package init(catalogue: Catalogue, driver: any DatabaseDriver, progress: Progress) {
        self.catalogue = catalogue
        self.driver = driver
        self.progress = progress
    }

    /// - Parameter allowsUnencrypted: whether a backup that is not encrypted is taken although `identities` were given.
    /// - Throws: what ``RestoreService`` throws; ``PipelineError/restoredDiffers(_:differences:)`` when something was lost
    ///   or added. The restored database stays as it is.
    package func run(
        _ selector: BackupSelector, identities: [any Identity], allowsUnencrypted: Bool = false,
        options: RestoreOptions
    ) async throws -> Report {
        let report = try await RestoreService(catalogue: catalogue, driver: driver, progress: progress)
            .run(selector, identities: identities, allowsUnencrypted: allowsUnencrypted, options: options)
        guard let expected = report.fingerprint else { return Report(restore: report, verdict: .nothingToCompare) }
        progress.begin(.validating)
        guard let found = try await driver.fingerprint() else {
            return Report(restore: report, verdict: .nothingToCompare)
        }
        progress.begin(.finished)
        let differences = expected.differences(in: found)
        if differences.isEmpty, expected.moment == .dump {
            return Report(restore: report, verdict: .equal(found))
        }
        guard expected.moment == .separate else {
            throw PipelineError.restoredDiffers(report.name.id.string, differences: differences)
        }
        return Report(restore: report, verdict: .inconclusive(differences: differences))
    }
}
