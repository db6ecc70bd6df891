internal import AsyncHTTPClient
internal import BackupCore
internal import BackupWire
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Makes runs whose backup is 13 bytes: acknowledges the order, puts the bytes, completes the upload, and says so until the
/// server has acknowledged it.
///
/// Memory: a few hundred bytes for each run that is under way, 16 for each that is done.
final class StoringWork: RunWork {
    struct Counts: Sendable {
        /// From the call until the order had arrived.
        var arrivals: [Duration] = []
        var held = 0
        var completed = 0
        var failures: [String: Int] = [:]
        var lastCompleted: ContinuousClock.Instant?
    }

    private struct State {
        var counts = Counts()
        /// When a job's run was asked for.
        var asked: [String: ContinuousClock.Instant] = [:]
        /// Runs that have arrived.
        var orders: [String: RunBackup] = [:]
        /// Those that wait for ``release()``.
        var held: [(String, LoadAgent)] = []
        var isHolding: Bool
    }

    private static let content = "backupy-load\n"
    private static let contentSHA256 = "fb4e1ed618448a70711ed6e92fe02a8830fc5a44465029c708601e18ced7aaa3"

    private let client: HTTPClient
    private let state: Mutex<State>

    /// - Parameter holding: whether runs wait for ``release()`` once they have arrived.
    init(client: HTTPClient, holding: Bool) {
        self.client = client
        state = Mutex(State(isHolding: holding))
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// To be called right before the API is asked for a run.
    func willAsk(job: String) { state.withLock { $0.asked[job] = .now } }

    /// Lets the runs go that have arrived, and all that come.
    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for (runID, agent) in held { make(runID, agent) }
    }

    /// Lets the next runs wait again.
    func hold() {
        state.withLock { state in
            state.isHolding = true
            state.counts.held = 0
        }
    }

    // MARK: From the agents

    func ordered(_ order: RunBackup, _ correlationID: String, _ agent: LoadAgent) {
        let now = ContinuousClock.now
        let isToBeMade = state.withLock { state in
            // Sent twice, it is one run.
            guard state.orders.updateValue(order, forKey: order.runID) == nil else { return false }
            if let asked = state.asked.removeValue(forKey: order.jobID) { state.counts.arrivals.append(now - asked) }
            if state.isHolding {
                state.held.append((order.runID, agent))
                state.counts.held += 1
            }
            return !state.isHolding
        }
        agent.send(.ack(Acknowledgement(correlationID: correlationID)), correlationID: correlationID)
        if isToBeMade { make(order.runID, agent) }
    }

    func stored(_ result: UploadResult, _ agent: LoadAgent) {
        guard result.isOK else { return failed("the upload was refused: \(result.error)", result.runID) }
        complete(result.runID, agent)
    }

    func acknowledged(_ correlationID: String) {
        guard correlationID.hasPrefix("done-") else { return }
        state.withLock { state in
            guard state.orders.removeValue(forKey: String(correlationID.dropFirst("done-".count))) != nil else {
                return
            }
            state.counts.completed += 1
            state.counts.lastCompleted = .now
        }
    }

    // MARK: The steps

    private func order(_ runID: String) -> RunBackup? { state.withLock { $0.orders[runID] } }

    private func make(_ runID: String, _ agent: LoadAgent) {
        guard let order = order(runID) else { return }
        let url = order.multipart?.parts.first?.url ?? order.upload.url
        do {
            var request = try HTTPClient.Request(
                url: url.revealed, method: .PUT, body: .string(Self.content))
            if order.multipart == nil {
                for (name, value) in order.upload.headers { request.headers.add(name: name, value: value) }
            }
            client.execute(request: request, deadline: .now() + .seconds(60)).whenComplete { result in
                switch result {
                case .failure(let error): self.failed("a PUT failed: \(error)", runID)
                case .success(let response) where response.status == .ok:
                    self.put(order, etag: response.headers.first(name: "ETag") ?? "", agent)
                case .success(let response): self.failed("a PUT ended with status \(response.status.code)", runID)
                }
            }
        } catch {
            failed("a PUT failed: \(error)", runID)
        }
    }

    private func put(_ order: RunBackup, etag: String, _ agent: LoadAgent) {
        guard order.multipart != nil else { return complete(order.runID, agent) }
        let part = UploadedPart(number: 1, etag: etag, sizeBytes: UInt64(Self.content.utf8.count))
        agent.send(
            .completeUpload(CompleteUpload(runID: order.runID, parts: [part], sizeBytes: part.sizeBytes)),
            correlationID: "put-\(order.runID)")
    }

    private func complete(_ runID: String, _ agent: LoadAgent) {
        guard let order = order(runID) else { return }
        var completed = BackupCompleted()
        completed.jobID = order.jobID
        completed.runID = runID
        completed.objectKey = order.upload.objectKey
        completed.sizeBytes = UInt64(Self.content.utf8.count)
        completed.sha256 = Self.contentSHA256
        completed.durationMilliseconds = 1
        completed.keyID = order.keyID
        completed.encryptedKey = order.key.revealed
        completed.compression = "none"
        completed.engineVersion = "PostgreSQL 16.2"
        completed.dumpSizeBytes = completed.sizeBytes
        completed.validated = order.validation
        agent.send(.backupCompleted(completed), correlationID: "done-\(runID)")
    }

    private func failed(_ reason: String, _ runID: String) {
        state.withLock { state in
            state.orders[runID] = nil
            let known = state.counts.failures[reason] != nil || state.counts.failures.count < 32
            state.counts.failures[known ? reason : "others", default: 0] += 1
        }
    }
}
