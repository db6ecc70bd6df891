import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Testing

@Suite struct SecretFileTests {
    /// Files that are made at the same time don't take each other for leftovers.
    @Test func manyAtOnce() async throws {
        let folder = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    try await BlockingThread.run("test") {
                        for number in 0..<200 {
                            let text = "\(worker) \(number)"
                            let file = try SecretFile(text, in: folder.path)
                            let mode =
                                try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
                            guard try mode == 0o600 && String(contentsOfFile: file.path, encoding: .utf8) == text else {
                                throw TestFailure("the file is not as it was written")
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(folder.files().isEmpty)
    }

    @Test func whatAKilledProcessHasLeftIsRemoved() throws {
        let folder = try TemporaryFolder()
        let old = folder(".backupy-settings-old")
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: false)
        #expect(FileManager.default.createFile(atPath: old + "/settings", contents: Data("secret".utf8)))
        _ = try SecretFile("new", in: folder.path)
        #expect(!FileManager.default.fileExists(atPath: old))
    }
}
