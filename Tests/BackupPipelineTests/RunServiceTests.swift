import BackupCore
import BackupFormat
import BackupPipeline
import BackupTestSupport
import Foundation
import Testing

/// Runs as a control plane orders them, in every format, and the way back from what it knows of them.
@Suite struct RunServiceTests {
    static let dump = StoreBytes.noise((3 << 20) + 77)
    static let identity = X25519Identity.random()
    static let key = DataKey.random()
    static let master = ServerKey(keyID: "m1", masterKey: DataKey.random(), runID: "20260131-235959-k3m7pq")

    enum Kind: CaseIterable, Sendable {
        case off, v1, v2, recipients

        func encryption() throws -> RunPlan.Encryption {
            switch self {
            case .off: .off
            case .v1: .v1(key)
            case .v2: .v2(key, server: try master.wrap(key))
            case .recipients: .recipients([identity.recipient])
            }
        }

        var format: Manifest.Format { self == .off ? .none : self == .v1 ? .v1 : .v2 }
    }

    static func plan(_ kind: Kind, run: String = "20260131-235959-k3m7pq") throws -> RunPlan {
        RunPlan(
            objectKey: try ObjectKey("agent/target/2026/01/31/\(run).dump.zst"), runID: run,
            encryption: try kind.encryption())
    }

    static func run(_ plan: RunPlan, _ dump: [UInt8] = dump, to store: any ObjectStore) async throws -> RunOutcome {
        try await RunService(driver: FakeDriver(dump), store: store, progress: Progress())
            .run(plan, now: Date(timeIntervalSince1970: 1_770_000_000))
    }

    static func description(_ plan: RunPlan, _ kind: Kind, _ outcome: RunOutcome) throws -> RestoreRun.Description {
        var description = RestoreRun.Description(
            objectKey: plan.objectKey, runID: plan.runID, format: kind.format, compression: plan.compression,
            storedSize: outcome.storedSize,
            dump: DumpFacts(engine: .postgresql, engineVersion: outcome.engineVersion))
        description.sha256 = outcome.sha256
        description.manifest = try outcome.manifestBytes()
        switch kind {
        case .off: break
        case .v1, .v2: description.key = key
        case .recipients: description.identities = [identity]
        }
        return description
    }

    private func restore(
        _ description: RestoreRun.Description, from store: any ObjectStore
    ) async throws -> (RestoreRun.Outcome, [UInt8]) {
        let target = FakeDriver([])
        let outcome = try await RestoreRun(driver: target, store: store, progress: Progress())
            .run(description, options: RestoreOptions())
        return (outcome, target.contents)
    }

    @Test(arguments: Kind.allCases)
    func whatWentInComesOut(_ kind: Kind) async throws {
        for readBack in [RunPlan.ReadBack.none, .firstFrame, .ends, .all] {
            for (size, compression) in [(0, Compression.none), (1, .gzip), (100_000, .none), (Self.dump.count, .zstd)] {
                let store = FakeStore()
                var plan = try Self.plan(kind)
                plan.compression = compression
                plan.readBack = readBack
                let dump = Array(Self.dump.prefix(size))
                let outcome = try await Self.run(plan, dump, to: store)
                #expect(store.objects.keys.map(\.string) == [plan.objectKey.string], "the manifest is the caller's")
                #expect(outcome.dumpSize == UInt64(size) && outcome.validated == readBack)
                #expect(outcome.storedSize == UInt64(store.objects[plan.objectKey]?.count ?? 0))
                #expect(outcome.engineVersion == "PostgreSQL 16.2")
                #expect(outcome.manifest?.format == kind.format)
                let (restored, contents) = try await restore(Self.description(plan, kind, outcome), from: store)
                #expect(contents == dump && restored.isDigestChecked && restored.fingerprint != nil)
            }
        }
    }

