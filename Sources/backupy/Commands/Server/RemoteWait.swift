internal import BackupCore
internal import Glibc

/// Waits for the end of a run or a restore, and shows how it goes.
struct RemoteWait {
    /// Longer than any deadline that a server gives a run.
    static let longest = Duration.seconds(7 * 24 * 3600)

    let server: ServerClient
    let output: OutputOptions

    /// Asks every second, more seldom after a minute. A server that is away for a moment is asked again.
    /// - Returns: its document, once it is over.
    func end(of path: String) async throws -> JSONValue {
        let began = ContinuousClock.now
        defer { if output.showsProgress { Console.show("\r\u{1B}[K") } }
        var failures = 0
        while ContinuousClock.now - began < Self.longest {
            do {
                let document: JSONValue = try await server.get(path)
                failures = 0
                let text = RunText(document)
                guard text.isLive else { return document }
                if output.showsProgress {
                    Console.show("\r" + VisibleText.of(text.progress(after: .now - began)) + "\u{1B}[K")
                }
            } catch let error as RemoteError where error.recovery == .retry && failures < 60 {
                failures += 1
            }
            try await Task.sleep(for: ContinuousClock.now - began < .seconds(60) ? .seconds(1) : .seconds(5))
        }
        throw RemoteError.timedOut(server.server)
    }
}
