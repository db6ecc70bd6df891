import BackupCore
import BackupState
import BackupTestSupport
import Foundation
import Testing

/// Disks that are full or can't be written. They are mounted, so these tests need root.
@Suite(.serialized) struct DiskTests {
    /// Runs `body` on a disk of its own; where none can be mounted, says so.
    private func onDisk(kibibytes: Int, _ body: (String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let mounted = try TestProcess.run(
            "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(kibibytes)k", "backupy-test", folder.path])
        guard mounted.status == 0 else {
            print("skipped: no disk can be mounted here: \(mounted.errors)")
            return
        }
        do {
            try await body(folder.path)
        } catch {
            try TestProcess.run("/usr/bin/umount", ["-l", folder.path])
            throw error
        }
        try TestProcess.run("/usr/bin/umount", ["-l", folder.path])
    }

    private func fill(_ path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        for size in [65536, 4096, 512] {
            while (try? file.write(contentsOf: Data(count: size))) != nil {}
        }
    }

    @Test func aFullDiskFailsTheChangeAndLosesNothing() async throws {
        try await onDisk(kibibytes: 8192) { disk in
            var written: [String: [UInt8]] = [:]
            let store = try await StateStore.open(directory: disk + "/state", key: agentKey)
            let ballast = disk + "/ballast"
            // As much as a checkpoint needs, which copies the log into the database.
            try Data(count: 5_000_000).write(to: URL(filePath: ballast))
            var failure: StateError?
            for number in 0..<2000 where written.count == number {
                let value = StoreBytes.noise(20_000, seed: UInt64(number + 1))
                do {
                    try await store.put(.queue, "\(number)", value)
                    written["\(number)"] = value
                } catch {
                    failure = error as? StateError
                }
            }
            #expect(failure == .diskFull(disk + "/state/state.db") && failure?.recovery == .retry)
            #expect(written.count > 20)
            #expect(try await store.values(.queue) == written)
            #expect(try await store.size(.queue).entries == written.count)

            try FileManager.default.removeItem(atPath: ballast)
            try await store.put(.queue, "after", [1])
            written["after"] = [1]
            await store.close()
            let kept = try await withState(disk + "/state") { try await $0.values(.queue) }
            #expect(kept == written)
        }
    }

    @Test func aDiskThatIsFullAtTheStart() async throws {
        try await onDisk(kibibytes: 1024) { disk in
            try await withState(disk + "/state") { try await $0.put(.config, "k", [1]) }
            try fill(disk + "/other")
            #expect(await refusal(disk + "/state") == "state.disk_full")
            #expect(await refusal(disk + "/new") == "state.disk_full")
            try FileManager.default.removeItem(atPath: disk + "/other")
            let kept = try await withState(disk + "/state") { try await $0.get(.config, "k") }
            #expect(kept == [1])
            #expect(await refusal(disk + "/new") == nil)
        }
    }

    @Test func aReadOnlyDiskNamesTheUser() async throws {
        try await onDisk(kibibytes: 1024) { disk in
            let store = try await StateStore.open(directory: disk + "/state", key: agentKey)
            try await store.put(.config, "k", [1])
            await store.close()
            let remounted = try TestProcess.run("/usr/bin/mount", ["-o", "remount,ro", disk])
            #expect(remounted.status == 0)
            await #expect(
                throws: StateError.notWritable(disk + "/state", uid: geteuid(), reason: "Read-only file system")
            ) {
                try await withState(disk + "/state") { _ in }
            }
            await #expect(throws: StateError.self) { try await withState(disk + "/new") { _ in } }
        }
    }

    @Test func aDirectoryThatIsAFile() async throws {
        let folder = try TemporaryFolder()
        _ = FileManager.default.createFile(atPath: folder("state"), contents: Data("x".utf8))
        #expect(await refusal(folder("state")) == "state.not_writable")
    }
}