    @Test func aRunWhoseIdIsNoBackupsHasNoManifest() async throws {
        let store = FakeStore()
        let plan = try Self.plan(.v1, run: "5f0c2c2e-8a1f-4a8e-9f3e-0f6c7f1f2a10")
        let outcome = try await Self.run(plan, to: store)
        #expect(outcome.manifest == nil)
        var description = try Self.description(plan, .v1, outcome)
        description.sha256 = nil
        let (restored, contents) = try await restore(description, from: store)
        #expect(contents == Self.dump && !restored.isDigestChecked, "nothing could be compared, and that is said")
    }

    /// As `backupy-decrypt` reads it: with nothing but a token of the control plane.
    @Test func aTokenOpensAV1Run() async throws {
        let store = FakeStore()
        let plan = try Self.plan(.v1)
        let outcome = try await Self.run(plan, to: store)
        let claims: [String: Any] = [
            "iss": "backupy-server", "aud": "backupy-decrypt", "sub": "u", "iat": 1_770_000_000, "exp": 1_770_000_900,
            "run_id": plan.runID, "company_id": "c", "alg": "AES-256-GCM", "format_version": 1,
            "dek": Data(Self.key.withBytes { Array($0) }).base64EncodedString(), "sha256": outcome.sha256,
        ]
        let text = try [["alg": "HS256"], claims].map { value in
            try JSONSerialization.data(withJSONObject: value).base64EncodedString().replacing("+", with: "-")
                .replacing("/", with: "_").replacing("=", with: "")
        }
        let token = try DecryptionToken(
            text.joined(separator: ".") + ".c2ln", now: Date(timeIntervalSince1970: 1_770_000_100))
        let stored = try #require(store.objects[plan.objectKey])
        var hash = StreamHash()
        stored.withUnsafeBytes { hash.update($0) }
        #expect(hash.hex == token.sha256)
        let compressed = try pass(stored, through: V1Opener(key: token.key))
        #expect(try pass(compressed, through: DetectingDecompressor()) == Self.dump)
    }

    private func pass(_ bytes: [UInt8], through transform: any ByteTransform) throws -> [UInt8] {
        var transform = transform
        var output: [UInt8] = []
        var writer = BlockWriter { block in block.withBytes { output.append(contentsOf: $0) } }
        try bytes.withUnsafeBytes { try transform.update($0, into: &writer) }
        try transform.finish(into: &writer)
        try writer.flush()
        return output
    }

    @Test func theServersKeyOpensAV2Run() async throws {
        let store = FakeStore()
        let plan = try Self.plan(.v2)
        let outcome = try await Self.run(plan, to: store)
        #expect(outcome.manifest?.recipients == ["server m1"])
        var description = try Self.description(plan, .v2, outcome)
        description.key = nil
        description.identities = [Self.master]
        #expect(try await restore(description, from: store).1 == Self.dump)
    }

    @Test func recipientsAreNeverNone() async throws {
        let store = FakeStore()
        var plan = try Self.plan(.off)
        plan.encryption = .recipients([])
        await #expect(throws: FormatError.noRecipient) { try await Self.run(plan, to: store) }
        #expect(store.objects.isEmpty)
    }

