import BackupControl
import BackupControlStore
import BackupCore
import BackupServer

/// Every error of the control plane, for ``ErrorTests``.
extension ErrorTests {
    static let control: [any BackupError] = [
        ControlError.conflict("an agent is named 'web' already"), ControlError.notFound(kind: "agent", id: "01h"),
        ControlError.invalid(field: "cron", reason: "the minute is not one"),
        ControlError.precondition("the agent is not connected"), ControlError.loginRefused,
        ControlError.forbidden("only an owner may do that to an owner"), ControlError.wrongPassword(field: "password"),
        ControlError.busy("passwords are being checked"), ControlError.throttled(seconds: 6),
    ]

    static let dispatch: [any BackupError] = [
        DispatchError.badMasterKey(place: "master.key"), DispatchError.keyUnavailable(keyID: "mk-0123"),
        DispatchError.foreignMasterKey(keyID: "mk-0123"),
        DispatchError.agentTooOld(needs: "multipart"), DispatchError.storageGone("01h"),
        DispatchError.objectMissing("web/shop/2026/01/31/20260131-235959-k3v9qz.dump"),
        DispatchError.sizeMismatch(reported: 10, stored: 9), DispatchError.manifestMismatch("its hash is another"),
        DispatchError.runForgotten, DispatchError.deadlinePassed, DispatchError.notConnected(agent: "01h"),
        DispatchError.noAnswer(within: .seconds(60)), DispatchError.storeTestFailed("other bytes came back"),
        DispatchError.notRestorable("the run has no backup"),
    ]

    static let delivery: [any BackupError] = [
        DeliveryError.forbiddenAddress(host: "intranet"), DeliveryError.unknownHost(host: "hooks.test"),
        DeliveryError.unreachable(host: "hooks.test", reason: "no answer in time"),
        DeliveryError.refused(host: "hooks.test", status: 404),
        DeliveryError.throttled(host: "hooks.test", seconds: 60),
        DeliveryError.insecure(host: "mail.test"), DeliveryError.loginRefused(host: "mail.test"),
        DeliveryError.badChannel("'to': it is no mail address"), DeliveryError.noSecret,
    ]

    static let kms: [any BackupError] = [
        KMSError.invalidSetting("BACKUPY_KMS_ENDPOINT", reason: "plain http is for this machine only"),
        KMSError.noCredentials(profile: "default"),
        KMSError.unreachable(host: "kms.eu-central-1.amazonaws.com", reason: "no answer in time"),
        KMSError.tls(host: "kms.test"), KMSError.failed(host: "kms.test", code: "KMSInternalException"),
        KMSError.denied(operation: "Decrypt", keyID: "alias/backupy"),
        KMSError.badCredentials(code: "UnrecognizedClientException"), KMSError.noSuchKey(keyID: "alias/backupy"),
        KMSError.keyUnusable(keyID: "alias/backupy", code: "DisabledException"),
        KMSError.foreignKey(keyID: "alias/backupy"), KMSError.nothingWrapped(keyID: "alias/backupy"),
        KMSError.otherWrapped(keyID: "alias/backupy", path: "/var/lib/backupy/master.key.kms"),
        KMSError.refused(operation: "Decrypt", status: 400, code: "ValidationException"),
        KMSError.invalidAnswer(operation: "Decrypt"),
    ]

    static let controlStore: [any BackupError] = [
        ControlStoreError.duplicate(constraint: "agents_name_key"),
        ControlStoreError.reference(constraint: "jobs_storage_id_fkey"),
        ControlStoreError.unreachable("postgres://db/control", reason: "Connection refused"),
        ControlStoreError.badAddress, ControlStoreError.outcomeUnknown("postgres://db/control"),
        ControlStoreError.contention("control.db"),
        ControlStoreError.damaged("control.db", reason: "file is not a database"),
        ControlStoreError.diskFull("control.db"), ControlStoreError.newerSchema(found: 3, known: 1),
        ControlStoreError.badValue(column: "status"),
        ControlStoreError.failed(state: "42601", reason: "syntax error"), ControlStoreError.closed,
    ]

    static let server: [(String, [any BackupError])] = [
        ("The control plane", control), ("The control plane's database", controlStore),
        ("The server and its agents", dispatch), ("The KMS of the master key", kms), ("Notifications", delivery),
    ]
}
