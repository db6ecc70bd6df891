internal import BackupCore

/// What a container's owner says with labels, which counts more than what we guess.
struct ContainerLabels: Equatable {
    /// `backupy.enable`; nil where it is not there, or not understood.
    let isEnabled: Bool?
    /// `backupy.type`; nil where it is not there, or not understood.
    let engine: DatabaseEngine?
    /// `backupy.database`; empty for the whole server.
    let database: String

    init(_ labels: [String: String]) {
        isEnabled =
            switch labels["backupy.enable"]?.lowercased() {
            case "true", "1", "yes": true
            case "false", "0", "no": false
            default: nil
            }
        engine = labels["backupy.type"].flatMap(Self.engine)
        database = labels["backupy.database"] ?? ""
    }

    /// As we name it, or as people do.
    private static func engine(_ text: String) -> DatabaseEngine? {
        switch text.lowercased() {
        case "postgres": .postgresql
        case "mongo": .mongodb
        case "valkey", "keydb": .redis
        case let name: DatabaseEngine(rawValue: name)
        }
    }
}