    /// Every flipped bit of the first frame, by the smaller read back.
    @Test(arguments: [Kind.v1, .v2])
    func aStoreThatChangesTheBeginningIsCaught(_ kind: Kind) async throws {
        for position in [0, 3, 5, 40, 300, 600, 5000] {
            for readBack in [RunPlan.ReadBack.firstFrame, .all] {
                var plan = try Self.plan(kind)
                plan.readBack = readBack
                let store = FlippingStore(position: position)
                await #expect(throws: (any Error).self, "byte \(position)") { try await Self.run(plan, to: store) }
            }
        }
        var plan = try Self.plan(kind)
        plan.readBack = .firstFrame
        // 64 KiB are compared as they are, and in v1 the frame goes on behind them.
        if kind == .v1 {
            await #expect(throws: FormatError.frameNotAuthentic(0)) {
                try await Self.run(plan, to: FlippingStore(position: 500_000))
            }
        }
    }

    /// Frames that were dropped open well in v1: only the SHA-256 sees that, and the target must not.
    @Test func aV1ObjectWithoutOneOfItsFramesIsNotRestored() async throws {
        let store = FakeStore()
        var plan = try Self.plan(.v1)
        plan.compression = .none
        let outcome = try await Self.run(plan, to: store)
        let frame = 4 + 12 + (1 << 20) + 16
        store.tamper(plan.objectKey) { Array($0.prefix(frame)) + Array($0.dropFirst(2 * frame)) }
        var description = try Self.description(plan, .v1, outcome)
        description.manifest = nil
        description.storedSize -= UInt64(frame)
        let target = FakeDriver([1, 2, 3])
        let error = await #expect(throws: PipelineError.self) {
            _ = try await RestoreRun(driver: target, store: store, progress: Progress())
                .run(description, options: RestoreOptions())
        }
        #expect(error?.code == "pipeline.stored_bytes_differ" && target.contents == [1, 2, 3])
    }

    @Test func descriptionsThatDoNotFitAreRefusedBeforeTheTargetIsTouched() async throws {
        let store = FakeStore()
        let plan = try Self.plan(.v2)
        let outcome = try await Self.run(plan, to: store)
        let good = try Self.description(plan, .v2, outcome)
        let other = try await Self.run(try Self.plan(.v1, run: "20260131-235959-zzzzzz"), [1], to: FakeStore())
        let changes: [(String, (inout RestoreRun.Description) throws -> Void)] = [
            ("pipeline.needs_identity", { $0.key = nil }), ("pipeline.not_encrypted", { $0.format = .none }),
            ("format.header_not_authentic", { $0.key = DataKey.random() }),
            ("pipeline.older_format", { ($0.format, $0.key) = (.v1, nil) }),
            ("pipeline.manifest_mismatch", { $0.runID = "20260131-235959-k3m7pr" }),
            ("pipeline.manifest_mismatch", { $0.compression = .gzip }),
            ("pipeline.manifest_mismatch", { $0.storedSize += 1 }),
            ("pipeline.manifest_mismatch", { $0.sha256 = String(repeating: "0", count: 64) }),
            ("pipeline.manifest_mismatch", { $0.dump.scope = .server }),
            ("pipeline.unreadable_manifest", { $0.manifest = Array("{".utf8) }),
            ("pipeline.manifest_mismatch", { $0.manifest = try other.manifestBytes() }),
            (
                "pipeline.not_authentic",
                {
                    $0.manifest = Array(
                        String(decoding: $0.manifest ?? [], as: UTF8.self)
                            .replacing("PostgreSQL 16.2", with: "PostgreSQL 10.1").utf8)
                }
            ),
            ("pipeline.other_engine", { ($0.dump.engine, $0.manifest) = (.redis, nil) }),
            ("pipeline.is_of_a_server", { ($0.dump.scope, $0.manifest) = (.server, nil) }),
        ]
        for (code, change) in changes {
            var description = good
            try change(&description)
            let target = FakeDriver([1, 2, 3])
            await #expect {
                _ = try await RestoreRun(driver: target, store: store, progress: Progress())
                    .run(description, options: RestoreOptions())
            } throws: { error in
                (error as? any BackupError)?.code == code
            }
            #expect(target.contents == [1, 2, 3])
        }
    }
}

/// Flips a bit of what it stores.
private struct FlippingStore: ObjectStore {
    let inner = FakeStore()
    let position: Int
    var location: String { inner.location }

    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        let size = try await inner.put(key, from: source, sizeHint: sizeHint)
        inner.tamper(key) { bytes in
            var bytes = bytes
            if position < bytes.count { bytes[position] ^= 4 }
            return bytes
        }
        return size
    }

    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await inner.get(key, range: range)
    }
    func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await inner.info(key) }
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable { inner.list(prefix: prefix) }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
}
