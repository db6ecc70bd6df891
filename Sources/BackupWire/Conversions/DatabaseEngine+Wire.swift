internal import BackupCore

extension DatabaseEngine {
    /// nil for one that was not named, or that this program doesn't know.
    init?(wire: Backup_V1_DbType, notes: inout WireNotes) {
        switch wire {
        case .dbUnspecified: return nil
        case .postgresql: self = .postgresql
        case .mysql: self = .mysql
        case .mariadb: self = .mariadb
        case .mongodb: self = .mongodb
        case .redis: self = .redis
        case .sqlite: self = .sqlite
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know database type \(value)")
            return nil
        }
    }

    static func wire(_ engine: DatabaseEngine?) -> Backup_V1_DbType {
        switch engine {
        case nil: .dbUnspecified
        case .postgresql: .postgresql
        case .mysql: .mysql
        case .mariadb: .mariadb
        case .mongodb: .mongodb
        case .redis: .redis
        case .sqlite: .sqlite
        }
    }
}
