internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

/// A listing, as it is printed.
struct ListText: Encodable {
    private struct Failure: Encodable {
        let id: String
        let source: String
        let code: String
        let message: String
    }

    private let entries: [Catalogue.Entry]
    private let location: String

    init(_ entries: [Catalogue.Entry], location: String) {
        self.entries = entries
        self.location = location
    }

    var failures: [any BackupError] { entries.compactMap { $0.failure } }

    var lines: [String] {
        guard !entries.isEmpty else { return ["no backups in \(location)"] }
        let heading = ["ID", "SOURCE", "ENGINE", "DUMP", "STORED", "FORM"]
        // Before they are measured: what is made visible is longer.
        let rows = [heading] + entries.map { row($0).map { VisibleText.of($0) } }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    private func row(_ entry: Catalogue.Entry) -> [String] {
        guard let manifest = try? entry.manifest.get() else {
            return [entry.name.id.string, entry.name.source, "?", "?", "?", "manifest unreadable"]
        }
        let encryption = manifest.format == .none ? "not encrypted" : "encrypted \(manifest.format.rawValue)"
        return [
            manifest.id, entry.name.source, manifest.engineVersion, Quantity.bytes(manifest.dumpSize),
            Quantity.bytes(manifest.storedSize), "\(manifest.compression.rawValue), \(encryption)",
        ]
    }

    private enum CodingKeys: String, CodingKey { case location, backups, unreadable }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(location, forKey: .location)
        try container.encode(entries.compactMap { try? $0.manifest.get() }, forKey: .backups)
        let unreadable = entries.compactMap { entry in
            entry.failure.map {
                Failure(id: entry.name.id.string, source: entry.name.source, code: $0.code, message: $0.message)
            }
        }
        try container.encode(unreadable, forKey: .unreadable)
    }
}

extension Catalogue.Entry {
    fileprivate var failure: (any BackupError)? {
        if case .failure(let error) = manifest { error } else { nil }
    }
}
