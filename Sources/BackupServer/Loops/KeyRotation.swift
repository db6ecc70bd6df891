internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Puts everything that stands under an older master key under the newest one, so that the older can be thrown away.
///
/// Each key and secret is written by itself, and only where it is still the one that was read: whatever stops this, each of them opens,
/// and the next pass goes on. Memory: ``batch`` keys.
struct KeyRotation: Sendable {
    private static let batch = 200

    let store: any KeyStore
    let keys: MasterKeys
    let logger: Logger

    func pass() async throws -> Duration? {
        guard keys.count > 1 else { return nil }
        let runs = try await rewrapRuns()
        var changed = runs.changed
        var lost = runs.lost
        for kind in SealedSecret.Kind.allCases where !Task.isCancelled {
            let secrets = try await reseal(kind)
            changed += secrets.changed
            lost += secrets.lost
        }
        guard !Task.isCancelled else { return nil }
        if lost > 0 {
            logger.error(
                "some keys and secrets open with none of the master keys: put back the one that is missing",
                metadata: ["count": "\(lost)"])
        } else if changed > 0 {
            logger.notice(
                "everything is under the newest master key: the older ones can be taken away",
                metadata: ["key_id": "\(keys.newestID)", "changed": "\(changed)"])
        }
        return nil
    }

    private func rewrapRuns() async throws -> (changed: Int, lost: Int) {
        var (changed, lost, last): (Int, Int, BackupID?) = (0, 0, nil)
        while !Task.isCancelled {
            let old = try await store.runKeys(notUnder: keys.newestID, after: last, limit: Self.batch)
            for key in old {
                do {
                    let clear = try keys.unwrap(key.wrapped, keyID: key.keyID, runID: key.runID.string)
                    let (keyID, wrapped) = try keys.wrap(clear, runID: key.runID.string)
                    try await store.replace(key, by: WrappedKey(runID: key.runID, keyID: keyID, wrapped: wrapped))
                    changed += 1
                } catch DispatchError.keyUnavailable {
                    lost += 1
                }
            }
            guard old.count == Self.batch else { break }
            last = old.last?.runID
        }
        return (changed, lost)
    }

    private func reseal(_ kind: SealedSecret.Kind) async throws -> (changed: Int, lost: Int) {
        var (changed, lost, last): (Int, Int, String?) = (0, 0, nil)
        while !Task.isCancelled {
            let secrets = try await store.sealedSecrets(kind, after: last, limit: Self.batch)
            for secret in secrets {
                do {
                    guard let sealed = try keys.resealed(secret.sealed, for: Self.place(of: secret)) else { continue }
                    try await store.replace(secret, by: sealed)
                    changed += 1
                } catch is ControlError {
                    lost += 1
                }
            }
            guard secrets.count == Self.batch else { break }
            last = secrets.last?.id
        }
        return (changed, lost)
    }

    private static func place(of secret: SealedSecret) -> String {
        switch secret.kind {
        case .targets: TargetRecord.place(ofPasswordOf: .init(secret.id))
        case .storage: StorageService.place(ofSecretOf: .init(secret.id))
        case .channels: ChannelRecord.secretPlace(.init(secret.id))
        case .secondFactors: SecondFactor.place(of: .init(secret.id))
        }
    }
}
