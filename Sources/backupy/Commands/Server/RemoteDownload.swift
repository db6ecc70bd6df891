internal import BackupCore
internal import BackupPipeline
internal import BackupStorage

/// A backup's object, fetched from the store to which a server gives a URL.
struct RemoteDownload: Sendable {
    let run: String
    /// The file to write; must not exist.
    let path: String
    /// For the token that opens it; nil for none. Must not exist.
    let tokenPath: String?

    private struct Result: Encodable {
        let run: JSONValue
        let file: String
        let decryptionToken: String?
    }

    /// Fetches it, and prints what is there then.
    func run(_ login: Login, output: OutputOptions) async throws {
        let progress = Progress()
        let document = try await Session.run(progress, output: output) {
            try await ServerClient.with(login) { server in
                let document: JSONValue = try await server.get("/runs/\(run)")
                try await fetch(document, server, login, progress)
                return document
            }
        }
        if output.json {
            try Console.print(json: Result(run: document, file: path, decryptionToken: tokenPath))
        } else {
            try Console.print(lines: lines(document))
        }
    }

    private func fetch(
        _ document: JSONValue, _ server: ServerClient, _ login: Login, _ progress: Progress
    ) async throws {
        guard let key = document["object_key"]?.text, let size = document["size_bytes"]?.integer, size >= 0 else {
            throw RemoteError.precondition(reason: "run \(run) has no backup")
        }
        let object = DescribedDownload(
            id: run, objectKey: try ObjectKey(key), size: UInt64(size), sha256: document["sha256"]?.text)
        var settings = TransportSettings()
        settings.additionalCAFile = login.caFile
        let transport = try PresignedTransport(settings, allowsInsecure: false)
        let outcome: Swift.Result<Void, any Error>
        do {
            let store = try PresignedGetStore(nil, transport: transport) { try await url(server) }
            try await OutputFile.write(path) { file in
                try await object.run(from: store, into: file, progress: progress)
                // Before the file counts: who asked for both does not get one of them.
                try await writeToken(server)
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await transport.close()
        try outcome.get()
    }

    private func url(_ server: ServerClient) async throws -> PresignedURL {
        let answer: JSONValue = try await server.get("/runs/\(run)/download-url")
        guard let url = answer["url"]?.text else { throw RemoteError.unexpectedAnswer(server.server) }
        return PresignedURL(Secret(url))
    }

    private func writeToken(_ server: ServerClient) async throws {
        guard let tokenPath else { return }
        let answer: JSONValue = try await server.post("/runs/\(run)/decryption-token", [String: String]())
        guard let token = answer["token"]?.text else { throw RemoteError.unexpectedAnswer(server.server) }
        try PrivateFile.create(tokenPath, text: token + "\n")
    }

    private func lines(_ document: JSONValue) -> [String] {
        let size = document["size_bytes"]?.integer.map { Quantity.bytes(UInt64(max(0, $0))) } ?? ""
        let way = tokenPath.map { "--token-file \($0)" } ?? "--identity FILE"
        let opening = ["  open it  backupy-decrypt \(way) --in \(path) --out \(run).dump"]
        return ["Downloaded the backup of run \(run) to \(path): \(size), as the server says"]
            + (document["is_encrypted"]?.bool == true ? opening : [])
    }
}
