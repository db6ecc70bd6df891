internal import BackupCore
internal import SwiftProtobuf

extension Target {
    init(wire: Backup_V1_Target, notes: inout WireNotes) {
        let connection = wire.connection
        if connection.port > UInt16.max {
            notes.add("target \(WireNotes.name(wire.id)) has port \(connection.port), which is none")
        }
        self.init(
            id: wire.id, engine: DatabaseEngine(wire: wire.type, notes: &notes), displayName: wire.displayName,
            host: connection.host, port: Int(min(connection.port, UInt32(UInt16.max))), database: connection.database,
            username: connection.username, password: SecretReference(connection.passwordSecretRef),
            containerID: connection.containerID, strategy: Strategy(wire: connection.strategy, notes: &notes))
    }

    var wire: Backup_V1_Target {
        .with {
            $0.id = id
            $0.type = DatabaseEngine.wire(engine)
            $0.displayName = displayName
            $0.connection.host = host
            $0.connection.port = UInt32(clamping: port)
            $0.connection.database = database
            $0.connection.username = username
            $0.connection.passwordSecretRef = password.wireText.revealed
            $0.connection.containerID = containerID
            $0.connection.strategy = strategy.wire
        }
    }
}

extension Target.Strategy {
    init(wire: Backup_V1_ConnectionStrategy, notes: inout WireNotes) {
        switch wire {
        case .tcp: self = .tcp
        case .dockerExec: self = .dockerExec
        case .unixSocket: self = .unixSocket
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know connection strategy \(value), and uses TCP")
            self = .tcp
        }
    }

    var wire: Backup_V1_ConnectionStrategy {
        switch self {
        case .tcp: .tcp
        case .dockerExec: .dockerExec
        case .unixSocket: .unixSocket
        }
    }
}
