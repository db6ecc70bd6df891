internal import BackupCore

extension Compression {
    /// What stands on the wire for one that this program didn't know when it read it. It must not read as the default.
    static let unknownWireText = "unknown"

    /// Empty is zstd, the default; nil for one that this program doesn't know.
    init?(wire: String, notes: inout WireNotes) {
        guard let known = wire.isEmpty ? .zstd : Compression(rawValue: wire) else {
            notes.add("this version doesn't know compression \(WireNotes.name(wire))")
            return nil
        }
        self = known
    }

    static func wire(_ compression: Compression?) -> String { compression?.rawValue ?? unknownWireText }
}
