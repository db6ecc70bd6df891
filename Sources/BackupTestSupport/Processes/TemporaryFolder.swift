internal import Foundation

/// A directory of a test's own, removed with the last reference.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Parameter mode: 0755 where another user's process works in it.
    package init(mode: Int = 0o700) throws {
        let place = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        path = "\(place)/backupy-test-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Every file below, as paths from here, sorted.
    package func files() -> [String] {
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }
        .sorted()
    }
}
