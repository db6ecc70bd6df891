internal import BackupCore
internal import FoundationEssentials
internal import Synchronization

/// The version of the Docker Engine API that an engine and this program both speak, asked once.
///
/// Engines refuse versions that are too old for them, 29 those before 1.44, and paths without a version are to go away.
final class DockerAPI: Sendable {
    /// Of what is used here ("Exec"), nothing has changed in between.
    static let known: ClosedRange<Version> = Version(minor: 40)...Version(minor: 47)

    struct Version: Comparable, Sendable, CustomStringConvertible {
        var major = 1
        let minor: Int

        init(minor: Int) { self.minor = minor }

        /// `1.41`; nil when it is none.
        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
            (self.major, self.minor) = (major, minor)
        }

        static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
        var description: String { "\(major).\(minor)" }
    }

    /// What `GET /version` says, the one path that never has a version.
    struct Answer: Decodable {
        let newest: String
        /// Podman's and very old engines say none.
        let oldest: String?

        private enum CodingKeys: String, CodingKey {
            case newest = "ApiVersion"
            case oldest = "MinAPIVersion"
        }
    }

    private let agreed = Mutex<Version?>(nil)

    func forget() { agreed.withLock { $0 = nil } }

    /// `/v1.47`. For blocking threads.
    /// - Throws: what `ask` throws; ``DriverError/dockerFailed(_:)`` when there is no version that both speak.
    func prefix(_ ask: () throws -> Answer) throws -> String {
        if let version = agreed.withLock({ $0 }) { return "/v\(version)" }
        let answer = try ask()
        let oldest = answer.oldest.flatMap { Version($0) } ?? Self.known.lowerBound
        guard let newest = Version(answer.newest), oldest <= Self.known.upperBound, newest >= Self.known.lowerBound
        else {
            throw DriverError.dockerFailed(
                "it speaks API \(answer.oldest.map { "\($0) to " } ?? "")\(answer.newest), and Backupy \(Self.known.lowerBound) to \(Self.known.upperBound)"
            )
        }
        let version = min(newest, Self.known.upperBound)
        agreed.withLock { $0 = version }
        return "/v\(version)"
    }
}
