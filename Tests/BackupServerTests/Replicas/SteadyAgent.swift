import BackupCore
import BackupTestSupport
import BackupWire
import Crypto
import Foundation

/// An agent that remembers its runs, as the real one does on disk, and comes back to any replica when its own is gone.
actor SteadyAgent {
    private static let content = "what a database holds\n"
    private static let contentSHA256 = SHA256.hash(data: Array(content.utf8))
        .map { String(0x100 | Int($0), radix: 16).dropFirst() }.joined()

    private enum Phase: Equatable {
        case working(until: ContinuousClock.Instant)
        case put(etag: String)
        case stored
        case done
    }

    private struct Work {
        let order: RunBackup
        var phase: Phase
    }

    let id: String
    private let key: String
    private let ports: [Int]
    private var work: [String: Work] = [:]
    /// What was said on this connection, and needs no saying again.
    private var said: Set<String> = []
    private(set) var orders: [String: Int] = [:]
    private(set) var refusals: [String] = []
    private(set) var sessions = 0

    init(id: String, key: String, ports: [Int]) {
        self.id = id
        self.key = key
        self.ports = ports
    }

    /// The runs that it has made, and whose end was acknowledged.
    var done: Set<String> { Set(work.filter { $0.value.phase == .done }.keys) }

    var isIdle: Bool { work.values.allSatisfy { $0.phase == .done } }

    func live() async {
        while !Task.isCancelled {
            if let port = ports.randomElement() {
                do { try await serve(port) } catch { refusals.append("\(error)") }
            }
            // As a real one's first wait, but shorter.
            try? await Task.sleep(for: .milliseconds(.random(in: 50...500)))
        }
    }

    private func serve(_ port: Int) async throws {
        // A replica that is dead just now is no news.
        guard FreePort.isOpen(port) else { return }
        let connection = try await ScriptedAgent(port: port, key: key, isSecure: false)
        defer { connection.hangUp() }
        said = []
        var registration = Registration()
        registration.agentVersion = "1.0"
        registration.capabilities = [.ack, .multipart, .validate, .formatV2, .cancelRun]
        connection.send(.register(registration), correlationID: "register")
        let opened = ContinuousClock.now
        var next = 0
        var lastBeat = opened - .seconds(60)
        while connection.isOpen, !Task.isCancelled {
            let received = connection.received
            for envelope in received[next...] { took(envelope, connection) }
            next = received.count
            if connection.registerAck != nil {
                if said.insert("registered").inserted { sessions += 1 }
                for run in work.keys.sorted() { await goOn(run, port, connection) }
                if lastBeat + .seconds(5) < .now {
                    lastBeat = .now
                    beat(connection)
                }
            } else if opened + .seconds(20) < .now {
                throw TestFailure("the registration is not answered")
            }
            try? await Task.sleep(for: .milliseconds(30))
        }
    }

    private func beat(_ connection: ScriptedAgent) {
        var heartbeat = Heartbeat()
        heartbeat.activeJobIDs = work.values.filter { $0.phase != .done }.map(\.order.jobID)
        connection.send(.heartbeat(heartbeat))
    }

    private func took(_ envelope: ServerEnvelope, _ connection: ScriptedAgent) {
        switch envelope.message {
        case .runBackup(let order):
            orders[order.runID, default: 0] += 1
            if work[order.runID] == nil {
                let end = ContinuousClock.now + .milliseconds(.random(in: 0...1500))
                work[order.runID] = Work(order: order, phase: .working(until: end))
            }
            connection.send(.ack(Acknowledgement(correlationID: envelope.correlationID)))
        case .uploadResult(let result):
            if case .put? = work[result.runID]?.phase {
                if result.isOK { work[result.runID]?.phase = .stored } else { refusals.append(result.error) }
            }
        case .ack(let ack):
            let words = ack.correlationID.split(separator: "/")
            if words.count == 2, words[0] == "done" { work[String(words[1])]?.phase = .done }
        default: break
        }
    }

    private func goOn(_ run: String, _ port: Int, _ connection: ScriptedAgent) async {
        guard let now = work[run], now.phase != .done else { return }
        if said.insert("began/\(run)").inserted {
            var update = JobUpdate()
            update.jobID = now.order.jobID
            update.runID = run
            update.status = .running
            connection.send(.jobUpdate(update))
        }
        switch now.phase {
        case .working(let end):
            guard end < .now, let part = now.order.multipart?.parts.first,
                let etag = await put(part.url.revealed, port)
            else { return }
            work[run]?.phase = .put(etag: etag)
        case .put(let etag):
            guard said.insert("put/\(run)").inserted else { return }
            let part = UploadedPart(number: 1, etag: etag, sizeBytes: UInt64(Self.content.utf8.count))
            connection.send(
                .completeUpload(CompleteUpload(runID: run, parts: [part], sizeBytes: part.sizeBytes)),
                correlationID: "put/\(run)")
        case .stored:
            guard said.insert("done/\(run)").inserted else { return }
            connection.send(.backupCompleted(completed(now.order)), correlationID: "done/\(run)")
        case .done: break
        }
    }

    /// Whichever replica is there takes it, as behind a balancer.
    private func put(_ url: String, _ port: Int) async -> String? {
        guard var parts = URLComponents(string: url) else { return nil }
        parts.port = port
        return try? await ReplicaCall.put(parts.string ?? url, Self.content)
    }

    private func completed(_ order: RunBackup) -> BackupCompleted {
        var completed = BackupCompleted()
        completed.jobID = order.jobID
        completed.runID = order.runID
        completed.objectKey = order.upload.objectKey
        completed.sizeBytes = UInt64(Self.content.utf8.count)
        completed.sha256 = Self.contentSHA256
        completed.durationMilliseconds = 1
        completed.compression = "none"
        completed.dumpSizeBytes = completed.sizeBytes
        completed.validated = order.validation
        return completed
    }
}
