internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

/// A backup that was made, as it is printed.
struct BackupText: Encodable {
    private let report: BackupReport
    private let location: String

    init(_ report: BackupReport, location: String) {
        self.report = report
        self.location = location
    }

    var lines: [String] {
        let manifest = report.manifest
        let limit = report.limiting.map { ", limited by \($0.rawValue)" } ?? ""
        let rate = Quantity.rate(manifest.dumpSize, in: report.dumpDuration)
        return [
            "Backed up \(manifest.source.database) on \(manifest.source.host) (\(manifest.engineVersion))",
            "  backup     \(location)/\(manifest.id)",
            "  dump       \(Quantity.bytes(manifest.dumpSize)), stored as \(Quantity.bytes(manifest.storedSize)): \(form)",
            "  took       \(Quantity.duration(report.dumpDuration)), \(rate)\(limit)",
            "  read back  \(Quantity.duration(report.readBackDuration)): \(check)",
            "  contents   \(contents)",
            "  restore    backupy restore \(location)/\(manifest.id) --to DATABASE-URL\(key)",
        ]
    }

    private var form: String {
        let recipients = report.manifest.recipients.count
        let encryption =
            recipients == 0 ? "not encrypted" : "encrypted for \(recipients) key\(recipients == 1 ? "" : "s")"
        return "\(report.manifest.compression.rawValue), \(encryption)"
    }

    private var check: String {
        switch report.readBack {
        case .all: "all of it fetched, decrypted, decompressed and compared"
        case .ends: "its size and both ends compared"
        }
    }

    private var contents: String {
        switch report.fingerprint {
        case nil: return "not counted: no fingerprint was taken"
        case .failure(let error): return "not counted: \(ErrorReport.Body(error).message)"
        case .success(let fingerprint):
            let tables = fingerprint.databases.reduce(0) { $0 + $1.tableCount }
            let rows = fingerprint.databases.reduce(0) { $0 + $1.rowCount }
            let moment =
                fingerprint.moment == .dump ? "in the dump's own snapshot" : "at another moment than the dump's"
            return "\(rows) rows in \(tables) tables, counted \(moment)"
        }
    }

    private var key: String { report.manifest.format == .none ? "" : " --identity FILE" }

    private enum CodingKeys: String, CodingKey {
        case backup, location, limiting, stages, fingerprint
        case fingerprintError = "fingerprint_error"
        case readBack = "read_back"
        case dumpSeconds = "dump_seconds"
        case readBackSeconds = "read_back_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report.manifest, forKey: .backup)
        try container.encode(location, forKey: .location)
        try container.encodeIfPresent(report.limiting, forKey: .limiting)
        try container.encode(report.stages, forKey: .stages)
        switch report.fingerprint {
        case .success(let fingerprint): try container.encode(fingerprint, forKey: .fingerprint)
        case .failure(let error): try container.encode(ErrorReport.Body(error), forKey: .fingerprintError)
        case nil: break
        }
        try container.encode(report.readBack.rawValue, forKey: .readBack)
        try container.encode(report.dumpDuration / .seconds(1), forKey: .dumpSeconds)
        try container.encode(report.readBackDuration / .seconds(1), forKey: .readBackSeconds)
    }
}
