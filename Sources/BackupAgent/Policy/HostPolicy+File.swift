internal import BackupCore
internal import FoundationEssentials
internal import Glibc

extension HostPolicy {
    /// Bytes. A policy is a page of text.
    static let largestFile = 256 << 10

    /// From the file that `BACKUPY_POLICY_FILE` names.
    ///
    /// A policy that isn't understood in every word stops the start: ignoring it would allow what its author meant to forbid.
    /// - Throws: ``AgentError/policyUnreadable(_:reason:)``, ``AgentError/policyInvalid(_:reason:)``.
    package init(file path: String) throws(AgentError) {
        let bytes = try Self.contents(of: path)
        if let name = RepeatedNames.first(in: bytes) {
            throw .policyInvalid(path, reason: "'\(name)' is there twice, or has an escape in it")
        }
        do {
            self = try JSONDecoder().decode(PolicyDocument.self, from: Data(bytes)).policy
        } catch let error as PolicyDocument.Problem {
            throw .policyInvalid(path, reason: error.reason)
        } catch let error as DecodingError {
            throw .policyInvalid(path, reason: Self.reason(error))
        } catch {
            throw .policyInvalid(path, reason: "it is not JSON")
        }
    }

    private static func contents(of path: String) throws(AgentError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .policyUnreadable(path, reason: SystemMessage.of(errno)) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: largestFile + 1)
        var size = 0
        while size < bytes.count {
            let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress?.advanced(by: size), $0.count - size) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .policyUnreadable(path, reason: SystemMessage.of(errno)) }
            if count == 0 { break }
            size += count
        }
        guard size <= largestFile else { throw .policyUnreadable(path, reason: "it has more than 256 KiB") }
        return Array(bytes[..<size])
    }

    private static func reason(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }.joined()
            return path.isEmpty ? "the document" : "'\(path.hasPrefix(".") ? String(path.dropFirst()) : path)'"
        }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context)) has a value of the wrong kind"
        case .keyNotFound(let key, let context): return "\(place(context, key)) is missing"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: return "it is not JSON"
        case .dataCorrupted(let context): return "\(place(context)) has a wrong value"
        @unknown default: return "it is not of the right form"
        }
    }
}
