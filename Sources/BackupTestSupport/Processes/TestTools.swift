internal import Foundation

/// Where the tests find programs that are not Debian's: `BACKUPY_TEST_TOOLS/bin`, else PATH.
package enum TestTools {
    /// - Throws: ``TestFailure`` that says how to get it.
    package static func path(_ name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let tools = environment["BACKUPY_TEST_TOOLS"].map { ["\($0)/bin"] } ?? []
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = tools + [packageRoot + "/.tools/venv/bin"] + path
        guard let found = places.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
            throw TestFailure("\(name) was not found: script/setup installs it")
        }
        return found
    }

    /// The directory with Package.swift.
    package static var packageRoot: String {
        URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").replacing("//", with: "/")
    }

    /// A product of this package, beside the test bundle.
    package static func product(_ name: String) throws -> String {
        let here = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        for directory in [here, packageRoot + "/.build/debug"] {
            let path = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw TestFailure("\(name) is not built")
    }
}

/// A fixture that can't do its work.
package struct TestFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Waits for a state, with a deadline.
/// - Throws: ``TestFailure`` when it has not come by then.
package func eventually(
    _ what: String, within deadline: Duration = .seconds(20), _ isReached: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + deadline
    while try await !isReached() {
        guard .now < end else { throw TestFailure("not within \(deadline): \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
