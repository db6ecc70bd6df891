internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// Asks the control plane for the addresses of one run's upload.
///
/// It outlives connections: a question waits for the next one, up to ``patience``.
struct LinkUploadBroker: UploadBroker {
    /// A control plane that is upgraded is away for minutes; a run must not be lost for that.
    static let patience = Duration.seconds(15 * 60)

    let run: RunBackup
    let link: any ControlLink
    let policy: HostPolicy
    /// Called before the parts become an object.
    let willComplete: @Sendable () async throws -> Void

    /// Those that came with the run, and are good for a while yet.
    var freshParts: [PresignedPart] {
        let limit = Date().unixMilliseconds + 60_000
        return (run.multipart?.parts ?? []).filter { $0.expiresAtMilliseconds == 0 || $0.expiresAtMilliseconds > limit }
            .map { PresignedPart($0) }
    }

    func partURLs(first: Int, count: Int) async throws -> [PresignedPart] {
        let question = PartURLsRequest(
            runID: run.runID, firstNumber: UInt32(clamping: first), count: UInt32(clamping: count))
        let answer = try await link.request(.partURLsRequest(question), within: Self.patience)
        guard case .partURLs(let urls) = answer else { throw RunError.unexpectedAnswer("a request for addresses") }
        guard urls.error.isEmpty, !urls.parts.isEmpty else { throw RunError.uploadRefused(urls.error) }
        // The first addresses may have been those of an allowed host, and these may not.
        for part in urls.parts { try policy.check(uploadTo: part.url) }
        return urls.parts.map { PresignedPart($0) }
    }

    func complete(parts: [UploadedPartInfo], size: UInt64) async throws -> CompletedUpload {
        try await willComplete()
        let uploaded = parts.map { part in
            UploadedPart(number: UInt32(clamping: part.number), etag: part.etag, sizeBytes: part.size)
        }
        let question = CompleteUpload(runID: run.runID, parts: uploaded, sizeBytes: size)
        let answer = try await link.request(.completeUpload(question), within: Self.patience)
        guard case .uploadResult(let result) = answer else { throw RunError.unexpectedAnswer("a completed upload") }
        guard result.isOK else { throw RunError.uploadRefused(result.error) }
        return CompletedUpload(size: result.sizeBytes, download: result.download.map { PresignedURL($0) })
    }

    /// Nothing yet: another attempt of the same run may go on with the same upload. Who ends the run aborts it.
    func abort(reason: String) async {}

    func downloadURL() async throws -> PresignedURL {
        let answer = try await link.request(
            .downloadURLRequest(runID: run.runID, restoreID: ""), within: Self.patience)
        guard case .downloadURL(let url, _) = answer else { throw RunError.unexpectedAnswer("a request to read back") }
        guard let url else { throw RunError.noDownload }
        return PresignedURL(url)
    }
}

extension PresignedPart {
    init(_ part: PartURL) {
        self.init(
            number: Int(part.number),
            url: PresignedURL(part.url, expires: Date(unixMilliseconds: part.expiresAtMilliseconds)))
    }
}

extension PresignedURL {
    init(_ download: DownloadURL) {
        self.init(download.url, expires: Date(unixMilliseconds: download.expiresAtMilliseconds))
    }

    init(_ upload: UploadCredentials) {
        self.init(upload.url, headers: upload.headers, expires: Date(unixMilliseconds: upload.expiresAtMilliseconds))
    }
}

extension Date {
    /// nil for 0, which on the wire is "not said".
    init?(unixMilliseconds: UInt64) {
        guard unixMilliseconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(unixMilliseconds) / 1000)
    }

    var unixMilliseconds: UInt64 { UInt64(max(timeIntervalSince1970, 0) * 1000) }
}
