import BackupControl
import BackupControlStore
import BackupCore

/// Every error of the control plane, for ``ErrorTests``.
extension ErrorTests {
    static let control: [any BackupError] = [
        ControlError.conflict("an agent is named 'web' already"), ControlError.notFound(kind: "agent", id: "01h"),
        ControlError.invalid(field: "cron", reason: "the minute is not one"),
        ControlError.precondition("the agent is not connected"),
    ]

    static let controlStore: [any BackupError] = [
        ControlStoreError.duplicate(constraint: "agents_name_key"),
        ControlStoreError.reference(constraint: "jobs_storage_id_fkey"),
        ControlStoreError.unreachable("postgres://db/control", reason: "Connection refused"),
        ControlStoreError.outcomeUnknown("postgres://db/control"), ControlStoreError.contention("control.db"),
        ControlStoreError.damaged("control.db", reason: "file is not a database"),
        ControlStoreError.diskFull("control.db"), ControlStoreError.newerSchema(found: 3, known: 1),
        ControlStoreError.badValue(column: "status"),
        ControlStoreError.failed(state: "42601", reason: "syntax error"), ControlStoreError.closed,
    ]

    static let server: [(String, [any BackupError])] = [
        ("The control plane", control), ("The control plane's database", controlStore),
    ]
}
