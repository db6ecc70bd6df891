import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// Backups that wait on a disk for their length to be known.
@Suite struct SpoolTests {
    private func put(_ bytes: [UInt8], _ spool: SpoolSettings, failure: (any Error)? = nil) async throws {
        let transport = try PresignedTests.transport()
        do {
            // Nobody listens there: what fails in these tests fails before, or at this.
            let url = PresignedURL(Secret("http://127.0.0.1:1/bucket/key?X-Amz-Signature=1"))
            let store = try PresignedPutStore(url, spool: spool, transport: transport)
            _ = try await store.put(
                PresignedTests.key, from: StoreBytes.stream(bytes, failure: failure), sizeHint: nil)
            await transport.close()
        } catch {
            await transport.close()
            throw error
        }
    }

    @Test func nothingStaysOnTheDiskHoweverItEnds() async throws {
        struct Failure: Error {}
        let folder = try TemporaryFolder()
        let spool = SpoolSettings(directory: folder.path)
        await #expect(throws: Failure.self) { try await put([1, 2, 3], spool, failure: Failure()) }
        #expect(folder.files() == [])
        await #expect { try await put([1, 2, 3], spool) } throws: {
            ($0 as? StorageError)?.code == "storage.unreachable"
        }
        #expect(folder.files() == [])
        var small = spool
        small.largestObject = 2
        await #expect { try await put([1, 2, 3], small) } throws: {
            ($0 as? StorageError)?.code == "storage.over_limit"
        }
        #expect(folder.files() == [])
        let missing = SpoolSettings(directory: folder("missing"))
        await #expect { try await put([1], missing) } throws: { ($0 as? StorageError)?.code == "storage.file_system" }
    }

    @Test func theFileHasNoNameWhileItGrows() async throws {
        let folder = try TemporaryFolder()
        let transport = try PresignedTests.transport()
        let (stream, continuation) = AsyncThrowingStream<ByteBlock, any Error>.makeStream()
        continuation.yield(ByteBlock(StoreBytes.noise(100_000)))
        let store = try PresignedPutStore(
            PresignedURL(Secret("http://127.0.0.1:1/x")), spool: SpoolSettings(directory: folder.path),
            transport: transport)
        let task = Task { try await store.put(PresignedTests.key, from: stream, sizeHint: nil) }
        try await eventually("bytes are in a file of the folder") { Self.open(in: folder.path).contains(100_000) }
        #expect(folder.files() == [])
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await eventually("the file is gone") { Self.open(in: folder.path).isEmpty }
        await transport.close()
    }

    /// The sizes of this process's open files in `directory`, those without a name too.
    private static func open(in directory: String) -> [Int] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.compactMap { number in
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            var status = stat()
            guard link?.hasPrefix(directory) == true, let descriptor = Int32(number), fstat(descriptor, &status) == 0
            else { return nil }
            return Int(status.st_size)
        }
    }

    @Test func whatAKilledProcessLeftIsSweptAndNothingElse() throws {
        let folder = try TemporaryFolder()
        for name in ["3x.spool", "state.db"] { try Data([1]).write(to: URL(filePath: folder(name))) }
        try SpoolSettings(directory: folder.path).sweep()
        #expect(folder.files().map { URL(filePath: $0).lastPathComponent } == ["state.db"])
    }

    @Test func aDiskIsNotFilled() async throws {
        let here = try TemporaryFolder()
        var spool = SpoolSettings(directory: here.path)
        spool.reserve = .max
        await #expect { try await put([1], spool) } throws: { ($0 as? StorageError)?.code == "storage.spool_full" }
        #expect(here.files() == [])

        let folder = try TemporaryFolder()
        let mounted = try TestProcess.run("/bin/mount", ["-t", "tmpfs", "-o", "size=40m", "none", folder.path])
        guard mounted.status == 0 else {
            print("skipped: only root can mount a small disk (\(mounted.errors))")
            return
        }
        defer { _ = try? TestProcess.run("/bin/umount", [folder.path]) }
        spool = SpoolSettings(directory: folder.path)
        spool.reserve = 1 << 20
        let error = await #expect(throws: StorageError.self) { try await put(StoreBytes.noise(60 << 20), spool) }
        #expect(error?.code == "storage.spool_full" && error?.recovery == .userAction)
        #expect(folder.files() == [])
        // Something smaller still fits: all of the space came back.
        await #expect { try await put(StoreBytes.noise(10 << 20), spool) } throws: {
            ($0 as? StorageError)?.code == "storage.unreachable"
        }
    }
}
