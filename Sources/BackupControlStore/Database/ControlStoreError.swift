package import BackupCore

/// Errors of the control plane's database. None holds a value of a row, or the address with its password.
package enum ControlStoreError: BackupError {
    /// Another row has this. `constraint` is the database's own word for it.
    case duplicate(constraint: String)
    /// Something else needs the row, or what it points to is not there.
    case reference(constraint: String)
    case unreachable(String, reason: String)
    /// An address that can't be read, or of which a part of the password may have become something else.
    case badAddress
    /// The connection broke while it was committed: it may be there or not.
    case outcomeUnknown(String)
    /// It was tried as often as makes sense against others that change the same rows.
    case contention(String)
    case damaged(String, reason: String)
    case diskFull(String)
    case newerSchema(found: Int, known: Int)
    case badValue(column: String)
    case failed(state: String, reason: String)
    case closed

    /// Of a body that goes on after a statement has failed.
    static let wentOn = ControlStoreError.failed(
        state: "25P02", reason: "the change went on after a statement had failed")

    package var code: String {
        switch self {
        case .duplicate: "control_store.duplicate"
        case .reference: "control_store.reference"
        case .unreachable: "control_store.unreachable"
        case .badAddress: "control_store.bad_address"
        case .outcomeUnknown: "control_store.outcome_unknown"
        case .contention: "control_store.contention"
        case .damaged: "control_store.damaged"
        case .diskFull: "control_store.disk_full"
        case .newerSchema: "control_store.newer_schema"
        case .badValue: "control_store.bad_value"
        case .failed: "control_store.failed"
        case .closed: "control_store.closed"
        }
    }

    package var message: String {
        switch self {
        case .duplicate(let constraint): "there is one like this already (\(constraint))"
        case .reference(let constraint): "something else needs it, or is missing (\(constraint))"
        case .unreachable(let place, let reason): "the database \(place) can't be reached: \(reason)"
        case .badAddress: "the address of the database can't be read"
        case .outcomeUnknown(let place):
            "the connection to the database \(place) broke while a change was being committed"
        case .contention(let place): "the database \(place) was too busy with other changes of the same rows"
        case .damaged(let place, let reason): "the database \(place) is damaged: \(reason)"
        case .diskFull(let place): "there is no space left for the database \(place)"
        case .newerSchema(let found, let known):
            "the database is of a newer version: its tables have number \(found), and this program knows \(known)"
        case .badValue(let column): "the database has a value in '\(column)' that this program doesn't know"
        case .failed(let state, let reason): "the database refused a statement: \(reason) (\(state))"
        case .closed: "the database is closed"
        }
    }

    package var hint: String {
        switch self {
        case .duplicate: "choose another name"
        case .reference: "remove first what needs it"
        case .unreachable: "check that it runs, and the address, user and password in BACKUPY_DATABASE_URL"
        case .badAddress:
            "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with what is special in user and password as %XX"
        case .outcomeUnknown: "look whether it is there, and do it again if not"
        case .contention: "try again"
        case .damaged: "restore the database from its backup, or start with an empty one and rebuild the catalogue"
        case .diskFull: "free some space"
        case .newerSchema: "run the newer version of backupy-server, or restore the database of this one"
        case .badValue, .failed: "report it, with the log"
        case .closed: "nothing: the server is stopping"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .duplicate, .reference, .badAddress, .damaged, .diskFull, .newerSchema: .userAction
        case .unreachable, .outcomeUnknown, .contention, .closed: .retry
        case .badValue, .failed: .bug
        }
    }
}
