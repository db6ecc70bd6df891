internal import BackupCore
package import BackupStorage
package import BackupWire
internal import Foundation
internal import Synchronization

/// A control plane's work on runs, over a ``ScriptedPeer`` and a real S3 server: it begins uploads, signs addresses, completes,
/// aborts, and writes down how each run ended.
package final class TestControlPlane: Sendable {
    /// What is known of one run.
    package struct Run: Sendable {
        package let request: RunBackup
        fileprivate let uploadID: String?
        /// What the store holds, once the upload is complete.
        fileprivate var storedSize: UInt64?
        /// Final messages by their correlation id: the same one twice is one.
        package fileprivate(set) var ends: [String: AgentMessage] = [:]
        package fileprivate(set) var wasAborted = false
        /// The agent has said that it keeps the order.
        package fileprivate(set) var isAcknowledged = false

        package var end: AgentMessage? { ends.values.first }
        package var completed: BackupCompleted? {
            if case .backupCompleted(let completed) = end { completed } else { nil }
        }
        package var failure: JobUpdate? { if case .jobUpdate(let update) = end { update } else { nil } }
    }

    package let peer: ScriptedPeer
    package let store: S3Store
    private let runs = Mutex<[String: Run]>([:])
    private let restores = Mutex<[String: RestoreUpdate]>([:])
    private let work: AsyncStream<@Sendable () async -> Void>.Continuation
    private let worker: Task<Void, Never>

    /// - Parameters:
    ///   - script: what the peer does besides; its `onMessage` is taken.
    ///   - port: that of an earlier one, to come back after an outage.
    package init(_ script: PeerScript, store: S3Store, port: Int = 0) async throws {
        self.store = store
        peer = try await ScriptedPeer(script, port: port)
        let (stream, work) = AsyncStream<@Sendable () async -> Void>.makeStream()
        self.work = work
        worker = Task { for await job in stream { await job() } }
        peer.change { script in
            script.onMessage = { [weak self] envelope, connection in self?.heard(envelope, connection) ?? false }
        }
    }

    deinit {
        work.finish()
        worker.cancel()
        // It must be closed before its last reference is gone, and a deinit can't wait.
        Task { [store, worker] in
            await worker.value
            await store.close()
        }
    }

    package func run(_ id: String) -> Run? { runs.withLock { $0[id] } }
    package var allRuns: [Run] { runs.withLock { Array($0.values) } }
    package func restore(_ id: String) -> RestoreUpdate? { restores.withLock { $0[id] } }

    /// Orders a run, with a multipart upload as our own control plane hands it out.
    package func order(_ id: String, job: String, _ change: (inout RunBackup) -> Void = { _ in }) async throws {
        let key = try ObjectKey("agent/target/2026/11/25/\(id).dump.zst.backupy")
        let uploadID = try await store.beginUpload(key)
        var request = RunBackup()
        request.runID = id
        request.jobID = job
        request.isManual = true
        request.upload.objectKey = key.string
        request.formatVersion = 2
        request.validation = .full
        request.multipart = MultipartPlan()
        request.multipart?.minPartBytes = 5 << 20
        request.multipart?.maxPartBytes = 5 << 30
        request.multipart?.maxParts = 10_000
        request.multipart?.parts = [part(key, uploadID, 1)]
        change(&request)
        register(Run(request: request, uploadID: uploadID))
    }

    /// Orders a run as an old control plane does: one presigned PUT.
    package func orderOld(_ id: String, job: String, _ change: (inout RunBackup) -> Void) async throws {
        let key = try ObjectKey("old/\(id).dump.zst")
        let put = store.presignedPut(key, isCreateOnly: false, lifetime: .seconds(900), at: Date())
        var request = RunBackup()
        request.runID = id
        request.jobID = job
        request.isManual = true
        request.upload.url = put.url
        request.upload.objectKey = key.string
        change(&request)
        register(Run(request: request, uploadID: nil))
    }

    private func register(_ run: Run) {
        runs.withLock { $0[run.request.runID] = run }
        send(run)
    }

    /// On a new connection: what was not acknowledged is sent again, and nothing else, for the agent keeps that.
    private func sendAgain(over connection: PeerConnection) {
        for run in allRuns where run.end == nil && !run.isAcknowledged {
            connection.send(.runBackup(run.request), correlationID: "order-\(run.request.runID)")
        }
    }

    private func send(_ run: Run) {
        peer.last?.send(.runBackup(run.request), correlationID: "order-\(run.request.runID)")
    }

    package func order(_ restore: RunRestore) {
        peer.last?.send(.runRestore(restore), correlationID: "order-\(restore.restoreID)")
    }

    package func download(_ run: Run) throws -> DownloadURL {
        let key = try ObjectKey(run.request.upload.objectKey)
        let url = store.presignedGet(key, lifetime: .seconds(900), at: Date()).url
        return DownloadURL(url: url, objectKey: key.string)
    }

    // MARK: What it hears

    /// - Returns: whether the peer shall do nothing more about it.
    private func heard(_ envelope: AgentEnvelope, _ connection: PeerConnection) -> Bool {
        switch envelope.message {
        case .partURLsRequest, .completeUpload, .downloadURLRequest:
            work.yield { [weak self] in
                guard let self, let message = envelope.message else { return }
                connection.send(await answer(message), correlationID: envelope.correlationID)
            }
            return true
        case .heartbeat:
            if connection.received.count(where: { if case .heartbeat = $0.message { true } else { false } }) == 1 {
                sendAgain(over: connection)
            }
        case .ack(let ack) where ack.correlationID.hasPrefix("order-"):
            runs.withLock { $0[String(ack.correlationID.dropFirst("order-".count))]?.isAcknowledged = true }
        case .abortUpload(let runID, _):
            work.yield { [weak self] in await self?.abort(runID) }
        case .backupCompleted(let completed):
            end(completed.runID, envelope)
        case .jobUpdate(let update) where update.status == .failed || update.status == .cancelled:
            end(update.runID, envelope)
        case .restoreUpdate(let update) where update.status != .running:
            restores.withLock { $0[update.restoreID] = update }
        default: break
        }
        return false
    }

    private func end(_ runID: String, _ envelope: AgentEnvelope) {
        // Without a correlation id it is one that a server without `ack` gets; the message itself tells them apart.
        let id = envelope.correlationID.isEmpty ? "\(envelope.message.map { "\($0)" } ?? "")" : envelope.correlationID
        runs.withLock { $0[runID]?.ends[id] = envelope.message }
    }

    private func answer(_ message: AgentMessage) async -> ServerMessage {
        switch message {
        case .partURLsRequest(let request): partURLs(request)
        case .completeUpload(let request): await complete(request)
        case .downloadURLRequest(let runID, _): download(runID)
        default: .ping(timeMilliseconds: 0)
        }
    }

    private func partURLs(_ request: PartURLsRequest) -> ServerMessage {
        guard let run = run(request.runID), let id = run.uploadID, run.end == nil,
            let key = try? ObjectKey(run.request.upload.objectKey)
        else { return .partURLs(PartURLs(runID: request.runID, error: "there is no such run")) }
        let numbers = Int(request.firstNumber)..<Int(request.firstNumber + request.count)
        return .partURLs(PartURLs(runID: request.runID, parts: numbers.map { part(key, id, $0) }))
    }

    private func part(_ key: ObjectKey, _ uploadID: String, _ number: Int) -> PartURL {
        let part = store.presignedPart(key, uploadID, number: number, lifetime: .seconds(900), at: Date())
        return PartURL(number: UInt32(number), url: part.url.url, expiresAtMilliseconds: 0)
    }

    private func complete(_ request: CompleteUpload) async -> ServerMessage {
        guard let run = run(request.runID), let id = run.uploadID else {
            return .uploadResult(UploadResult(runID: request.runID, isOK: false, error: "there is no such run"))
        }
        do {
            let key = try ObjectKey(run.request.upload.objectKey)
            let parts = request.parts.map {
                UploadedPartInfo(number: Int($0.number), etag: $0.etag, size: $0.sizeBytes)
            }
            // Asked again, it answers the same again.
            let size: UInt64
            if let stored = run.storedSize {
                size = stored
            } else {
                size = try await store.completeUpload(key, id, parts: parts)
            }
            runs.withLock { $0[request.runID]?.storedSize = size }
            let url = try download(run)
            return .uploadResult(UploadResult(runID: request.runID, isOK: true, sizeBytes: size, download: url))
        } catch {
            return .uploadResult(UploadResult(runID: request.runID, isOK: false, error: "\(error)"))
        }
    }

    private func download(_ runID: String) -> ServerMessage {
        guard let run = run(runID), let url = try? download(run) else {
            return .downloadURL(nil, error: "there is no such run")
        }
        return .downloadURL(url, error: "")
    }

    private func abort(_ runID: String) async {
        guard let run = run(runID), let id = run.uploadID else { return }
        do {
            let key = try ObjectKey(run.request.upload.objectKey)
            try await store.abortUpload(key, id)
            if run.storedSize != nil { try await store.delete(key) }
            runs.withLock { $0[runID]?.wasAborted = true }
        } catch {
            peer.complain("an upload could not be aborted: \(error)")
        }
    }
}
