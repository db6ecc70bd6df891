internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Answers agents' questions about the uploads of their runs. A run that is not live gets no more URLs.
struct Uploads: Sendable {
    /// Of one answer.
    private static let largestBatch = 64

    let stores: DispatchStores
    let orders: RunOrders
    let endings: RunEndings
    let logger: Logger

    private struct Open {
        let run: RunRecord
        let key: ObjectKey
        let uploadID: String
        let target: any UploadTarget
    }

    func partURLs(_ request: PartURLsRequest, _ agent: AgentRecord.ID) async throws -> ServerMessage {
        guard let open = try await open(request.runID, agent) else {
            return .partURLs(PartURLs(runID: request.runID, error: Self.refusal))
        }
        let first = Int(request.firstNumber)
        let last = min(first + min(Int(request.count), Self.largestBatch) - 1, open.target.limits.maxParts)
        guard first >= 1, first <= last else {
            return .partURLs(PartURLs(runID: request.runID, error: "there are no such parts"))
        }
        let now = Date()
        let parts = (first...last).map { orders.part($0, open.key, open.uploadID, in: open.target, at: now) }
        return .partURLs(PartURLs(runID: request.runID, parts: parts))
    }

    /// Makes an object of the parts. Asked again, it gives the same answer again.
    func complete(_ request: CompleteUpload, _ agent: AgentRecord.ID) async throws -> ServerMessage {
        guard let open = try await open(request.runID, agent) else {
            return .uploadResult(UploadResult(runID: request.runID, isOK: false, error: Self.refusal))
        }
        let parts = request.parts.map {
            UploadedPartInfo(number: Int($0.number), etag: $0.etag, size: $0.sizeBytes)
        }
        do {
            guard parts.count <= open.target.limits.maxParts, Self.size(of: parts) == request.sizeBytes else {
                throw DispatchError.sizeMismatch(reported: request.sizeBytes, stored: 0)
            }
            let size = try await open.target.complete(open.key, open.uploadID, parts: parts)
            guard size == request.sizeBytes else {
                throw DispatchError.sizeMismatch(reported: request.sizeBytes, stored: size)
            }
            let url = try await orders.download(open.run, at: Date())
            return .uploadResult(UploadResult(runID: request.runID, isOK: true, sizeBytes: size, download: url))
        } catch {
            logger.error("an upload can't be completed", metadata: ["run_id": "\(request.runID)", "error": "\(error)"])
            let text = (error as? any BackupError)?.message ?? "the store did not make an object of the parts"
            return .uploadResult(UploadResult(runID: request.runID, isOK: false, error: text))
        }
    }

    /// - Returns: nil for more than can be counted.
    private static func size(of parts: [UploadedPartInfo]) -> UInt64? {
        var sum: UInt64 = 0
        for part in parts {
            let (next, isTooMuch) = sum.addingReportingOverflow(part.size)
            guard !isTooMuch else { return nil }
            sum = next
        }
        return sum
    }

    /// The agent gives up what it has uploaded: of a run that goes on, its parts; of one that has ended, all.
    func abort(_ runID: String, _ agent: AgentRecord.ID) async throws {
        guard let id = try? BackupID(runID), let run = try await stores.runs.run(id), run.agentID == agent,
            run.status != .success
        else { return }
        if run.status.isLive { endings.abandonUpload(of: run) } else { endings.clear(run) }
    }

    /// To read what a run has stored: for the run itself, or for a restore of it by this agent.
    func download(_ runID: String, _ restoreID: String, _ agent: AgentRecord.ID) async throws -> ServerMessage {
        guard let id = try? BackupID(runID), let run = try await stores.runs.run(id), run.deletedAt == nil,
            !run.objectKey.isEmpty, try await mayRead(run, restoreID, agent)
        else { return .downloadURL(nil, error: Self.refusal) }
        return .downloadURL(try await orders.download(run, at: Date()), error: "")
    }

    private func mayRead(_ run: RunRecord, _ restoreID: String, _ agent: AgentRecord.ID) async throws -> Bool {
        guard !restoreID.isEmpty else { return run.agentID == agent && run.status.isLive }
        guard let id = try? BackupID(restoreID), let restore = try await stores.runs.restore(id) else { return false }
        return restore.agentID == agent && restore.runID == run.id && restore.status.isLive
    }

    private func open(_ runID: String, _ agent: AgentRecord.ID) async throws -> Open? {
        guard let id = try? BackupID(runID), let run = try await stores.runs.run(id), run.agentID == agent,
            run.status.isLive, let uploadID = run.uploadID
        else { return nil }
        return Open(
            run: run, key: try ObjectKey(run.objectKey), uploadID: uploadID,
            target: try await orders.storage.target(run.storageID))
    }

    private static let refusal = "there is no such run, or it has ended"
}
