internal import BackupCore
internal import BackupPipeline

/// A restore that was compared with what was backed up, as it is printed.
struct DrillText: Encodable {
    private let report: DrillService.Report
    private let database: String

    init(_ report: DrillService.Report, database: String) {
        self.report = report
        self.database = database
    }

    var lines: [String] {
        let duration = Quantity.duration(report.restore.duration)
        return [
            "  restored  into \(database) (\(report.restore.target.engineVersion)) in \(duration)",
            "  compared  \(comparison)",
        ]
    }

    private var comparison: String {
        switch report.verdict {
        case .equal(let found):
            let tables = found.databases.reduce(0) { $0 + $1.tableCount }
            let rows = found.databases.reduce(0) { $0 + $1.rowCount }
            return "equal: \(rows) rows in \(tables) tables, as in the dump's own snapshot, and the same schema"
        case .inconclusive(let differences) where differences.isEmpty:
            return "equal to what was counted beside the dump, at another moment"
        case .inconclusive(let differences):
            let shown = differences.prefix(3).joined(separator: "; ")
            return
                "differs from what was counted beside the dump, at another moment, so others may have written: \(shown)"
        case .nothingToCompare: return "nothing: the backup holds no record of what the database held"
        }
    }

    private var verdict: String {
        switch report.verdict {
        case .equal: "equal"
        case .inconclusive: "inconclusive"
        case .nothingToCompare: "nothing_to_compare"
        }
    }

    private var differences: [String] {
        if case .inconclusive(let differences) = report.verdict { differences } else { [] }
    }

    private enum CodingKeys: String, CodingKey {
        case database, verdict, differences
        case engineVersion = "engine_version"
        case restoreSeconds = "restore_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(database, forKey: .database)
        try container.encode(report.restore.target.engineVersion, forKey: .engineVersion)
        try container.encode(report.restore.duration / .seconds(1), forKey: .restoreSeconds)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(differences, forKey: .differences)
    }
}
